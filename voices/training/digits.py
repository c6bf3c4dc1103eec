"""The Free Spoken Digit Dataset, and the same recordings in other voices.

Four men are few: the WORLD vocoder moves each recording to another pitch, vocal tract and pace, so that women are heard too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyworld
import soxr
from numpy.typing import NDArray

from voices.sound import RATE_HZ, Sound
from voices.training.units import DIGITS
from voices.training.utterance import Utterance, as_samples

SOURCE = "digits"
_VOCODER_RATE_HZ = 16_000
"""WORLD's aperiodicity has no band below 8 kHz of bandwidth, so it works on the signal at twice its rate."""
_FRAME_MILLISECONDS = 5.0
_HIGHEST_HZ = 3_700.0
"""Above this a recording at 8 kHz tells nothing of the voice; a shorter warp repeats what is here."""
_TYPICAL_MAN_HZ = 125.0
_WOMEN = 0.6
"""The share of conversions that become a woman's voice: the speakers are all men."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One recording, as it is or (with a seed) in another voice."""

    path: Path
    seed: int | None

    def utterance(self) -> Utterance:
        spoken = _recording(self.path)
        return spoken if self.seed is None else converted(spoken, np.random.default_rng(self.seed))


def recipes(folder: Path, seed: int, conversions: int = 3) -> Sequence[Digit]:
    """Every recording of the folder, and it again in so many other voices."""
    paths = sorted(folder.glob("*.wav"))
    seeds = iter(np.random.default_rng(seed).integers(2**62, size=len(paths) * conversions))
    return [Digit(path, None) for path in paths] + [Digit(path, int(next(seeds))) for path in paths for _ in range(conversions)]


def _recording(path: Path) -> Utterance:
    digit, speaker, _ = path.stem.split("_")
    return Utterance(Sound.of_wav(path.read_bytes()).samples, (DIGITS[int(digit)].name,), speaker, SOURCE)


@dataclass(frozen=True, slots=True)
class _Voice:
    """What a conversion aims at: mean pitch, length of the formants' scale, pace."""

    pitch_hz: float
    formants: float
    duration: float


def _voice(rng: np.random.Generator) -> _Voice:
    if rng.random() < _WOMEN:
        pitch_hz = rng.uniform(170, 280)
        formants = 1.05 + 0.2 * np.clip((pitch_hz - 170) / 110 + rng.normal(0, 0.35), 0, 1)
    else:
        pitch_hz = rng.uniform(90, 180)
        formants = 0.85 + 0.25 * np.clip((pitch_hz - 90) / 90 + rng.normal(0, 0.35), 0, 1)
    return _Voice(pitch_hz, float(formants), rng.uniform(0.8, 1.3))


def converted(utterance: Utterance, rng: np.random.Generator) -> Utterance:
    """The same words in a random other voice."""
    voice = _voice(rng)
    signal = soxr.resample(utterance.samples.astype(np.float64), RATE_HZ, _VOCODER_RATE_HZ)
    signal += rng.normal(0, 1, len(signal))
    rough, times = pyworld.dio(signal, _VOCODER_RATE_HZ, f0_floor=65.0, f0_ceil=350.0, frame_period=_FRAME_MILLISECONDS)
    pitch = pyworld.stonemask(signal, rough, times, _VOCODER_RATE_HZ)
    envelope = pyworld.cheaptrick(signal, pitch, times, _VOCODER_RATE_HZ)
    breath = pyworld.d4c(signal, pitch, times, _VOCODER_RATE_HZ)
    voiced = pitch[pitch > 0]
    pitch *= voice.pitch_hz / (np.mean(voiced) if len(voiced) else _TYPICAL_MAN_HZ)
    spoken = pyworld.synthesize(
        np.minimum(pitch, 450.0),
        _warped(envelope, voice.formants),
        breath,
        _VOCODER_RATE_HZ,
        _FRAME_MILLISECONDS * voice.duration,
    )
    samples = as_samples(soxr.resample(spoken, _VOCODER_RATE_HZ, RATE_HZ))
    return Utterance(samples, utterance.words, f"{utterance.speaker}/converted", utterance.source)


def _warped(envelope: NDArray[np.float64], formants: float) -> NDArray[np.float64]:
    """The envelope with every formant at `formants` times its frequency."""
    bin_hz = _VOCODER_RATE_HZ / 2 / (envelope.shape[1] - 1)
    wanted = np.minimum(np.arange(envelope.shape[1]) / formants, _HIGHEST_HZ / bin_hz)
    below = wanted.astype(int)
    share = wanted - below
    logs = np.log(envelope)
    return np.ascontiguousarray(np.exp(logs[:, below] * (1 - share) + logs[:, below + 1] * share))
