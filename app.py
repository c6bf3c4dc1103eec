"""The composition root: settings, `create_app`, the `activation-center` command. The only file that knows everybody."""

import logging
import os
import secrets as randomness
import socket
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import click
from flask import Flask

from activation.catalogue import Catalogue
from activation.desk import Desk
from activation.redaction import redact
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.service.clerk import Clerk
from callcenter.service.media import media_blueprint
from callcenter.service.pages import pages_blueprint
from callcenter.service.server import serve_web
from callcenter.service.supervisor import supervise
from callcenter.service.telephony import text_sender
from data.catalogue import load_catalogue
from data.commands import agreements, keys, outage
from data.demo import load_demo
from data.engine import StorageError
from data.instance import Instance, NoInstance, create_instance, open_instance
from data.listings import print_demo
from data.post_office import PostOffice
from data.settings import Settings, SettingsError, read_settings
from data.store import Store, open_store
from ivr import twiml
from ivr.conversation import Conversation
from ivr.dialogue.line import Line
from ivr.heard import Staffing
from ivr.script import load_scripts
from ivr.vocabulary import load_vocabulary
from ivr.webhook import voice_blueprint
from pbx.commands import call_command
from workstation.commands import GuardedGroup, workstation
from workstation.files import MachineFolder, Unreadable
from workstation.machine import values_for_call

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
LARGEST_FORM_BYTES = 4 * 1024 * 1024
WEB_THREADS = 16


class House:
    """One instance with its parts, each opened when it is first needed; click's `ctx.obj` for every command."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self.home, self._environment = home, environment

    @cached_property
    def instance(self) -> Instance:
        return open_instance(self.home)

    @cached_property
    def settings(self) -> Settings:
        return read_settings(self.instance, self._environment)

    @cached_property
    def catalogue(self) -> Catalogue:
        return load_catalogue()

    @cached_property
    def database(self) -> Store:
        """The database as it is, older than this version perhaps."""
        payload_key = self.secrets.purpose("outbox")
        return open_store(self.settings.database_url, catalogue=self.catalogue, payload_key=payload_key)

    @cached_property
    def store(self) -> Store:
        """The database, fit for this version. Raises StorageError when it is not."""
        if self.database.pending():
            raise StorageError("The database is not set up for this version: run `activation-center init`.")
        return self.database

    @property
    def secrets(self) -> Secrets:
        return self.instance.secrets

    @property
    def base_url(self) -> str:
        return self.instance.noted_address() or f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"

    @property
    def voice_url(self) -> str:
        return f"{self.base_url}/voice"

    @property
    def account_sid(self) -> str:
        return self.settings.account_sid

    @property
    def auth_token(self) -> str:
        return self.settings.auth_token

    @property
    def line_number(self) -> str:
        return self.settings.line.number

    @cached_property
    def conversation(self) -> Conversation:
        """The line, ready to answer webhooks."""
        scripts, settings = load_scripts(), self.settings
        vocabularies = {language: load_vocabulary(language) for language in scripts}
        return Conversation(
            line=Line(settings.line.name, self.catalogue, scripts, vocabularies, settings.line.pace_seconds),
            desk=Desk(self.catalogue, self.secrets, lambda: randomness.token_hex(16)),
            store=self.store,
            render=lambda said, language, turn: twiml.render(said, scripts[language], f"/voice?turn={turn}"),
            staffing=lambda now: Staffing(settings.hours.is_open(now), people=0, hours=settings.hours.sentence()),
            clock=_now,
            caller_key=self.secrets.purpose("callers"),
            texts=settings.can_text,
        )

    def find_key(self, serial: int) -> KeyRecord | None:
        return self.store.read(lambda transaction: transaction.ledger.key(serial))

    def not_ready(self) -> str | None:
        """Why calls cannot be served, as a sentence; None when they can."""
        try:
            return "The database is not set up for this version." if self.database.pending() else None
        except StorageError as fault:
            return str(fault)


def create_app(house: House | None = None) -> Flask:
    """The web application of one instance, by default the one ACTIVATION_CENTER_HOME names."""
    house = house or open_house()
    app = Flask("activation-center", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES)
    settings = house.settings
    app.register_blueprint(voice_blueprint(house.conversation, load_scripts(), settings.auth_token, settings.public_url))
    app.register_blueprint(media_blueprint(house.catalogue, house.secrets, house.find_key))
    app.register_blueprint(pages_blueprint(settings.line.name, settings.line.number, house.not_ready))
    return app


def open_house() -> House:
    """The house of the instance that the environment names."""
    return House(Path(os.environ.get("ACTIVATION_CENTER_HOME") or "instance"), os.environ)


def _now() -> datetime:
    return datetime.now(UTC)


class Redacting(logging.Filter):
    """Keeps foreign product keys out of every log line, tracebacks included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


class Commands(GuardedGroup):
    """The command line: what is expected to go wrong is said in a sentence, and never quotes a foreign key."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (NoInstance, SettingsError, StorageError) as fault:
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
    handler = logging.StreamHandler()
    handler.addFilter(Redacting())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", handlers=[handler])
    logging.getLogger("twilio").setLevel(logging.WARNING)  # its client logs every request, the account included
    ctx.obj = open_house()


@main.command()
@click.pass_obj
def init(house: House) -> None:
    """Create the instance: secrets, database, demo data. What is there stays."""
    made = create_instance(house.home)
    migrated = house.database.migrate(_now())
    demo = load_demo(house.store, house.catalogue, house.secrets, lambda: randomness.token_urlsafe(9), _now())
    house.settings  # noqa: B018 - read now, so that a setting that will not do is told here
    click.echo(f"{'Created' if made else 'Found'} the activation centre in {house.home.absolute()}.")
    if migrated:
        click.echo(f"The database is up to date ({len(migrated)} migration{'s' if len(migrated) > 1 else ''} applied).")
    if demo.passwords:
        print_demo(demo)


@main.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port of the web server.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, workers: int) -> None:
    """Start everything; creates what is missing."""
    refuse_port_in_use(host, port)
    ctx.invoke(init)
    house: House = ctx.obj
    base_url = f"http://{reachable(host)}:{port}"
    house.instance.note_address(base_url)
    click.echo(f"\nStart page   {house.base_url}/\nMake a call  activation-center call\nStop with Ctrl-C.")
    house.store.close()
    this = [sys.executable, "-P", "-m", "app"]
    web = [*this, "web", "--host", host, "--port", str(port), "--workers", str(workers)]
    try:
        supervise({"web": web, "clerk": [*this, "clerk"]})
    finally:
        house.instance.forget_address(base_url)


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
    settings = house.settings
    send_text = text_sender(settings.account_sid, settings.auth_token, settings.telephony_url, settings.line.number)
    Clerk(PostOffice(house.store), send_text, house.conversation.forget_stale, _now).work(threading.Event())


def reachable(host: str) -> str:
    """The host part of the address at which this machine reaches a server that listens on `host`."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    return f"[{shown}]" if ":" in shown else shown


def refuse_port_in_use(host: str, port: int) -> None:
    """A port that somebody else listens on is a sentence, not a traceback. Raises ClickException."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as fault:
        raise click.ClickException(
            f"Cannot listen on {host} port {port}: {fault.strerror}. Choose another with --port."
        ) from None


@click.pass_obj
def values_for_workstation(house: House, name: str) -> Mapping[str, str]:
    """What a scripted call keys in for one of this instance's computers. Raises ClickException for a name unknown here."""
    machine = MachineFolder(house.home).read(name)
    if isinstance(machine, Unreadable):
        raise click.ClickException(machine.sentence)
    return values_for_call(machine)


main.add_command(call_command(values_for_workstation, redact))
main.add_command(keys)
main.add_command(agreements)
main.add_command(outage)
main.add_command(workstation)

if __name__ == "__main__":
    main()
