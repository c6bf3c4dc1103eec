"""Judges a trained model by people it never heard: their digits, one by one and in groups, over a noisy telephone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.random import Generator

from voices.sound import RATE_HZ
from voices.training.augmentation import Samples, mu_law
from voices.training.digits import DigitsOf
from voices.training.units import DIGITS
from voices.vosk_listener import VoskListener

CONDITIONS = (None, 20.0, 10.0)
"""Pink noise so many decibels below the voice; None: hardly any."""
_GROUP = 6
_PROCESSES = 2
_CHUNK = RATE_HZ // 50
_NAMES = tuple(unit.name for unit in DIGITS[:10])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What share was understood of one speaker in one condition, as first guesses."""

    speaker: str
    noise_decibels: float | None
    digits: float
    groups_apart: float
    groups_run_together: float


def judge(
    models: Mapping[str, Path], people: Mapping[str, DigitsOf], singles: int = 120, groups: int = 40
) -> Iterator[Judgement]:
    """Every speaker in every condition, by the model that is theirs in `models`; the same trials for the same recordings.

    Each row takes so many single digits, and so many groups said apart and run together.
    """
    tasks = [
        _Task(models[speaker], speaker, people[speaker], noise, singles, groups) for speaker in models for noise in CONDITIONS
    ]
    with get_context("spawn").Pool(_PROCESSES) as pool:
        yield from pool.imap(_judged, tasks)


@dataclass(frozen=True, slots=True)
class _Task:
    """One row of the report, as a process gets it."""

    model: Path
    speaker: str
    recordings: DigitsOf
    noise_decibels: float | None
    singles: int
    groups: int


def _judged(task: _Task) -> Judgement:
    listener, recordings, noise = VoskListener(task.model), task.recordings, task.noise_decibels
    rng = np.random.default_rng(1)

    def share(trials: int, length: int, low: float, high: float) -> float:
        strings = islice(_strings(recordings, length, low, high, rng), trials)
        asked = length if length > 1 else None
        return sum(_heard(listener, _telephone(sound, noise, rng), asked) == said for said, sound in strings) / trials

    single, apart, run_together = (
        share(task.singles, 1, 0, 0),
        share(task.groups, _GROUP, 0.15, 0.4),
        share(task.groups, _GROUP, -0.04, 0.06),
    )
    return Judgement(task.speaker, noise, single, apart, run_together)


def _strings(recordings: DigitsOf, length: int, low: float, high: float, rng: Generator) -> Iterator[tuple[str, Samples]]:
    """Random digit strings, with gaps of so many seconds between the recordings; below zero they overlap."""
    while True:
        digits = rng.choice(list(recordings), length)
        sound, end = np.zeros(10 * RATE_HZ, np.float32), int(0.3 * RATE_HZ)
        for digit in digits:
            said = recordings[digit]
            word = said[int(rng.integers(len(said)))]
            start = end + int(rng.uniform(low, high) * RATE_HZ)
            sound[start : start + len(word)] += word
            end = start + len(word)
        yield "".join(map(str, digits)), sound[: end + RATE_HZ].astype(np.float32)


def _telephone(sound: Samples, noise_decibels: float | None, rng: Generator) -> bytes:
    """Pink noise, and mu-law."""
    level = float(np.sqrt(np.square(sound).mean())) * 10 ** (-(60.0 if noise_decibels is None else noise_decibels) / 20)
    spectrum = np.fft.rfft(rng.standard_normal(len(sound)))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 30)), len(sound))
    noisy = sound + noise * (level / float(np.sqrt(np.square(noise).mean())))
    return bytes((mu_law(np.clip(noisy, -1, 1).astype(np.float32)) * 32767).astype("<i2").tobytes())


def _heard(listener: VoskListener, pcm: bytes, asked: int | None) -> str | None:
    """The digits of the first guess, where so many are asked for; None when another word was heard."""
    hearing = listener.listen(digits=asked)
    results = [hearing.feed(pcm[at : at + 2 * _CHUNK]) for at in range(0, len(pcm), 2 * _CHUNK)]
    finals = [result for result in (*results, hearing.finish()) if result and result.is_final and result.alternatives]
    words = [word for result in finals for word in result.alternatives[0].text.split()]
    digits = ["0" if word == "oh" else str(_NAMES.index(word)) if word in _NAMES else "?" for word in words]
    return None if "?" in digits else "".join(digits)
