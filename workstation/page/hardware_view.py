"""The hardware table: what feeds the hash, how little of it is kept, and the votes against the threshold (rows 18, 45, 47)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from activation.hardware import COMPONENTS, hash_hardware, pieces
from workstation.machine import Machine
from workstation.tolerance import ALL_VOTES, MOST_VOTES_LOST, changes, votes_lost


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its value, the bits kept of it (hexadecimal), its votes, and whether it is as it was when activated."""

    name: str
    value: str
    kept: str
    bits: int
    votes: int
    is_same: bool


@dataclass(frozen=True, slots=True)
class Hardware:
    """All components; `votes` of `most` are as they were at the activation, `needed` must be. `is_bound`: there was one."""

    parts: tuple[Part, ...]
    votes: int
    most: int
    needed: int
    is_bound: bool


def hardware(machine: Machine) -> Hardware:
    """The computer's components against those it was activated with."""
    votes = ALL_VOTES - votes_lost(machine)
    return Hardware(tuple(_parts(machine)), votes, ALL_VOTES, ALL_VOTES - MOST_VOTES_LOST, machine.activation is not None)


def _parts(machine: Machine) -> Iterator[Part]:
    changed = {change.part for change in changes(machine)}
    for component, piece in zip(COMPONENTS, pieces(hash_hardware(machine.parts)), strict=True):
        kept = f"{piece:0{math.ceil(component.bits / 4)}x}"
        value = machine.parts.get(component.name, "")
        yield Part(component.name, value, kept, component.bits, component.votes, component.name not in changed)
