"""How the parts of a Say are to be delivered: what is spoken as a sentence and what spelled, in which language, how fast and
how loud.

Of SSML's say-as, characters, spell-out, digits, telephone and verbatim are spelled, a date and a length of time are put into
words, and an expletive is a tone; for the rest the voice reads the text as it stands, as it does with emphasis, pitch and
phonemes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pbx.audio.dates import said_as_date, said_as_time
from pbx.speech import Break, Manner, Speech

SPELLED = frozenset({"characters", "spell-out", "digits", "telephone", "verbatim"})
TEMPI = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.5}
GAINS_DECIBELS = {"x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 6.0, "x-loud": 12.0}
SILENT_DECIBELS = -100.0
LEAST_TEMPO, MOST_TEMPO = 0.2, 2.0
"""Source: https://docs.aws.amazon.com/polly/latest/dg/prosody-tag.html, whose voices Twilio speaks with."""
MOST_GAIN_DECIBELS = 12.0

_BETWEEN_SINGLE_CHARACTERS = re.compile(r"(?<=\b\w)\s+(?=\w\b)")
_PERCENT = re.compile(r"([+-]?)(\d{1,4}(?:\.\d{1,4})?)%", re.ASCII)
_DECIBELS = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,3})?)\s*dB", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words delivered in one go. `tempo` is 1 as the voice speaks by itself, 2 twice as fast."""

    text: str
    language: str
    is_spelled: bool = False
    is_bleeped: bool = False
    """A tone is heard instead of the words."""
    tempo: float = 1.0
    gain_decibels: float = 0.0


def pieces_of(speech: Speech) -> tuple[Piece | Break, ...]:
    """What is to be delivered, in order; neighbouring words of the same delivery are one piece."""
    pieces: list[Piece | Break] = []
    for piece in _pieces(speech):
        last = pieces[-1] if pieces else None
        if isinstance(piece, Piece) and isinstance(last, Piece) and replace(piece, text=last.text) == last:
            pieces[-1] = replace(last, text=last.text + piece.text)
        else:
            pieces.append(piece)
    stripped = (piece if isinstance(piece, Break) else replace(piece, text=piece.text.strip()) for piece in pieces)
    return tuple(piece for piece in stripped if isinstance(piece, Break) or piece.text)


def _pieces(speech: Speech) -> Iterator[Piece | Break]:
    for part in speech.parts:
        yield part if isinstance(part, Break) else _piece(part.text, part.manner, speech.language)


def _piece(text: str, manner: Manner, language: str) -> Piece:
    language, is_spelled = manner.language or language, manner.interpret_as in SPELLED
    if is_spelled:
        text = _BETWEEN_SINGLE_CHARACTERS.sub("", text)  # "4 7 1" is spelled as "471" is
    elif manner.interpret_as == "date":
        text = said_as_date(text, manner.format, language)
    elif manner.interpret_as == "time":
        text = said_as_time(text, language)
    is_bleeped = manner.interpret_as == "expletive"
    return Piece(text, language, is_spelled, is_bleeped, _tempo(manner.rate), _gain_decibels(manner.volume))


def _tempo(rate: str) -> float:
    """The tempo of a rate: a word, a percentage of the voice's own, or one more or less than that."""
    if match := _PERCENT.fullmatch(rate.strip()):
        share = float(match[2]) / 100
        tempo = {"+": 1 + share, "-": 1 - share}.get(match[1], share)
        return min(max(tempo, LEAST_TEMPO), MOST_TEMPO)
    return TEMPI.get(rate, 1.0)


def _gain_decibels(volume: str) -> float:
    if volume == "silent":
        return SILENT_DECIBELS
    if match := _DECIBELS.fullmatch(volume.strip()):
        return min(float(match[1]), MOST_GAIN_DECIBELS)
    return GAINS_DECIBELS.get(volume, 0.0)
