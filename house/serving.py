"""`init` and `serve`: the instance made, and the centre started with everything that belongs to it."""

import secrets as randomness
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from callcenter.service.server import reachable, refuse_port_in_use
from callcenter.service.supervisor import supervise
from data.demo import load_demo
from data.instance import create_instance
from data.listings import print_demo
from house.instance import House
from house.premises import DEFAULT_HOST, DEFAULT_PORT
from pbx.exchange.plan import DEFAULT_SIP_PORT, NO_SIP, sip_address, speaks_sip
from pbx.sip.sockets import free_port
from voices.faults import CannotHear
from voices.vosk_models import examine


@click.command()
@click.pass_obj
def init(house: House) -> None:
    """Create the instance: secrets, database, demo data. What is there stays."""
    made = create_instance(house.home)
    migrated = house.database.migrate(house.clock())
    if migrated and house.store.read(lambda tx: tx.audit.head()) is None:
        house.anchors.create()  # an older version had neither a record of acts nor its anchors
    demo = load_demo(house.store, house.catalogue, house.secrets, lambda: randomness.token_urlsafe(9), house.clock())
    house.settings  # noqa: B018 - read now, so that a setting that will not do is told here
    click.echo(f"{'Created' if made else 'Found'} the activation centre in {house.home.absolute()}.")
    if migrated:
        click.echo(f"The database is up to date ({len(migrated)} migration{'s' if len(migrated) > 1 else ''} applied).")
    if demo.passwords or demo.contact_passwords:
        print_demo(demo)


@click.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port of the web server.")
@click.option(
    "--sip-port",
    "softphones",
    default=DEFAULT_SIP_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port for softphones; 0: a free one.",
)
@click.option("--no-exchange", is_flag=True, help="Without the local exchange: Twilio, or another, has the telephones.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, softphones: int, no_exchange: bool, workers: int) -> None:
    """Start everything; creates what is missing."""
    refuse_port_in_use(host, port)
    try:
        sip = free_port(host, softphones) if speaks_sip() and not no_exchange else None
    except OSError as fault:
        raise click.ClickException(str(fault.strerror)) from None
    ctx.invoke(init)
    house: House = ctx.obj
    house.store.close()
    if not no_exchange:
        _refuse_unfit_models(house.models.values())
    base_url = f"http://{reachable(host)}:{port}"
    house.instance.web_address.note(base_url)
    click.echo(_places(base_url, sip_address(host, sip) if sip else NO_SIP, not no_exchange))
    this, exchange_port = [sys.executable, "-P", "-m", "app"], str(house.settings.exchange.port)
    processes = {
        "exchange": [*this, "exchange", "run", "--host", host, "--port", exchange_port, "--sip-port", str(sip or 0)],
        "web": [*this, "web", "--host", host, "--port", str(port), "--workers", str(workers)],
        "clerk": [*this, "clerk"],
        "trainer": [*this, "trainer"],
    }
    without = {"exchange", "trainer"} if no_exchange else set()  # simulated callers call through the exchange
    try:
        supervise({name: command for name, command in processes.items() if name not in without})
    finally:
        house.instance.web_address.forget(base_url)


def _refuse_unfit_models(folders: Iterable[Path]) -> None:
    """A model that cannot hear is told here, before any caller is asked to speak to it. Raises ClickException."""
    try:
        for folder in folders:
            examine(folder)
    except CannotHear as fault:
        raise click.ClickException(str(fault)) from None


def _places(base_url: str, softphones: str, has_exchange: bool) -> str:
    """What whoever has started the centre needs to begin."""
    places = {"Start page": f"{base_url}/", "The desk": f"{base_url}/console", "The portal": f"{base_url}/portal"}
    places |= {"Computers": f"{base_url}/workstation"}
    if has_exchange:
        places |= {"Browser phone": f"{base_url}/phone", "Softphone": softphones}
    places |= {"Terminal phone": "activation-center call"}
    lines = [f"{name:<15}{place}" for name, place in places.items()]
    return "\n".join(["", *lines, "Stop with Ctrl-C."])
