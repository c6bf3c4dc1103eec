"""Words do what keys do: speech as the keys it stands for at a place."""

from ivr.dialogue.line import Line, Room
from ivr.heard import Digits, FromCaller, Speech, Unclear
from ivr.spoken import spoken_command, spoken_digits
from ivr.state import State


def understand(line: Line, state: State, room: Room, heard: FromCaller) -> FromCaller:
    """Speech becomes digits, the likeliest alternative that makes sense here first; everything else stays as it is."""
    if not isinstance(heard, Speech):
        return heard
    words, vocabulary = line.scripts[state.language].words_at(room.words), line.vocabularies[state.language]
    for text in heard.alternatives:
        if command := spoken_command(text, words, vocabulary):
            return Digits(command)
        digits = spoken_digits(text, vocabulary)
        if digits and (room.takes_digits or len(digits) == 1):
            return Digits(digits)
    return Unclear()
