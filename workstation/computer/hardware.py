"""Made-up parts for made-up computers: values with the look of real ones, from makers that do not exist.

The randomness is passed in, or the system's own. What becomes of the values is for `activation.hardware` to say: only
short pieces are kept.
"""

from collections.abc import Callable, Mapping
from random import Random, SystemRandom

from activation.hardware import COMPONENTS, hash_hardware, pieces

_HEX = "0123456789ABCDEF"
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_INDEX = {component.name: index for index, component in enumerate(COMPONENTS)}


def choose_parts(random: Random) -> dict[str, str]:
    """A complete computer: one value for every component."""
    return {component.name: _MAKERS[component.name](random) for component in COMPONENTS}


def replace_part(name: str, parts: Mapping[str, str], random: Random) -> str:
    """A new value for this component whose kept piece differs from the old one's: the exchange is noticed."""
    old = _piece(name, parts)
    while True:
        value = _MAKERS[name](random)
        if _piece(name, {name: value}) != old:
            return value


def fresh_parts(parts: Mapping[str, str], random: Random | None = None) -> dict[str, str]:
    """Another computer's parts: every component differs from these in what is kept of it."""
    source = random or SystemRandom()
    return {component.name: replace_part(component.name, parts, source) for component in COMPONENTS}


def _piece(name: str, parts: Mapping[str, str]) -> int:
    return pieces(hash_hardware(parts))[_INDEX[name]]


def _network_address(random: Random) -> str:
    # 02 marks a locally administered address: no maker ever assigned it (IEEE 802).
    return "-".join(["02", *(_text(random, _HEX, 2) for _ in range(5))])


def _disk_serial(random: Random) -> str:
    return f"KD{random.randrange(10)}{_text(random, _LETTERS, 3)}{random.randrange(10**6):06d}"


def _volume_serial(random: Random) -> str:
    return f"{_text(random, _HEX, 4)}-{_text(random, _HEX, 4)}"


def _graphics(random: Random) -> str:
    memory_mb = random.choice((128, 256, 512, 1024))
    return f"Kestrel {random.choice(('GX', 'GT', 'VR'))}{random.randrange(200, 980, 10)}, {memory_mb} MB"


def _processor(random: Random) -> str:
    family, stepping = random.choice(("Merlin 64", "Merlin Duo", "Osprey Quad")), random.randrange(1, 16)
    return f"{family} {random.randrange(1600, 3400, 100)} MHz, stepping {stepping}"


def _memory_size(random: Random) -> str:
    # What the system sees: the modules less what the graphics and the firmware keep for themselves.
    return f"{random.choice((1024, 2048, 4096, 8192)) - random.randrange(1, 128)} MB"


def _disk_controller(random: Random) -> str:
    model = f"{random.choice(('SATA', 'AHCI', 'RAID'))} {random.randrange(10, 90)}{random.choice('ABC')}"
    return f"Heron {model}, revision {random.randrange(10)}"


def _optical_drive(random: Random) -> str:
    return f"Wren DVD-RW {random.randrange(1000, 9900, 10)}, firmware {random.choice('12')}.{random.randrange(100):02d}"


def _scsi_adapter(random: Random) -> str:
    return f"Plover Ultra320 {random.randrange(2900, 3990)}, channel {random.choice('AB')}"


def _firmware(random: Random) -> str:
    year, month, day = random.randrange(2005, 2012), random.randrange(1, 13), random.randrange(1, 29)
    return f"Lapwing BIOS {random.randrange(1, 9)}.{random.randrange(100):02d}, {year}-{month:02d}-{day:02d}"


def _text(random: Random, alphabet: str, length: int) -> str:
    return "".join(random.choices(alphabet, k=length))


_MAKERS: Mapping[str, Callable[[Random], str]] = {
    "network address": _network_address,
    "disk serial": _disk_serial,
    "volume serial": _volume_serial,
    "graphics": _graphics,
    "processor": _processor,
    "memory size": _memory_size,
    "disk controller": _disk_controller,
    "optical drive": _optical_drive,
    "SCSI adapter": _scsi_adapter,
    "firmware": _firmware,
}
