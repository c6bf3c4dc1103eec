"""Sounds that are no word of the line: words of espeak's voices, digits played backwards, bursts of noise.

Without a set of prompts they are synthetic or turned around, for there are no recordings of other words here; the model knows
espeak's voices from its training, so that real people's words are harder to reject than these.
"""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from telephone import Recordings, Samples

from voices.pyttsx3_speaker import Pyttsx3Speaker
from voices.sound import RATE_HZ

WORDS = [
    "hello",
    "please",
    "computer",
    "window",
    "garden",
    "mother",
    "yellow",
    "purchase",
    "Monday",
    "summer",
    "coffee",
    "telephone",
    "licence",
    "install",
    "product",
    "letter",
    "number",
    "hundred",
    "paper",
    "bicycle",
    "mountain",
    "river",
    "doctor",
    "kitchen",
    "orange",
    "sorry",
    "excuse",
    "moment",
    "where",
    "because",
    "always",
    "under",
    "table",
    "maybe",
    "possible",
    "thank",
    "understand",
    "question",
    "internet",
    "machine",
    "morning",
    "evening",
    "people",
    "little",
    "water",
    "music",
    "picture",
    "travel",
]
_VOICES = {name: f"en-us+{name}" for name in ("f2", "f4", "m3", "m7")}
_TURNED, _BURSTS = 100, 50

WORDS_KIND = f"{len(WORDS)} other words, {len(_VOICES)} voices of espeak's"
TURNED_KIND = f"{_TURNED} digits backwards"
BURSTS_KIND = f"{_BURSTS} bursts of noise"


def other_sounds(recordings: Recordings, rng: Generator) -> Iterator[tuple[str, list[Samples]]]:
    """Each kind, with its sounds."""
    speaker = Pyttsx3Speaker(_VOICES, 160)
    yield WORDS_KIND, [speaker.speak(word, voice).samples / 32768.0 for voice in _VOICES for word in WORDS]
    if recordings.other_words:
        yield f"{len(recordings.other_words)} other words of the prompts", recordings.other_words
    yield TURNED_KIND, [recordings.any_digit(rng)[::-1] for _ in range(_TURNED)]
    yield BURSTS_KIND, [_burst(rng) for _ in range(_BURSTS)]


def _burst(rng: Generator) -> Samples:
    """A breath, a cough, a click: noise of some colour that comes and goes."""
    length = round(rng.uniform(0.03, 0.6) * RATE_HZ)
    colour = np.convolve(rng.standard_normal(length), rng.standard_normal(6), "same")
    return colour * np.hanning(length) * rng.uniform(0.05, 0.4)
