"""How long nobody has spoken, told by loudness alone: at once, where a recogniser needs to hear what comes after a word."""

import numpy

from voices.sound import RATE_HZ, Samples

_FLOOR_RISES = 2.5
_PEAK_FALLS = 5.0
"""Decibels a second by which the background's level is taken to rise, and the voice's to fall, while nothing shows it."""
_LEAST_HEIGHT = 10.0
"""A voice stands so many decibels above the background, or it is not told from it, and nothing counts as quiet."""
_SHARE = 0.4
"""What stands less than this share of the voice's height above the background is quiet."""


class Quiet:
    """Follows one caller's sound."""

    def __init__(self) -> None:
        self._floor: float | None = None
        self._peak = 0.0
        self._seconds = 0.0

    def feed(self, samples: Samples) -> float:
        """For how many seconds it has been quiet after a voice, these samples included."""
        seconds = samples.size / RATE_HZ
        level = 10 * float(numpy.log10(numpy.square(samples.astype(numpy.float64)).mean() + 1.0)) if samples.size else 0.0
        if self._floor is None:
            self._floor = self._peak = level
        self._floor = min(level, self._floor + _FLOOR_RISES * seconds)
        self._peak = max(level, self._peak - _PEAK_FALLS * seconds)
        height = self._peak - self._floor
        is_quiet = height > _LEAST_HEIGHT and level < self._floor + _SHARE * height
        self._seconds = self._seconds + seconds if is_quiet else 0.0
        return self._seconds
