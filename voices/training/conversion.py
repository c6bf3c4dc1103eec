"""Changing a voice into another person's: the WORLD vocoder moves it to another pitch, vocal tract and pace."""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from voices.sound import RATE_HZ
from voices.training import vocoder

_VOCODER_RATE_HZ = 16_000
"""WORLD's aperiodicity has no band below 8 kHz of bandwidth, so it works on the signal at twice its rate."""
_FRAME_MILLISECONDS = 5.0
_HIGHEST_HZ = 3_700.0
"""Above this a recording at 8 kHz tells nothing of the voice; a shorter warp repeats what is here."""
_TYPICAL_MAN_HZ = 125.0
_WOMEN = 0.6
"""The share of conversions that become a woman's voice: the speakers are all men."""


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


def other_voice(spoken: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """The same words at 8 kHz in a random other voice."""
    voice = _voice(rng)
    signal = soxr.resample(spoken * (0.5 * 32767 / max(np.abs(spoken).max(), 1e-9)), RATE_HZ, _VOCODER_RATE_HZ)
    signal += rng.normal(0, 1, len(signal))
    rough, times = vocoder.dio(signal, _VOCODER_RATE_HZ, f0_floor=65.0, f0_ceil=350.0, frame_period=_FRAME_MILLISECONDS)
    pitch = vocoder.stonemask(signal, rough, times, _VOCODER_RATE_HZ)
    envelope = vocoder.cheaptrick(signal, pitch, times, _VOCODER_RATE_HZ)
    breath = vocoder.d4c(signal, pitch, times, _VOCODER_RATE_HZ)
    voiced = pitch[pitch > 0]
    pitch *= voice.pitch_hz / (np.mean(voiced) if len(voiced) else _TYPICAL_MAN_HZ)
    changed = vocoder.synthesize(
        np.minimum(pitch, 450.0),
        _warped(envelope, voice.formants),
        breath,
        _VOCODER_RATE_HZ,
        _FRAME_MILLISECONDS * voice.duration,
    )
    moved: NDArray[np.float64] = soxr.resample(changed, _VOCODER_RATE_HZ, RATE_HZ)
    return moved / max(float(np.abs(moved).max()), 1e-9)


def _warped(envelope: NDArray[np.float64], formants: float) -> NDArray[np.float64]:
    """The envelope with every formant at `formants` times its frequency."""
    bin_hz = _VOCODER_RATE_HZ / 2 / (envelope.shape[1] - 1)
    wanted = np.minimum(np.arange(envelope.shape[1]) / formants, _HIGHEST_HZ / bin_hz)
    below = wanted.astype(int)
    share = wanted - below
    logs = np.log(envelope)
    return np.ascontiguousarray(np.exp(logs[:, below] * (1 - share) + logs[:, below + 1] * share))
