"""A new key-management host: media for its host key, a machine to run on, and what else runs there."""

from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom

from activation.catalogue import Catalogue, Channel
from activation.redaction import holds_foreign_key, redact
from workstation.computer.declined import Declined
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import Machine
from workstation.computer.media import Media, NoMedia, fetch_media
from workstation.kms.files import HostFolder
from workstation.kms.host import Host

MOST_BESIDE = 10
LONGEST_BESIDE = 60
"""Characters of the name of one service beside a host."""


def read_beside(text: str) -> tuple[str, ...] | Declined:
    """The services that share the machine, as a person lists them: "DNS, file server" (row 54)."""
    names = tuple(name for part in text.split(",") if (name := " ".join(part.split())))
    if any(holds_foreign_key(name) for name in names):
        return Declined("What runs beside the host looks like a product key that is not a simulator key; it was not kept.")
    if len(names) > MOST_BESIDE or any(len(name) > LONGEST_BESIDE or not name.isprintable() for name in names):
        return Declined(f"Name at most {MOST_BESIDE} services beside the host, each in at most {LONGEST_BESIDE} characters.")
    return names


@dataclass(frozen=True, slots=True)
class Place:
    """What a host runs on: a system of the catalogue (its short name), physical or virtual (row 62), with what beside it."""

    system: str
    is_virtual: bool = False
    beside: tuple[str, ...] = ()


def set_up(
    folder: HostFolder, name: str, centre_url: str, key: str, place: Place, catalogue: Catalogue, *, now: datetime
) -> Host | Declined:
    """Set a host of this name up with a KMS host key."""
    if complaint := folder.name_fault(name):
        return Declined(complaint)
    if place.system not in catalogue.host_systems:
        systems = ", ".join(catalogue.host_systems)
        return Declined(redact(f"No key-management host runs on {place.system!r}; choose one of {systems}."))
    media = _media(centre_url, key)
    if isinstance(media, Declined):
        return media
    parts = choose_parts(SystemRandom())
    machine = Machine(name, media, parts, now, key=key.strip(), centre=centre_url, is_virtual=place.is_virtual)
    host = Host(machine, catalogue.host_systems[place.system], place.beside)
    complaint = folder.add(host)
    return Declined(complaint) if complaint else host


def _media(centre_url: str, key: str) -> Media | Declined:
    media = fetch_media(centre_url, key)
    if isinstance(media, NoMedia):
        return Declined(media.sentence)
    if media.channel is Channel.KMS and not media.is_client_setup:
        return media
    return Declined(
        "That is no KMS host key. A key-management host takes a host key and nothing else; a MAK belongs on computers."
    )
