"""Which hardware changes ask for a reactivation: the votes of each component, and how many are lost (rows 45, 47)."""

from dataclasses import dataclass

from activation.hardware import COMPONENTS, SAME_MACHINE_VOTES, hash_hardware, pieces
from workstation.machine import Machine

ALL_VOTES = sum(component.votes for component in COMPONENTS)
MOST_VOTES_LOST = ALL_VOTES - SAME_MACHINE_VOTES
"""How many votes may change before the computer must be activated again."""


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


def votes_lost(machine: Machine) -> int:
    """How many of the twelve votes the changes cost; more than five ask for a reactivation."""
    return sum(change.votes for change in changes(machine))
