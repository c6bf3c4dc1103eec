"""Draws training examples out of the corpus: what a caller might say, in which voice, and how it arrives."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from voices.sound import RATE_HZ, Sound
from voices.tones import key_wav
from voices.training import accents, an4, an4_words, digits, espeak, flite
from voices.training.augmentation import Noises, Samples, breath, loud_part, on_the_telephone, with_speed
from voices.training.units import DIGITS, GARBAGE, NOISE, WORDS
from voices.training.utterance import Utterance

LENGTHS_SECONDS = (1.2, 1.7, 2.4, 3.2)
"""All examples of a step have one of these lengths."""
_OURS = frozenset(unit.name for unit in WORDS)
_HOMOPHONES = {"o": "oh", "won": "one", "too": "two", "to": "two", "for": "four", "ate": "eight", "know": "no"}
"""Words that sound like a word of the line: nobody can hear the difference."""

_SYNTHETIC = (espeak.SOURCE, flite.SOURCE, accents.SOURCE)
_KEYS = "0123456789*#"
_ROW_SPEEDS, _WHOLE_SPEEDS = (-0.2, 0.16), (-0.16, 0.12)
"""Natural logarithms of how much faster and higher a voice may become; slower and deeper is what recordings lack."""
_LOUDNESS_VARIES = 4.0
"""Decibels (standard deviation): people say "two" and "six" up to 6 dB below their other digits, and noise drowns those."""
_NUMERALS = frozenset(unit.name for unit in DIGITS)
_Voice = Mapping[str, Sequence[Utterance]]
"""One person's recordings of single words."""
_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Example:
    """A sound at full scale 1.0, and what was said; a breath is a word too, of NOISE's name."""

    samples: Samples
    words: Sequence[str]


class Examples:
    """An endless supply of examples, drawn from the utterances of some speakers."""

    def __init__(self, utterances: Sequence[Utterance], rng: Generator) -> None:
        self._rng = rng
        self._recorded = _voices(utterances, digits.SOURCE)
        self._cut = _voices(utterances, an4_words.SOURCE)
        self._people = _of(utterances, an4.SOURCE)
        self._people_with_digits = [each for each in self._people if not _OURS.isdisjoint(each.words)]
        self._synthetic = [made for made in (_of(utterances, source) for source in _SYNTHETIC) if made]
        self._noises = Noises([_sound(each) for each in (*self._people, *_of(utterances, digits.SOURCE))[::9]], rng)
        self._kinds: tuple[tuple[float, Callable[[float], Example]], ...] = (
            (0.24, self._digit_string),
            (0.18, self._cut_words),
            (0.06, lambda seconds: self._whole(self._people, seconds)),
            (0.16, lambda seconds: self._whole(self._people_with_digits, seconds)),
            (0.26, lambda seconds: self._whole(self._any(self._synthetic), seconds)),
            (0.06, self._among_other_words),
            (0.04, self._nothing),
        )

    def batch(self, size: int, seconds: float) -> list[Example]:
        """Examples of this length, as they arrive over the telephone."""
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
        words = example.words
        if not words or self._rng.random() < 0.1:
            puff = breath(self._rng) * 2
            words = (NOISE.name, *words) if self._has_put_ahead(puff, sound, before, example) else words
        elif self._rng.random() < 0.05:
            self._has_put_ahead(self._keys(), sound, before, example)
        return Example(on_the_telephone(sound, self._noises, self._rng), words)

    def _has_put_ahead(self, added: Samples, sound: Samples, before: int, example: Example) -> bool:
        """Something as loud as the words are, somewhere ahead of them, if there is room for it."""
        if len(added) + 400 > before:
            return False
        at = int(self._rng.uniform(0, before - len(added)))
        sound[at : at + len(added)] += added * max(float(np.abs(example.samples).max(initial=0.0)), 0.05)
        return True

    def _keys(self) -> Samples:
        """The tones of some keys, which say nothing to somebody who listens for words."""
        pressed = self._rng.choice(list(_KEYS), self._rng.integers(1, 4))
        tones = np.concatenate([Sound.of_wav(key_wav(key)).samples / 32768 for key in pressed])
        return np.asarray(tones * self._rng.uniform(0.5, 4), np.float32)

    def _digit_string(self, seconds: float) -> Example:
        """Recordings of single digits in a row, near or far from one another, in the voice of one speaker."""
        return self._row(self._any(self._recorded), _NUMERALS, seconds)

    def _cut_words(self, seconds: float) -> Example:
        """Words out of one speaker's answers in a new row, mostly digits."""
        voice = self._any(self._cut)
        return self._row(voice, _NUMERALS if self._rng.random() < 0.8 else frozenset(voice), seconds)

    def _row(self, voice: _Voice, wanted: Set[str], seconds: float) -> Example:
        """Some of these words in a row."""
        words = [word for word in voice if word in wanted] or list(voice)
        most = max(1, min(8, int(seconds / 0.45)))
        speed = float(np.exp(self._rng.uniform(*_ROW_SPEEDS)))
        drawn = [words[index] for index in self._rng.integers(len(words), size=self._rng.integers(1, most + 1))]
        spoken = [(self._recorded_alone(with_speed(_sound(self._any(voice[word])), speed)), word) for word in drawn]
        return self._joined(spoken, seconds)

    def _among_other_words(self, seconds: float) -> Example:
        """Digits with other people's words between them."""
        other = self._any(self._people if self._rng.random() < 0.5 else self._any(self._synthetic))
        said = self._digit_string(max(seconds - len(other.samples) / RATE_HZ, 0.7))
        parts = [(said.samples, said.words), (_sound(other), other.words)]
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
            drawn = self._any(utterances)
            sound = with_speed(_sound(drawn), float(np.exp(self._rng.uniform(*_WHOLE_SPEEDS))))
            if len(sound) < seconds * RATE_HZ:
                return Example(sound, drawn.words)
        return self._digit_string(seconds)

    def _nothing(self, seconds: float) -> Example:
        return Example(np.zeros(0, np.float32), ())

    def _joined(self, spoken: Sequence[tuple[Samples, str]], seconds: float) -> Example:
        """As many as fit, with gaps; run together, they overlap by a little."""
        flowing = self._rng.random() < 0.45
        samples, end = np.zeros(int(seconds * RATE_HZ), np.float32), 0
        words: list[str] = []
        for sound, word in spoken:
            gap = self._rng.uniform(-0.05, 0.05) if flowing else self._rng.uniform(0.03, 0.45)
            start = max(0, end + int(gap * RATE_HZ)) if words else 0
            if start + len(sound) > len(samples):
                break
            samples[start : start + len(sound)] += sound * 10 ** (self._rng.normal(0, _LOUDNESS_VARIES) / 20)
            words.append(word)
            end = start + len(sound)
        return Example(samples[:end], words)

    def _recorded_alone(self, sound: Samples) -> Samples:
        """A word with its own room's noise, as far as a recorder, or a line that sends nothing in silence, let it pass."""
        if self._rng.random() < 0.5:
            level = float(np.sqrt(np.square(sound).mean())) * 10 ** (-self._rng.uniform(15, 45) / 20)
            sound = sound + self._noises.draw(len(sound), self._rng) * np.float32(level / 0.1)
        return loud_part(sound, self._rng.uniform(10, 40)) if self._rng.random() < 0.6 else sound

    def _any(self, those: Sequence[_Kind]) -> _Kind:
        return those[int(self._rng.integers(len(those)))]


def _of(utterances: Sequence[Utterance], source: str) -> list[Utterance]:
    return [each for each in utterances if each.source == source]


def _voices(utterances: Sequence[Utterance], source: str) -> list[_Voice]:
    """The single words of each speaker of a source."""
    voices: dict[str, dict[str, list[Utterance]]] = defaultdict(lambda: defaultdict(list))
    for each in _of(utterances, source):
        voices[each.speaker][each.words[0]].append(each)
    return list(voices.values())


def units_of(word: str) -> Sequence[str]:
    """The word's own unit; a breath's; for a word that is none of ours, garbage and more garbage."""
    word = _HOMOPHONES.get(word, word)
    return (word,) if word in _OURS or word == NOISE.name else (GARBAGE.name, GARBAGE.name)


def _sound(utterance: Utterance) -> Samples:
    """At a common level: an RMS of 0.1."""
    sound = utterance.samples.astype(np.float32)
    return np.asarray(sound * (0.1 / max(float(np.sqrt(np.square(sound).mean())), 1e-3)), np.float32)
