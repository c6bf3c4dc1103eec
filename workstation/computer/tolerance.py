"""What is kept of each component, and which changes ask for a reactivation: the votes they cost (rows 18, 45, 47)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from activation.hardware import COMPONENTS, SAME_MACHINE_VOTES, hash_hardware, pieces
from workstation.computer.machine import Machine

ALL_VOTES = sum(component.votes for component in COMPONENTS)
MOST_VOTES_LOST = ALL_VOTES - SAME_MACHINE_VOTES
"""How many votes may change before the computer must be activated again."""


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its value, what is kept of it (hexadecimal) in how many bits, its votes, and whether it has changed."""

    name: str
    value: str
    kept: str
    bits: int
    votes: int
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One component that is not what it was at the activation, as far as its kept piece tells, and the votes it costs."""

    part: str
    votes: int


def changes(machine: Machine) -> tuple[Change, ...]:
    """What has changed since the activation; nothing on a computer that was never activated."""
    if machine.activation is None:
        return ()
    pairs = zip(COMPONENTS, pieces(machine.activation.hardware), pieces(hash_hardware(machine.parts)), strict=True)
    return tuple(Change(component.name, component.votes) for component, then, now in pairs if then != now)


def parts_of(machine: Machine) -> Iterator[Part]:
    """Every component, against those the computer was activated with."""
    changed = {change.part for change in changes(machine)}
    for component, piece in zip(COMPONENTS, pieces(hash_hardware(machine.parts)), strict=True):
        kept = f"{piece:0{math.ceil(component.bits / 4)}x}"
        name, value = component.name, machine.parts.get(component.name, "")
        yield Part(name, value, kept, component.bits, component.votes, name in changed)


def votes_lost(machine: Machine) -> int:
    """How many of the twelve votes the changes cost; more than five ask for a reactivation."""
    return sum(change.votes for change in changes(machine))
