"""Callers out of recordings of single digits: strings of them as they reach the line over a noisy telephone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from strangers import DigitsOf

from voices.sound import RATE_HZ, Sound, trimmed

Samples = NDArray[np.float64]

BEFORE_SECONDS, AFTER_SECONDS = 0.3, 2.0
_BAND_HZ = (300, 3400)
_VOICES_IN_A_BABBLE = 6
_OTHER_PROMPTS = ("day-*", "mon-*", "today", "tomorrow", "yesterday", "million", "thousand", "dollars", "pound", "star")


class Condition(Enum):
    """How loud the noise is: decibels below the speaking voice."""

    CLEAN = 50
    AT_20_DB = 20
    AT_10_DB = 10


class Pace(Enum):
    """How digits follow each other: the gaps between the recordings, in seconds; below zero they overlap."""

    APART = (0.15, 0.4)
    RUN_TOGETHER = (-0.04, 0.06)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What reaches the line, how noisy, and when the last word ends in it."""

    pcm: bytes
    condition: Condition
    ends_seconds: float


class Recordings:
    """Everybody's digits. A set of prompts, as Asterisk's sounds are, has a folder `digits` that holds other words too."""

    def __init__(self, people: Mapping[str, DigitsOf], prompts: Path | None) -> None:
        self._said = {
            (speaker, str(digit)): [samples.astype(np.float64) for samples in recordings]
            for speaker, digits in people.items()
            for digit, recordings in digits.items()
        }
        self._all = [samples for recordings in self._said.values() for samples in recordings]
        self.speakers = sorted({speaker for speaker, _ in self._said})
        self.other_words: list[Samples] = []
        """What the prompts hold besides digits."""
        if prompts:
            files = [file for name in _OTHER_PROMPTS for file in sorted((prompts / "digits").glob(f"{name}.wav"))]
            self.other_words = [trimmed(Sound.of_wav(file.read_bytes())).samples / 32768.0 for file in files]

    def digits_of(self, speaker: str) -> Sequence[str]:
        """Those that they were recorded saying."""
        return sorted(digit for person, digit in self._said if person == speaker)

    def digit(self, speaker: str, digit: str, rng: Generator) -> Samples:
        """One of this speaker's recordings of a digit."""
        recordings = self._said[speaker, digit]
        return recordings[rng.integers(len(recordings))]

    def any_digit(self, rng: Generator) -> Samples:
        """Anybody's recording of any digit."""
        return self._all[rng.integers(len(self._all))]

    def babble(self, samples: int, rng: Generator) -> Samples:
        """Several people at once, backwards: speech that says nothing."""
        mixed = np.zeros(samples)
        for _ in range(_VOICES_IN_A_BABBLE):
            pieces, length = [], 0
            while length < samples:
                pieces.append(self.any_digit(rng)[::-1])
                length += len(pieces[-1])
            mixed += np.concatenate(pieces)[:samples]
        return mixed


class Telephone:
    """The way from a mouth to the line: band, noise, level, mu-law. Noise is pink and babble by turns."""

    def __init__(self, recordings: Recordings, rng: Generator) -> None:
        self.recordings, self._rng = recordings, rng
        self._is_babble = False

    def digits(self, speaker: str, digits: str, pace: Pace, condition: Condition) -> Spoken:
        """A string of digits out of a speaker's recordings."""
        return self.words([self.recordings.digit(speaker, digit, self._rng) for digit in digits], pace, condition)

    def words(self, words: Sequence[Samples], pace: Pace, condition: Condition) -> Spoken:
        """Words one after the other."""
        starts, end = [], round(BEFORE_SECONDS * RATE_HZ)
        for index, word in enumerate(words):
            starts.append(end + round(self._rng.uniform(*pace.value) * RATE_HZ) if index else end)
            end = starts[-1] + len(word)
        sound = np.zeros(end + round(AFTER_SECONDS * RATE_HZ))
        for start, word in zip(starts, words, strict=True):
            sound[start : start + len(word)] += word
        return Spoken(self._sent(_in_band(sound), condition), condition, end / RATE_HZ)

    def _sent(self, voice: Samples, condition: Condition) -> bytes:
        self._is_babble = not self._is_babble
        noise = self.recordings.babble(len(voice), self._rng) if self._is_babble else _pink(len(voice), self._rng)
        noise = _in_band(noise)
        noise *= _active_level(voice) * 10 ** (-condition.value / 20) / np.sqrt(np.square(noise).mean())
        level = 10 ** (self._rng.uniform(-32, -20) / 20)
        noisy = np.clip((voice + noise) * level / _active_level(voice), -1, 1)
        return Sound.of_mulaw(Sound((noisy * 32767).astype(np.int16)).mulaw()).pcm()


def _active_level(voice: Samples) -> float:
    """The root mean square of the 10 ms pieces in which somebody speaks."""
    power = np.square(voice[: len(voice) // 80 * 80]).reshape(-1, 80).mean(axis=1)
    return float(np.sqrt(power[power > power.max() / 1000].mean()))


def _pink(samples: int, rng: Generator) -> Samples:
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), samples)


def _in_band(sound: Samples) -> Samples:
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    low, high = _BAND_HZ
    slope = np.clip((hertz - low + 100) / 100, 0, 1) * np.clip((high + 200 - hertz) / 200, 0, 1)
    return np.fft.irfft(spectrum * slope, len(sound))
