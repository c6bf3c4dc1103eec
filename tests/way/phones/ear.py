"""What a phone heard, held against what the line's voice sounds like: a sentence is found by its very waveform.

A telephone line of µ-law carries a sentence unchanged but for its loudness, so that a matched filter finds it within a sample.
"""

import time
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy

from voices.sound import RATE_HZ, Sound, joined, silence

PATIENCE_SECONDS = 60.0
LIKENESS = 0.7
"""From here on (a normalised correlation, 1.0 at most) a sound is the one that was looked for, in a phone that draws it out too."""
LOOK_SECONDS = 0.05
HEADER_BYTES = 44
QUIET_SECONDS = 300.0


class Ear:
    """Follows a call by its sound: each thing is heard after the one before it."""

    def __init__(self, heard: Callable[[], Sound]) -> None:
        self._heard = heard
        self.at_seconds = 0.0
        """Where the last sound that was found begins."""
        self.past_seconds = 0.0
        """Where it ends."""

    def hear(self, expected: Sound, within_seconds: float = PATIENCE_SECONDS) -> None:
        """Waits until this has been heard. Raises AssertionError."""
        if not self.hears(expected, within_seconds):
            likeness = best_match(self._since(), expected)[1]
            raise AssertionError(f"not heard: the best match is {likeness:.2f}, after {self.past_seconds:.1f} s")

    def hears(self, expected: Sound, within_seconds: float) -> bool:
        """Whether this is heard in time; what is heard next comes after it."""
        return self.hears_one_of([expected], within_seconds) is not None

    def hears_one_of(self, expected: Sequence[Sound], within_seconds: float) -> int | None:
        """Which of these is heard in time, by its place; None when none is."""
        deadline = time.monotonic() + within_seconds
        while True:
            since = self._since()
            found = [best_match(since, sound) for sound in expected]
            best = max(range(len(found)), key=lambda place: found[place][1])
            if found[best][1] >= LIKENESS:
                self.at_seconds = self.past_seconds + found[best][0]
                self.past_seconds = self.at_seconds + expected[best].seconds
                return best
            if time.monotonic() >= deadline:
                return None
            time.sleep(LOOK_SECONDS)

    def between(self, from_seconds: float, to_seconds: float) -> Sound:
        """A part of what was heard."""
        return part(self._heard(), from_seconds, to_seconds)

    def _since(self) -> Sound:
        return Sound(self._heard().samples[round(self.past_seconds * RATE_HZ) :].copy())


def part(sound: Sound, from_seconds: float, to_seconds: float) -> Sound:
    """What is between these times."""
    return Sound(sound.samples[round(from_seconds * RATE_HZ) : round(to_seconds * RATE_HZ)].copy())


def head(sound: Sound, seconds: float) -> Sound:
    """Its beginning: enough to know a sentence by."""
    return Sound(sound.samples[: round(seconds * RATE_HZ)].copy())


def best_match(heard: Sound, expected: Sound) -> tuple[float, float]:
    """Where in what was heard this fits best, in seconds, and how well: 1.0 is the same but for its loudness."""
    there, wanted = heard.samples.astype(numpy.float64), expected.samples.astype(numpy.float64)
    if len(there) < len(wanted) or not wanted.any():
        return 0.0, 0.0
    size = 1 << (len(there) + len(wanted) - 1).bit_length()
    spectrum = numpy.fft.rfft(there, size) * numpy.conj(numpy.fft.rfft(wanted, size))
    products = numpy.fft.irfft(spectrum, size)[: len(there) - len(wanted) + 1]
    sums = numpy.concatenate([[0.0], numpy.cumsum(there**2)])
    energies = sums[len(wanted) :] - sums[: -len(wanted)]
    floor = 0.01 * float(wanted @ wanted)
    likeness = products / numpy.sqrt(numpy.maximum(energies, floor) * float(wanted @ wanted))
    best = int(likeness.argmax())
    return best / RATE_HZ, float(likeness[best])


def growing_recording(path: Path) -> Sound:
    """A WAV file of 16-bit samples at 8000 Hz that is being written still: its header is wrong, or not there at all."""
    pcm = path.read_bytes()[HEADER_BYTES:]
    return Sound.of_pcm(pcm[: len(pcm) // 2 * 2])


def spoken_then_silence(sound: Sound) -> bytes:
    """A WAV file that outlasts the test: a phone whose file ends hangs up."""
    return joined((sound, silence(QUIET_SECONDS))).wav()


def written(path: Path, sound: Sound) -> Path:
    """The sound as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(sound.pcm())
    return path
