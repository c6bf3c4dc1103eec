"""What the page works with, kept by the application: where the computers are, where the centre is, what time it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app

from activation.catalogue import Catalogue, Channel
from workstation.keeping.files import MachineFolder
from workstation.kms.files import host_folder
from workstation.kms.network import Network

_NAME = "workstation page"


@dataclass(frozen=True, slots=True)
class DemoKey:
    """A product key of the demo data, by its serial; the key itself never reaches a browser."""

    serial: int
    title: str
    channel: Channel
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class VolumeEdition:
    """An edition of the volume channel, by its short name."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Room:
    """The instance as the page knows it.

    `demo_keys`: what is offered to whoever has no key at hand. `is_open`: whether this page may be used here at all.
    """

    home: Path
    centre_url: Callable[[], str]
    line_name: str
    clock: Callable[[], datetime]
    demo_keys: Callable[[], Sequence[DemoKey]]
    volume_editions: Sequence[VolumeEdition]
    catalogue: Catalogue
    is_open: bool

    @property
    def folder(self) -> MachineFolder:
        """The computers of this instance."""
        return MachineFolder(self.home)

    @property
    def network(self) -> Network:
        """The computers with their key-management hosts, now."""
        return Network(host_folder(self.home), self.folder, self.catalogue, self.clock())


def keep_room(app: Flask, kept: Room) -> None:
    """Gives the application its room."""
    app.extensions[_NAME] = kept


def room() -> Room:
    """The room of the application that answers."""
    kept: Room = current_app.extensions[_NAME]
    return kept
