"""Kaldi's phones for our units, one for each: every state has two transitions, its self-loop, then the way forward."""

from dataclasses import dataclass
from enum import StrEnum

from voices.training.units import NOISE, SILENCE, UNITS, Unit, first_states


class Place(StrEnum):
    """Whether a phone is a word, in the words of `word_boundary.int`: Kaldi finds the times of words by it."""

    NONWORD = "nonword"
    SINGLETON = "singleton"


@dataclass(frozen=True, slots=True)
class Phone:
    """A unit, and the transition-id of its first state's self-loop."""

    number: int
    unit: Unit
    place: Place
    first_output: int
    first_transition: int

    def self_loop(self, state: int) -> int:
        """The transition-id of staying in a state."""
        return self.first_transition + 2 * state

    def forward(self, state: int) -> int:
        """The transition-id of leaving a state."""
        return self.first_transition + 2 * state + 1


def _table() -> tuple[Phone, ...]:
    """All phones in the order of their numbers."""
    outputs, transition, phones = first_states(), 1, []
    for number, unit in enumerate(UNITS, start=1):
        place = Place.NONWORD if unit in (SILENCE, NOISE) else Place.SINGLETON
        phones.append(Phone(number, unit, place, outputs[unit.name], transition))
        transition += 2 * unit.states
    return tuple(phones)


TABLE = _table()
_BY_NAME = {phone.unit.name: phone for phone in TABLE}


def phone_of(unit: Unit) -> Phone:
    """The phone that a unit is."""
    return _BY_NAME[unit.name]
