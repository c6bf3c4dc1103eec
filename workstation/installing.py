"""A new workstation: media from the centre, a set of hardware, and its place in the folder."""

from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom

from workstation.files import NAME_RULE, MachineFolder, is_name
from workstation.hardware import choose_parts
from workstation.machine import Machine
from workstation.media import NoMedia, fetch_media


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """Why there is no new workstation, as a sentence."""

    sentence: str


def install(
    folder: MachineFolder, name: str, centre_url: str, key: str, product: str | None = None, *, now: datetime
) -> Machine | NotInstalled:
    """Install a workstation of that name with this product key; `product` names another edition that a volume key installs."""
    if not is_name(name):
        return NotInstalled(NAME_RULE)
    if folder.holds(name):
        return NotInstalled(f"There is already a workstation named {name!r}; choose another name or remove it.")
    media = fetch_media(centre_url, key, product)
    if isinstance(media, NoMedia):
        return NotInstalled(media.sentence)
    machine = Machine(name, media, choose_parts(SystemRandom()), installed_at=now)
    folder.write(machine)
    return machine
