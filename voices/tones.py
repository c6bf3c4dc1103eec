"""Signs that need no words, made of numbers: nobody's recording, so nobody's licence."""

from functools import cache
from math import cos, pi, sin

from voices.music import SAMPLE_RATE_HZ, wav_of

ACCEPTED_HZ = (659.26, 880.0)
"""E and the A above it, a fourth up. Either lies in DTMF's lower group alone, so that no key sounds like it."""
NOTE_SECONDS = 0.08
ATTACK_SECONDS = 0.012


@cache
def accepted_wav() -> bytes:
    """Two soft rising notes: what was said or keyed is accepted. A WAV of 16-bit mono PCM at 8000 Hz, 160 ms long."""
    return wav_of([sample for hertz in ACCEPTED_HZ for sample in _note(hertz)])


def _note(hertz: float) -> list[float]:
    """A sine that swells quickly and dies away slowly, from nothing to nothing."""
    times = [index / SAMPLE_RATE_HZ for index in range(round(NOTE_SECONDS * SAMPLE_RATE_HZ))]
    return [_envelope(seconds) * sin(2 * pi * hertz * seconds) for seconds in times]


def _envelope(seconds: float) -> float:
    if seconds < ATTACK_SECONDS:
        return sin(pi / 2 * seconds / ATTACK_SECONDS) ** 2
    return cos(pi / 2 * (seconds - ATTACK_SECONDS) / (NOTE_SECONDS - ATTACK_SECONDS)) ** 2
