"""What the synthetic voices say: digit strings, the line's commands, other words, and digits with another word between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pocketsphinx

from voices.training.dictionary import Pronunciations
from voices.training.speech import Speech, Voice
from voices.training.units import COMMANDS, DIGITS, WORDS

_FREQUENT = 3000
_NEAR = """
    want done sun run from form fine find dive hive live drive late gate hate heaven eleven given even sex fix
    mix sick seeks nice line mine night light hero where wear their free tree tea thing text tax black pack
    bag best bet less yet guess now new not never trouble ripple april repair report help health held hello
    agency aged slow lower flower wake way white what work sir stick sticks stove floor door more fort off
    fire fight size hi hey okay ten twelve thirteen fourteen fifteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred thousand january february march april may june july august september october
    november december monday friday
"""
"""Words near those of the line in sound or in sense; exact homophones are left out below."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may be said beside the line's own words; the near ones are said more often."""

    frequent: tuple[str, ...]
    near: tuple[str, ...]

    def one(self, rng: np.random.Generator) -> str:
        return str(rng.choice(self.near if rng.random() < 0.3 else self.frequent))


def vocabulary(pronunciations: Pronunciations) -> Vocabulary:
    """The most frequent words that sound like no word of the line."""
    ours = {way for unit in WORDS for way in pronunciations[unit.name]}
    usable = [word for word, ways in pronunciations.items() if ours.isdisjoint(ways)]
    return Vocabulary(_most_frequent(usable), tuple(sorted(set(_NEAR.split()) & set(usable))))


def _most_frequent(words: Sequence[str]) -> tuple[str, ...]:
    model = pocketsphinx.NGramModel.readfile(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))
    plain = [word for word in words if 2 <= len(word) <= 10 and word.isascii() and word.isalpha()]
    return tuple(sorted(plain, key=lambda word: (-model.prob([word]), word))[:_FREQUENT])


Draw = Callable[[np.random.Generator], Voice]
"""Draws a voice."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many utterances of each kind."""

    digit_strings: int
    command_strings: int
    other_strings: int
    interrupted_strings: int


def recipes(pronunciations: Pronunciations, amounts: Amounts, draw: Draw, source: str, seed: int) -> Sequence[Speech]:
    """All that some synthetic voices say, always the same for a seed."""
    rng = np.random.default_rng(seed)
    words = vocabulary(pronunciations)
    said = (
        *(_digits(rng) for _ in range(amounts.digit_strings)),
        *(_commands(rng) for _ in range(amounts.command_strings)),
        *(_others(words, rng) for _ in range(amounts.other_strings)),
        *(_interrupted(words, rng) for _ in range(amounts.interrupted_strings)),
    )
    return [_speech(each, draw(rng), source, rng) for each in said]


def _digits(rng: np.random.Generator, longest: int = 8) -> tuple[str, ...]:
    words: list[str] = []
    for _ in range(rng.integers(1, longest + 1)):
        if rng.random() < 0.06:
            words.append(str(rng.choice(["double", "triple"])))
        words.append(DIGITS[rng.integers(len(DIGITS))].name)
    return tuple(words)


def _commands(rng: np.random.Generator) -> tuple[str, ...]:
    count = 1 if rng.random() < 0.6 else rng.integers(2, 4)
    return tuple(str(word) for word in rng.choice([unit.name for unit in COMMANDS], count))


def _others(words: Vocabulary, rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(words.one(rng) for _ in range(rng.integers(1, 4)))


def _interrupted(words: Vocabulary, rng: np.random.Generator) -> tuple[str, ...]:
    return (*_digits(rng, 4), words.one(rng), *_digits(rng, 4))


def _speech(words: tuple[str, ...], voice: Voice, source: str, rng: np.random.Generator) -> Speech:
    pauses_seconds = None if rng.random() < 0.5 else tuple(rng.gamma(1.5, 0.12, len(words) - 1).tolist())
    return Speech(words, voice, pauses_seconds, rng.uniform(0.2, 0.8), source)
