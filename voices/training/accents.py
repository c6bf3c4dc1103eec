"""The line's words as people say them who grew up with another language: eSpeak NG's voices of those languages, told how.

The recorded speakers are few and mostly American; callers are not. A voice that says "tu" and "sri" teaches what no change of
pitch or formants can.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from voices.training import espeak
from voices.training.speech import Speech
from voices.training.units import WORDS

SOURCE = "accents"
_SPELLINGS = files(__package__) / "accents.toml"


@cache
def spellings(file: Traversable = _SPELLINGS) -> Mapping[str, Mapping[str, str]]:
    """For each language, how it would spell the line's words to have them said as in English."""
    written: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))
    names = [unit.name for unit in WORDS]
    return {language: dict(zip(names, words.split(), strict=True)) for language, words in written.items()}


@dataclass(frozen=True, slots=True)
class AccentedVoice:
    """A voice of another language. Words that are none of the line's it reads as its own, which makes other words of them."""

    language: str
    voice: espeak.EspeakVoice

    @property
    def name(self) -> str:
        return self.voice.name

    def speak(self, text: str) -> NDArray[np.float64]:
        """As `Voice.speak`. Raises NoVoice."""
        own = spellings()[self.language]
        return self.voice.speak(" ".join(own.get(word, word) for word in text.split()))


def drawn(rng: np.random.Generator) -> AccentedVoice:
    """Any language's, in any of eSpeak NG's variants."""
    language = str(rng.choice(list(spellings())))
    return AccentedVoice(language, espeak.drawn_of(language, rng))


def is_mistakable(said: Speech) -> bool:
    """Whether a word that is none of the line's sounds like one, as "van" sounds like "one" where w is v."""
    assert isinstance(said.voice, AccentedVoice)
    own = spellings()[said.voice.language]
    return any(_sounds(word, said.voice.language) in _own_sounds(said.voice.language) for word in said.words if word not in own)


@cache
def _own_sounds(language: str) -> frozenset[str]:
    return frozenset(_sounds(spelling, language) for spelling in spellings()[language].values())


@cache
def _sounds(text: str, language: str) -> str:
    return espeak.engine().sounds(text, language)
