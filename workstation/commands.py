"""`activation-center workstation …`: the simulated computers at the terminal; here alone the room reads a clock."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import Any, Protocol

import click
from rich.console import Console

from activation.catalogue import Country
from activation.hardware import COMPONENTS, hash_hardware
from activation.redaction import holds_foreign_key, redact
from workstation import display
from workstation.files import MachineFolder, Unreadable
from workstation.hardware import replace_part
from workstation.installing import NotInstalled, install
from workstation.machine import Machine, NotConfirmed, change_hardware, confirm
from workstation.media import Media

PART_NAMES = [component.name for component in COMPONENTS]
as_json = click.option("--json", "json_wanted", is_flag=True, help="Print JSON for programs.")


class Places(Protocol):
    """What these commands need to know of the instance."""

    @property
    def home(self) -> Path:
        """The instance folder."""

    @property
    def base_url(self) -> str:
        """Where this instance's activation centre answers over HTTP."""


class GuardedGroup(click.Group):
    """A group whose complaints never quote a foreign product key that was typed, and never are a traceback."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the group's own options."""
        with _guard():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Reads the subcommand's arguments and runs it."""
        with _guard():
            return super().invoke(ctx)


@contextmanager
def _guard() -> Iterator[None]:
    try:
        yield
    except click.ClickException as complaint:
        words = complaint.format_message()
        if not holds_foreign_key(words):
            raise
        raise click.ClickException(redact(words)) from None
    except BrokenPipeError:
        raise  # the reader of a pipe went away; click ends quietly
    except OSError as failure:
        place = f" ({failure.filename})" if failure.filename else ""
        raise click.ClickException(redact(f"{failure.strerror}{place}.")) from None


@click.group(cls=GuardedGroup)
def workstation() -> None:
    """The caller's computers, simulated.

    A workstation shows the installation ID to read over the phone and takes
    the confirmation ID that the line reads back.
    """


@workstation.command()
@click.option("--name", required=True, help="What to call it: letters, digits, dots, hyphens, underscores.")
@click.option("--key", required=True, help="The simulator product key to install with (SIMxx-…).")
@click.option("--product", help="Short name of another edition that a volume key installs.")
@click.option("--centre", help="URL of the activation centre, when it is not this instance's own.")
@click.pass_obj
def new(places: Places, name: str, key: str, product: str | None, centre: str | None) -> None:
    """Install a workstation with media from the centre."""
    now = datetime.now(UTC)
    machine = install(_folder(places), name, centre or places.base_url, key, product, now=now)
    if isinstance(machine, NotInstalled):
        raise click.ClickException(machine.sentence)
    click.echo(f"{name}: {machine.media.product.title} installed; {display.state_in_words(machine, now)}.")
    click.echo(f"Its installation ID: activation-center workstation show {name}")


@workstation.command()
@click.argument("name")
@click.option("--country", help="Show only this country's number (a code such as GB).")
@as_json
@click.pass_obj
def show(places: Places, name: str, country: str | None, json_wanted: bool) -> None:
    """Show state, installation ID, phone numbers and hardware."""
    machine = _machine(_folder(places), name)
    countries, now = _countries(machine.media, country), datetime.now(UTC)
    if json_wanted:
        _print_json(display.describe(machine, countries, now))
    else:
        Console(highlight=False).print(display.render(machine, countries, now))


@workstation.command("confirm")
@click.argument("name")
@click.argument("confirmation_id", nargs=-1, required=True)
@click.pass_obj
def confirm_command(places: Places, name: str, confirmation_id: tuple[str, ...]) -> None:
    """Type a confirmation ID; it is checked offline.

    In one piece or in blocks, with any separators.
    """
    folder = _folder(places)
    outcome = confirm(_machine(folder, name), " ".join(confirmation_id), datetime.now(UTC))
    if isinstance(outcome, NotConfirmed):
        raise click.ClickException(outcome.sentence)
    folder.write(outcome)
    click.echo(f"{outcome.name}: activated.")


@workstation.command("list")
@as_json
@click.pass_obj
def list_command(places: Places, json_wanted: bool) -> None:
    """List the workstations."""
    found, now = _folder(places).read_all(), datetime.now(UTC)
    machines = [machine for machine in found if isinstance(machine, Machine)]
    if json_wanted:
        _print_json([display.summarise(machine, now) for machine in machines])
    elif machines:
        Console(highlight=False).print(display.render_list(machines, now))
    elif not found:
        click.echo("There are no workstations yet.")
        click.echo("Install one: activation-center workstation new --name desk-1 --key SIM…")
    for broken in found:
        if isinstance(broken, Unreadable):
            click.echo(broken.sentence, err=True)


@workstation.command()
@click.argument("name")
@click.option(
    "--part",
    type=click.Choice(PART_NAMES, case_sensitive=False),
    multiple=True,
    metavar="PART",
    help=f"A component to exchange, may be given again: {', '.join(PART_NAMES)}.",
)
@click.option("--value", help="The new value of one --part; made up when not given.")
@click.option("--all", "everything", is_flag=True, help="Exchange every component.")
@click.pass_obj
def change(places: Places, name: str, part: tuple[str, ...], value: str | None, everything: bool) -> None:
    """Exchange hardware, which changes the installation ID."""
    if everything == bool(part):
        raise click.UsageError('Say what to exchange: either --part, for example --part "disk serial", or --all.')
    if value is not None and len(part) != 1:
        raise click.UsageError("--value goes with exactly one --part.")
    if value is not None and holds_foreign_key(value):
        raise click.ClickException("That value looks like a product key that is not a simulator key; it was not kept.")
    folder, now = _folder(places), datetime.now(UTC)
    before = _machine(folder, name)
    after = change_hardware(before, _new_values(before, PART_NAMES if everything else part, value), now)
    folder.write(after)
    click.echo(_what_changed(before, after, now))


@workstation.command()
@click.argument("name")
@click.pass_obj
def remove(places: Places, name: str) -> None:
    """Scrap a workstation; its activation stays counted at the centre."""
    if not _folder(places).remove(name):
        raise click.ClickException(f"There is no workstation named {name!r}.")
    click.echo(f"{name}: removed.")


def _folder(places: Places) -> MachineFolder:
    if not places.home.is_dir():
        raise click.ClickException(f"There is no instance at {places.home}; create it with `activation-center init`.")
    return MachineFolder(places.home)


def _machine(folder: MachineFolder, name: str) -> Machine:
    found = folder.read(name)
    if isinstance(found, Unreadable):
        raise click.ClickException(found.sentence)
    return found


def _countries(media: Media, code: str | None) -> tuple[Country, ...]:
    if code is None:
        return media.countries
    if country := media.country(code):
        return (country,)
    codes = ", ".join(country.code for country in media.countries)
    raise click.ClickException(f"The list has no country with the code {code!r}; it has {codes}.")


def _new_values(machine: Machine, names: Iterable[str], value: str | None) -> dict[str, str]:
    return {name: replace_part(name, machine.parts, SystemRandom()) if value is None else value for name in names}


def _what_changed(before: Machine, after: Machine, now: datetime) -> str:
    if hash_hardware(before.parts) == hash_hardware(after.parts):
        return f"{after.name}: changed, but the few bits kept of it are the same, and so is the installation ID."
    return f"{after.name}: changed; it shows a new installation ID and is {display.state_in_words(after, now)}."


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
