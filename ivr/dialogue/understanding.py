"""Words do what keys do: speech as the keys it stands for at a place."""

from math import inf

from activation.correction import Candidate
from ivr.dialogue.line import Line, Room
from ivr.heard import NO_WORD, Digits, FromCaller, Speech, SpokenDigits, Unclear
from ivr.spoken import spoken_command, spoken_digits
from ivr.state import State

BELIEVED = 3.0
"""How far (20 to 1) below the first guess an alternative may be."""
DOUBTED = 1.0
"""How close to the first guess (1 to 2.7) it may come that it was none of the line's words, for nothing to be believed."""


def understand(line: Line, state: State, room: Room, heard: FromCaller) -> FromCaller:
    """Speech becomes a command or digits, the likeliest alternative that makes sense here first; all else stays as it is."""
    if not isinstance(heard, Speech):
        return heard
    words, vocabulary = line.scripts[state.language].words_at(room.words), line.vocabularies[state.language]
    readings: list[Candidate] = []
    least = least_believed(heard)
    for alternative in heard.alternatives:
        is_believed = alternative.score >= least
        if is_believed and not readings and (command := spoken_command(alternative.text, words, vocabulary)):
            return Digits(command)
        digits = spoken_digits(alternative.text, vocabulary)
        if digits and (room.takes_digits or len(digits) == 1) and (is_believed or _is_checked(state, room, digits)):
            readings.append(Candidate(digits, -alternative.score))
    if not readings:
        return Unclear()
    return SpokenDigits(tuple(readings)) if room.weighs else Digits(_checked_first(state, room, readings))


def least_believed(heard: Speech) -> float:
    """The lowest score at which an alternative is believed where no check digit tells whether it is right."""
    best = max((each.score for each in heard.alternatives), default=0.0)
    is_doubtful = any(each.text == NO_WORD and best - each.score < DOUBTED for each in heard.alternatives)
    return inf if is_doubtful else best - BELIEVED


def _is_checked(state: State, room: Room, digits: str) -> bool:
    """Whether a check digit tells, here or later, if these digits are right."""
    return room.weighs or (room.holds is not None and room.holds(state, state.partial + digits))


def _checked_first(state: State, room: Room, readings: list[Candidate]) -> str:
    checked = [reading.digits for reading in readings if _is_checked(state, room, reading.digits)]
    return checked[0] if checked else readings[0].digits
