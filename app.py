"""The `activation-center` command, and `create_app`. `house/` puts an instance together."""

import secrets as randomness
import sys
import threading
from collections.abc import Mapping

import click

from activation.redaction import redact
from callcenter.console.centre import STREAMS
from callcenter.service.clerk import Clerk, call_control, text_messages
from callcenter.service.logs import begin_logging
from callcenter.service.server import reachable, refuse_port_in_use, serve_web
from callcenter.service.supervisor import supervise
from data.audit_commands import audit
from data.commands import agreements, keys, outage
from data.demo import load_demo
from data.engine import StorageError
from data.instance import NoInstance, create_instance
from data.listings import print_demo
from data.outbox import OutboxKind
from data.people_commands import agents
from data.post_office import PostOffice
from data.requirement_commands import requirements
from data.settings import SettingsError
from house.backstage import StoryBackstage
from house.demo_computer import DemoComputer
from house.instance import DEFAULT_HOST, DEFAULT_PORT, House, open_house
from house.jobs import jobs_of
from house.moments import now
from house.web import create_app
from pbx.demo.commands import demo_command
from pbx.exchange.commands import exchange_command
from pbx.exchange.plan import DEFAULT_SIP_PORT, NO_SIP, Running, sip_address, speaks_sip
from pbx.sip.sockets import free_port
from pbx.terminal.commands import call_command
from stories.commands import with_stories
from voices.commands import voices
from voices.faults import CannotSpeak, NotASound
from voices.hearing_commands import fetch_model, hear, models
from workstation.commands import GuardedGroup, workstation
from workstation.files import MachineFolder, Unreadable
from workstation.kms.commands import kms
from workstation.machine import values_for_call
from workstation.proxy.commands import proxy

WEB_THREADS = 16 + STREAMS
"""Every live page holds a thread; so many are left for webhooks and pages."""


class Commands(GuardedGroup):
    """The command line: what is expected to go wrong is said in a sentence, and never quotes a foreign key."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (NoInstance, SettingsError, StorageError, CannotSpeak, NotASound) as fault:
            raise click.ClickException(redact(str(fault))) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="activation-center")
@click.pass_context
def main(ctx: click.Context) -> None:
    """A telephone activation centre on your own machine.

    A caller reads the installation ID of a computer over the phone and hears
    its confirmation ID. A simulator: it activates no real product.

    Start with `activation-center serve`.
    """
    begin_logging()
    ctx.obj = open_house()


@main.command()
@click.pass_obj
def init(house: House) -> None:
    """Create the instance: secrets, database, demo data. What is there stays."""
    made = create_instance(house.home)
    migrated = house.database.migrate(now())
    if migrated and house.store.read(lambda tx: tx.audit.head()) is None:
        house.anchors.create()  # an older version had neither a record of acts nor its anchors
    demo = load_demo(house.store, house.catalogue, house.secrets, lambda: randomness.token_urlsafe(9), now())
    house.settings  # noqa: B018 - read now, so that a setting that will not do is told here
    click.echo(f"{'Created' if made else 'Found'} the activation centre in {house.home.absolute()}.")
    if migrated:
        click.echo(f"The database is up to date ({len(migrated)} migration{'s' if len(migrated) > 1 else ''} applied).")
    if demo.passwords or demo.contact_passwords:
        print_demo(demo)


@main.command()
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
    base_url = f"http://{reachable(host)}:{port}"
    house.instance.web_address.note(base_url)
    click.echo(_places(base_url, sip_address(host, sip) if sip else NO_SIP, not no_exchange))
    house.store.close()
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


def _places(base_url: str, softphones: str, has_exchange: bool) -> str:
    """What whoever has started the centre needs to begin."""
    places = {"Start page": f"{base_url}/", "The desk": f"{base_url}/console", "The portal": f"{base_url}/portal"}
    places |= {"Computers": f"{base_url}/workstation"}
    if has_exchange:
        places |= {"Browser phone": f"{base_url}/phone", "Softphone": softphones}
    places |= {"Terminal phone": "activation-center call"}
    lines = [f"{name:<15}{place}" for name, place in places.items()]
    return "\n".join(["", *lines, "Stop with Ctrl-C."])


@main.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.pass_obj
def web(house: House, host: str, port: int, workers: int) -> None:
    """The web server alone (`serve` starts it).

    It answers webhooks and serves the pages. Several may run on one database.
    """
    refuse_port_in_use(host, port)
    house.store.close()  # opened once, so that settings or a database that will not do are told here
    serve_web(lambda: create_app(open_house()), host, port, workers, WEB_THREADS)


@main.command()
@click.pass_obj
def clerk(house: House) -> None:
    """The clerk alone (`serve` starts it).

    It sends what is in the outbox and erases what calls leave behind. Several may run.
    """
    Clerk(
        PostOffice(house.store),
        {
            OutboxKind.TEXT_MESSAGE: text_messages(house.send_text),
            OutboxKind.CALL_CONTROL: call_control(house.control_call),
        },
        jobs_of(house),
        now,
        expected=(StorageError,),
    ).work(threading.Event())


@click.pass_obj
def values_for_workstation(house: House, name: str) -> Mapping[str, str]:
    """What a scripted call keys in for one of this instance's computers. Raises ClickException for a name unknown here."""
    machine = MachineFolder(house.home).read(name)
    if isinstance(machine, Unreadable):
        raise click.ClickException(machine.sentence)
    return values_for_call(machine)


@main.command()
@click.pass_obj
def trainer(house: House) -> None:
    """The player of simulated callers alone (`serve` starts it).

    It plays the callers that the trainer's desk wants.
    """
    from house.trainer import play_callers  # noqa: PLC0415 - telephones and pages come with it; for this process only

    play_callers(house)


@click.pass_obj
def note_exchange(house: House, running: Running) -> None:
    """The exchange runs."""
    house.instance.exchange_address.note(running.base_url)
    if running.sip_address:
        house.instance.sip_address.note(running.sip_address)


@click.pass_obj
def forget_exchange(house: House, running: Running) -> None:
    """The exchange runs no more."""
    house.instance.exchange_address.forget(running.base_url)
    if running.sip_address:
        house.instance.sip_address.forget(running.sip_address)


@click.pass_obj
def find_exchange(house: House) -> str | None:
    """Where the exchange is, if it runs."""
    return house.instance.exchange_address.read()


main.add_command(call_command(values_for_workstation, redact, find_exchange))
main.add_command(with_stories(demo_command(DemoComputer, find_exchange), StoryBackstage))
main.add_command(exchange_command(note_exchange, forget_exchange, find_exchange))
for hearing in (hear, models, fetch_model):
    voices.add_command(hearing)
for group in (keys, agreements, outage, agents, audit, voices, workstation, kms, proxy, requirements):
    main.add_command(group)

if __name__ == "__main__":
    main()
