"""What the recogniser tells apart: a left-to-right unit for each word of the line, and for garbage, silence and noise.

Words are whole, not spelled in phones: they are few, and a network that need not tell all of English apart learns them better
(the model's README keeps what was tried).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A chain of states that are passed from left to right, each for 20 ms (an output of the network) or more."""

    name: str
    states: int


SILENCE = Unit("SIL", 1)
NOISE = Unit("NSN", 2)
"""Breath, clicks, coughs: heard, and worth no word."""
GARBAGE = Unit("GRB", 3)
"""Any part of a word that is none of the line's."""

DIGITS = tuple(
    Unit(word, states)
    for word, states in (
        ("zero", 8), ("one", 5), ("two", 5), ("three", 6), ("four", 6), ("five", 6), ("six", 7), ("seven", 8),
        ("eight", 5), ("nine", 6), ("oh", 4),
    )
)  # fmt: skip
COMMANDS = tuple(
    Unit(word, states)
    for word, states in (
        ("double", 7), ("triple", 8), ("yes", 6), ("no", 5), ("next", 7), ("repeat", 8), ("back", 6), ("agent", 8),
        ("help", 6), ("slower", 8), ("wait", 5),
    )
)  # fmt: skip
WORDS = (*DIGITS, *COMMANDS)
"""Every word that is heard as itself."""

UNITS = (SILENCE, NOISE, GARBAGE, *WORDS)
"""All units; their states, in this order, are the network's outputs."""


def first_states(units: Sequence[Unit] = UNITS) -> Mapping[str, int]:
    """The network's output for the first state of each of these units; its others follow."""
    firsts, position = {}, 0
    for unit in units:
        firsts[unit.name] = position
        position += unit.states
    return firsts


def states_of(units: Sequence[Unit]) -> int:
    """How many states these units have together."""
    return sum(unit.states for unit in units)


STATES = states_of(UNITS)
"""How many outputs the network has."""
