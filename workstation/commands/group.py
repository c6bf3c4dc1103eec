"""The group of the workstation's commands, and what they all need: the folder, a computer at its own time, JSON."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, Protocol

import click

from activation.catalogue import Catalogue
from workstation.computer.declined import Declined
from workstation.computer.machine import Machine, machine_now
from workstation.display.computer import what_happened
from workstation.guarded import GuardedGroup
from workstation.keeping.files import MachineFolder, Unreadable
from workstation.kms.files import host_folder
from workstation.kms.network import Network

as_json = click.option("--json", "json_wanted", is_flag=True, help="Print JSON for programs.")


class Places(Protocol):
    """What these commands need to know of the instance."""

    @property
    def home(self) -> Path:
        """The instance folder."""

    @property
    def base_url(self) -> str:
        """Where this instance's activation centre answers over HTTP."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be activated, and what key-management hosts run on."""


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
        """Saves what became of the computer; raises ClickException with the sentence when it declined."""
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


def find_network(places: Places) -> Network:
    """The instance's computers and key-management hosts now. Raises ClickException where there is no instance."""
    return Network(host_folder(places.home), find_folder(places), places.catalogue, real_now())


def find_desk(places: Places, name: str) -> Desk:
    """The computer of this name at its own time, held against other changes until the command ends.

    Raises ClickException with a sentence where there is none.
    """
    click.get_current_context().with_resource(find_folder(places).lock(name))
    return look_at_desk(places, name)


def look_at_desk(places: Places, name: str) -> Desk:
    """The computer of this name at its own time, only to be looked at. Raises ClickException as `find_desk` does."""
    folder = find_folder(places)
    found = folder.read(name)
    if isinstance(found, Unreadable):
        decline(found.sentence)
    return Desk(folder, found, machine_now(found, real_now()))


def tell_what_happened(before: Machine, after: Machine) -> None:
    """Prints what its history has gained by a command."""
    for line in what_happened(before, after):
        click.echo(f"{after.name}: {line}")


def decline(sentence: str) -> NoReturn:
    """Ends the command with this sentence and exit status 1."""
    raise click.ClickException(sentence)


def print_json(document: object) -> None:
    """Prints a document as JSON for programs."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
