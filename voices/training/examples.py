"""Draws training examples out of the corpus: what a caller might say, in which voice, and how it arrives."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from voices.sound import RATE_HZ
from voices.training.augmentation import Noises, Samples, breath, on_the_telephone, with_speed
from voices.training.units import GARBAGE, NOISE, WORDS
from voices.training.utterance import Utterance

LENGTHS_SECONDS = (1.2, 1.7, 2.4, 3.2)
"""All examples of a batch have one of these lengths."""
_OURS = frozenset(unit.name for unit in WORDS)
_HOMOPHONES = {"o": "oh", "won": "one", "too": "two", "to": "two", "for": "four", "ate": "eight", "know": "no"}
"""Words that sound like a word of the line: nobody can hear the difference."""

Words = list[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Example:
    """A sound at full scale 1.0, and what was said: a row of words, each a row of unit names."""

    samples: Samples
    words: Words


class Examples:
    """An endless supply of examples, drawn from the utterances of some speakers."""

    def __init__(self, utterances: Sequence[Utterance], rng: Generator) -> None:
        self._rng = rng
        self._digits: dict[str, list[Utterance]] = defaultdict(list)
        for each in utterances:
            if each.source == "digits":
                self._digits[each.speaker].append(each)
        self._people = [each for each in utterances if each.source == "an4"]
        self._synthetic = [each for each in utterances if each.source == "espeak"]
        self._people_with_digits = [each for each in self._people if not _OURS.isdisjoint(each.words)]
        self._noises = Noises([_sound(each) for each in (*self._people, *self._synthetic)[:600]], rng)
        self._kinds: tuple[tuple[float, Callable[[float], Example]], ...] = (
            (0.38, self._digit_string),
            (0.12, lambda seconds: self._whole(self._people, seconds)),
            (0.23, lambda seconds: self._whole(self._people_with_digits, seconds)),
            (0.17, lambda seconds: self._whole(self._synthetic, seconds)),
            (0.06, self._among_other_words),
            (0.04, self._nothing),
        )

    def batch(self, size: int) -> list[Example]:
        """Examples of one length, as they arrive over the telephone."""
        seconds = float(self._rng.choice(LENGTHS_SECONDS))
        chances = [chance for chance, _ in self._kinds]
        kinds = self._rng.choice(len(chances), size, p=chances)
        return [self._arriving(self._kinds[kind][1](seconds), seconds) for kind in kinds]

    def _arriving(self, example: Example, seconds: float) -> Example:
        """Somewhere in a stretch of noise of the length asked for."""
        size = int(seconds * RATE_HZ)
        room = max(size - len(example.samples), 0)
        before = int(self._rng.uniform(0, min(room, RATE_HZ)))
        sound = np.zeros(size, np.float32)
        sound[before : before + len(example.samples)] = example.samples[:size]
        if not example.words or self._rng.random() < 0.1:
            sound, words = self._with_breath(sound, before, example)
        else:
            words = example.words
        return Example(on_the_telephone(sound, self._noises, self._rng), words)

    def _with_breath(self, sound: Samples, before: int, example: Example) -> tuple[Samples, Words]:
        """A breath ahead of the words, if there is room for it."""
        puff = breath(self._rng)
        if len(puff) + 400 > before:
            return sound, example.words
        at = int(self._rng.uniform(0, before - len(puff)))
        loud = max(float(np.abs(example.samples).max(initial=0.0)), 0.05)
        sound[at : at + len(puff)] += puff * loud * 2
        return sound, [(NOISE.name,), *example.words]

    def _digit_string(self, seconds: float) -> Example:
        """Recordings of single digits in a row, near or far from one another, in the voice of one speaker."""
        voice = self._digits[str(self._rng.choice(list(self._digits)))]
        most = max(1, min(8, int(seconds / 0.45)))
        speed = float(np.exp(self._rng.normal(0, 0.1)))
        pieces = [voice[index] for index in self._rng.integers(len(voice), size=self._rng.integers(1, most + 1))]
        spoken = [(self._cut(with_speed(_sound(piece), speed)), _units(piece.words[0])) for piece in pieces]
        return self._joined(spoken, seconds)

    def _among_other_words(self, seconds: float) -> Example:
        """Digits with other people's words between them."""
        other = self._draw(self._people if self._rng.random() < 0.5 else self._synthetic)
        said = self._digit_string(max(seconds - len(other.samples) / RATE_HZ, 0.7))
        parts = [(said.samples, said.words), (_sound(other), [_units(word) for word in other.words])]
        if self._rng.random() < 0.5:
            parts.reverse()
        gap = np.zeros(int(self._rng.uniform(0.02, 0.4) * RATE_HZ), np.float32)
        samples = np.concatenate((parts[0][0], gap, parts[1][0]))
        if len(samples) > seconds * RATE_HZ:
            return said
        return Example(samples, [*parts[0][1], *parts[1][1]])

    def _whole(self, utterances: Sequence[Utterance], seconds: float) -> Example:
        """One utterance as it was said, one of those that fit."""
        for _ in range(20):
            drawn = self._draw(utterances)
            sound = with_speed(_sound(drawn), float(np.exp(self._rng.normal(0, 0.06))))
            if len(sound) < seconds * RATE_HZ:
                return Example(sound, [_units(word) for word in drawn.words])
        return self._digit_string(seconds)

    def _nothing(self, seconds: float) -> Example:
        return Example(np.zeros(0, np.float32), [])

    def _joined(self, spoken: Sequence[tuple[Samples, Sequence[str]]], seconds: float) -> Example:
        """As many as fit, with gaps; run together, they overlap by a little."""
        flowing = self._rng.random() < 0.45
        samples, end = np.zeros(int(seconds * RATE_HZ), np.float32), 0
        words: Words = []
        for sound, units in spoken:
            gap = self._rng.uniform(-0.05, 0.05) if flowing else self._rng.uniform(0.03, 0.45)
            start = max(0, end + int(gap * RATE_HZ)) if words else 0
            if start + len(sound) > len(samples):
                break
            samples[start : start + len(sound)] += sound * 10 ** (self._rng.normal(0, 2) / 20)
            words.append(units)
            end = start + len(sound)
        return Example(samples[:end], words)

    def _cut(self, sound: Samples) -> Samples:
        """Now and then the very beginning or end is missing."""
        if self._rng.random() < 0.85:
            return sound
        first, last = (self._rng.uniform(0, 0.04, 2) * RATE_HZ).astype(int)
        return sound[first : len(sound) - last]

    def _draw(self, utterances: Sequence[Utterance]) -> Utterance:
        return utterances[int(self._rng.integers(len(utterances)))]


def _units(word: str) -> Sequence[str]:
    """The word's own unit; for a word that is none of ours, garbage and more garbage."""
    word = _HOMOPHONES.get(word, word)
    return (word,) if word in _OURS else (GARBAGE.name, GARBAGE.name)


def _sound(utterance: Utterance) -> Samples:
    """At a common level: an RMS of 0.1."""
    sound = utterance.samples.astype(np.float32)
    return np.asarray(sound * (0.1 / max(float(np.sqrt(np.square(sound).mean())), 1e-3)), np.float32)
