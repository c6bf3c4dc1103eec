"""The hardware hash: ten components, each kept only as a few bits of an MD5, so that no make or model can be recovered.

Requirement rows 18, 45, 47: the pieces are short and not unique; the same machine is recognised by votes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a computer: how many bits of its MD5 are kept and how many votes it has in a comparison."""

    name: str
    bits: int
    votes: int = 1


COMPONENTS = (
    Component("network address", 20, votes=3),
    Component("disk serial", 20),
    Component("volume serial", 3),
    Component("graphics", 3),
    Component("processor", 3),
    Component("memory size", 3),
    Component("disk controller", 3),
    Component("optical drive", 3),
    Component("SCSI adapter", 3),
    Component("firmware", 3),
)
HASH_BITS = sum(component.bits for component in COMPONENTS)
SAME_MACHINE_VOTES = 7


def hash_hardware(parts: Mapping[str, str]) -> int:
    """The 64-bit hardware hash of these named parts; a part that is absent counts as the empty string."""
    value = 0
    for component in COMPONENTS:
        value = value << component.bits | _piece(component, parts.get(component.name, ""))
    return value


def pieces(hardware: int) -> tuple[int, ...]:
    """The kept bits of each component of a 64-bit hardware hash, in the order of `COMPONENTS`."""
    found, shift = [], HASH_BITS
    for component in COMPONENTS:
        shift -= component.bits
        found.append(hardware >> shift & (1 << component.bits) - 1)
    return tuple(found)


def votes_in_common(one: int, other: int) -> int:
    """How many of the twelve votes two hardware hashes share."""
    pairs = zip(COMPONENTS, pieces(one), pieces(other), strict=True)
    return sum(component.votes for component, mine, theirs in pairs if mine == theirs)


def is_same_machine(one: int, other: int) -> bool:
    """Whether two hashes are within tolerance: seven of twelve votes."""
    return votes_in_common(one, other) >= SAME_MACHINE_VOTES


def _piece(component: Component, value: str) -> int:
    digest = hashlib.md5(f"{component.name}:{value}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") >> 32 - component.bits
