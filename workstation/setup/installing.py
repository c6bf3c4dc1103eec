"""Setup: media from the centre, a set of hardware, and a computer's place in the folder; and media for one that stands already.

It asks the centre; what becomes of a computer with what the centre gave is for the pure modules to say.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom

from activation.catalogue import Channel
from workstation.computer.declined import Declined
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import SETTLED, Machine, countdown, happened, state
from workstation.computer.media import Media, NoMedia, fetch_media
from workstation.computer.traits import Image, Kind
from workstation.keeping.files import MachineFolder
from workstation.kms.misuse import flag_misuse
from workstation.setup.relicensing import install_key, reimage
from workstation.words import LANGUAGES, say, spoken


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """Why there is no new workstation, as a sentence."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What is particular about a computer when it is set up (rows 6, 7, 13, 61, 70)."""

    firmware_marker: bool = False
    image: Image = Image.OWN
    is_virtual: bool = False
    base_licence: bool = True
    language: str = LANGUAGES[0]
    country: str = "US"


PLAIN = Setup()


def install(
    folder: MachineFolder,
    name: str,
    centre_url: str,
    key: str,
    product: str | None = None,
    setup: Setup = PLAIN,
    *,
    now: datetime,
) -> Machine | NotInstalled:
    """Install a workstation of that name with this product key; `product` names another edition that a volume key installs.

    An empty key with a product is the setup of a volume client, activated by a key-management host (row 60).
    """
    if complaint := folder.name_fault(name):
        return NotInstalled(complaint)
    media = fetch_media(centre_url, key, product)
    if isinstance(media, NoMedia):
        return NotInstalled(media.sentence)
    if setup.image is Image.MAKER and media.channel is not Channel.OEM:
        return NotInstalled("A maker's image comes with an OEM key; this key is of another channel. Leave --image out.")
    if (country := media.country(setup.country)) is None:
        codes = ", ".join(one.code for one in media.countries)
        return NotInstalled(f"The list has no country with the code {setup.country!r}; it has {codes}.")
    machine = set_up(name, media, setup, now, key=key, centre=centre_url.rstrip("/"), country=country.code)
    complaint = folder.add(machine)
    return NotInstalled(complaint) if complaint else machine


def set_up(name: str, media: Media, setup: Setup, now: datetime, *, key: str, centre: str, country: str) -> Machine:
    """A computer straight after its setup, with hardware made up for it."""
    machine = Machine(
        name,
        media,
        choose_parts(SystemRandom()),
        installed_at=now,
        key=key,
        centre=centre,
        language=spoken(setup.language),
        country=country,
        is_virtual=setup.is_virtual,
        firmware_marker=setup.firmware_marker,
        image=setup.image,
        base_licence=setup.base_licence,
    )
    words = say("model.installed", machine.language, product=media.product.title, channel=media.channel)
    until = None if state(machine, now) in SETTLED else countdown(machine).end
    return flag_misuse(happened(machine, now, Kind.INSTALLED, words, until), now)


def exchange_key(machine: Machine, key: str, now: datetime) -> Machine | Declined:
    """The computer with another product key, an empty one for the volume client's setup, from its own centre (row 81)."""
    media = fetch_media(machine.centre, key, machine.media.product.name)
    return Declined(media.sentence) if isinstance(media, NoMedia) else _flagged(install_key(machine, media, key, now), now)


def put_volume_media(machine: Machine, key: str, product: str | None, now: datetime) -> Machine | Declined:
    """The computer installed anew with volume media from its own centre, by re-imaging rights (row 12)."""
    media = fetch_media(machine.centre, key, product)
    return Declined(media.sentence) if isinstance(media, NoMedia) else _flagged(reimage(machine, media, key, now), now)


def _flagged(outcome: Machine | Declined, now: datetime) -> Machine | Declined:
    """What was done, with the remark where the new key is a KMS host key (row 55)."""
    return outcome if isinstance(outcome, Declined) else flag_misuse(outcome, now)
