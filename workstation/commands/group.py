"""The group of the workstation's commands, and what they all need: the folder, a computer at its own time, JSON."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, Protocol

import click

from activation.redaction import holds_foreign_key, redact
from workstation.declined import Declined
from workstation.files import MachineFolder, Unreadable
from workstation.machine import Machine, machine_now

_HELD = f"{__name__}.held"
"""Where a command notes which computers it holds."""

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
    the confirmation ID that the line reads back. Each has a clock of its own.
    """


@dataclass(frozen=True, slots=True)
class Desk:
    """One computer as a command finds it: its folder, the computer, and its own time now."""

    folder: MachineFolder
    machine: Machine
    now: datetime

    def keep(self, outcome: Machine | Declined) -> Machine:
        """Saves what became of the computer, or of its copy; raises ClickException with the sentence when it declined."""
        if isinstance(outcome, Declined):
            decline(outcome.sentence)
        self.folder.write(outcome)
        return outcome


def real_now() -> datetime:
    """The real time; a computer's own is that of its `Desk`."""
    return datetime.now(UTC)


def find_folder(places: Places) -> MachineFolder:
    """The folder of the instance's computers. Raises ClickException where there is no instance."""
    if not places.home.is_dir():
        decline(f"There is no instance at {places.home}; create it with `activation-center init`.")
    return MachineFolder(places.home)


def find_desk(places: Places, name: str) -> Desk:
    """The computer of this name at its own time, held against other changes until the command ends.

    Raises ClickException with a sentence where there is none.
    """
    context = click.get_current_context()
    held: set[str] = context.meta.setdefault(_HELD, set())
    if name.lower() not in held:  # a second lock of one command would wait for the first one for ever
        context.with_resource(find_folder(places).lock(name))
        held.add(name.lower())
    return look_at_desk(places, name)


def look_at_desk(places: Places, name: str) -> Desk:
    """The computer of this name at its own time, only to be looked at. Raises ClickException as `find_desk` does."""
    folder = find_folder(places)
    found = folder.read(name)
    if isinstance(found, Unreadable):
        decline(found.sentence)
    return Desk(folder, found, machine_now(found, real_now()))


def decline(sentence: str) -> NoReturn:
    """Ends the command with this sentence and exit status 1."""
    raise click.ClickException(sentence)


def print_json(document: object) -> None:
    """Prints a document as JSON for programs."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
