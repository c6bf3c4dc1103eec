"""What a phone heard, held against what the line's voice sounds like: a sentence is found by its very waveform.

A telephone line of µ-law carries a sentence unchanged but for its loudness, so that a matched filter finds it within a sample. A
phone does not: on a busy machine it leaves out a frame here and repeats one there, so that longer sounds are found piece by piece.
"""

import time
import wave
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from voices.sound import RATE_HZ, Sound, joined, silence

PATIENCE_SECONDS = 60.0
LIKENESS, LONG_LIKENESS = 0.75, 0.6
"""From here on (a normalised correlation, 1.0 at most) a sound is the one that was looked for. No two sentences that are longer
than a second have more than 0.4 in common."""
LONG_SECONDS = 1.2
CHARACTER_LIKENESS, CHARACTER_SECONDS = 0.5, 0.3
"""The same for one of several characters, of which the likest counts; and no two begin closer together."""
PIECE_SECONDS, DRIFT_SECONDS, STEP_SECONDS = 0.4, 0.3, 0.01
"""Each piece of a sentence may be found so far from its place in it. Phones leave out and repeat whole steps."""
FARTHEST_COSTS = 0.05
"""What a piece loses of its likeness at that distance, so that the place where most pieces fit is the best one."""
QUIET_SHARE = 0.05
"""A piece with less than this share of the mean power is a pause, which is like any other."""
LOOK_SECONDS = 0.1
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
            likeness = best_passage(part(self._heard(), self.past_seconds, self._heard().seconds), expected)[1]
            raise AssertionError(f"not heard: the best match is {likeness:.2f}, after {self.past_seconds:.1f} s")

    def hears(self, expected: Sound, within_seconds: float) -> bool:
        """Whether this is heard in time; what is heard next comes after it."""
        return self.hears_one_of([expected], within_seconds) is not None

    def hears_one_of(self, expected: Sequence[Sound], within_seconds: float) -> int | None:
        """Which of these is heard in time, by its place; None when none is."""
        deadline = time.monotonic() + within_seconds
        longest = max(sound.seconds for sound in expected) + 2 * DRIFT_SECONDS
        looked_seconds = self.past_seconds
        while True:
            heard = self._heard()
            since = part(heard, looked_seconds, heard.seconds)
            for place, sound in enumerate(expected):
                at, likeness = best_passage(since, sound)
                if likeness >= _enough(sound):
                    self.at_seconds = looked_seconds + at
                    self.past_seconds = self.at_seconds + _surely_lasts(sound)
                    return place
            if time.monotonic() >= deadline:
                return None
            looked_seconds = max(self.past_seconds, heard.seconds - longest)
            time.sleep(LOOK_SECONDS)

    def between(self, from_seconds: float, to_seconds: float) -> Sound:
        """A part of what was heard."""
        return part(self._heard(), from_seconds, to_seconds)


def part(sound: Sound, from_seconds: float, to_seconds: float) -> Sound:
    """What is between these times."""
    return Sound(sound.samples[round(from_seconds * RATE_HZ) : round(to_seconds * RATE_HZ)].copy())


def head(sound: Sound, seconds: float) -> Sound:
    """Its beginning: enough to know a sentence by."""
    return Sound(sound.samples[: round(seconds * RATE_HZ)].copy())


def best_match(heard: Sound, expected: Sound) -> tuple[float, float]:
    """Where in what was heard this fits best, in seconds, and how well: 1.0 is the same but for its loudness."""
    likeness = _likeness(heard, expected)
    best = int(likeness.argmax())
    return best / RATE_HZ, float(likeness[best])


def best_passage(heard: Sound, expected: Sound) -> tuple[float, float]:
    """The same for a sound of which a phone has lost some, or drawn some out: the mean of its pieces, each near its place."""
    pieces = _pieces(expected)
    if len(pieces) < 2 or heard.seconds < expected.seconds:
        return best_match(heard, expected)
    fits = numpy.mean([_near_its_place(_likeness(heard, piece), at) for at, piece in pieces], axis=0)
    latest = round((heard.seconds - expected.seconds) / STEP_SECONDS)  # what begins after that is not over yet
    best = int(fits[: latest + 1].argmax())
    return best * STEP_SECONDS, float(fits[best])


def characters_in(heard: Sound, sounds: Mapping[str, Sound]) -> str:
    """What is said in it character by character, by the sound of each; the likest is found first, and keeps its place."""
    curves = [_by_steps(_likeness(heard, sound)) for sound in sounds.values()]
    fits = numpy.array([curve[: min(map(len, curves))] for curve in curves])
    apart = round(CHARACTER_SECONDS / STEP_SECONDS)
    found: list[tuple[int, str]] = []
    while fits.max() >= CHARACTER_LIKENESS:
        which, at = numpy.unravel_index(fits.argmax(), fits.shape)
        found.append((int(at), list(sounds)[which]))
        fits[:, max(0, at - apart) : at + apart] = 0
    return "".join(character for _, character in sorted(found))


def _enough(sound: Sound) -> float:
    return LONG_LIKENESS if sound.seconds >= LONG_SECONDS else LIKENESS


def _surely_lasts(sound: Sound) -> float:
    """Its seconds, but for those that a phone may have left out."""
    return sound.seconds - DRIFT_SECONDS if sound.seconds >= 2 * PIECE_SECONDS else sound.seconds


def _pieces(sound: Sound) -> list[tuple[float, Sound]]:
    """Pieces of one length, and where in the sound each begins; without its pauses."""
    length = len(sound.samples) // max(1, round(sound.seconds / PIECE_SECONDS))
    begins = range(0, len(sound.samples) - length + 1, length)
    pieces = [(begin / RATE_HZ, Sound(sound.samples[begin : begin + length].copy())) for begin in begins]
    powers = [float(numpy.mean(numpy.square(piece.samples, dtype=numpy.float64))) for _, piece in pieces]
    least = QUIET_SHARE * max(powers)
    return [piece for piece, power in zip(pieces, powers, strict=True) if power > least]


def _near_its_place(likeness: NDArray[numpy.float64], at_seconds: float) -> NDArray[numpy.float64]:
    """For each step of what was heard: how well a piece fits that belongs so long after it, allowing for drift."""
    farthest, by_steps = round(DRIFT_SECONDS / STEP_SECONDS), _by_steps(likeness)
    count = len(by_steps)
    best = numpy.pad(by_steps, (farthest, farthest + count))
    begin = round(at_seconds / STEP_SECONDS)
    costs = FARTHEST_COSTS / farthest * numpy.abs(numpy.arange(-farthest, farthest + 1))
    near = sliding_window_view(best, 2 * farthest + 1)[begin : begin + count] - costs
    return near.max(axis=1)


def _by_steps(likeness: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """The best of each step."""
    samples = round(STEP_SECONDS * RATE_HZ)
    steps = numpy.pad(likeness, (0, -len(likeness) % samples)).reshape(-1, samples)
    best: NDArray[numpy.float64] = steps.max(axis=1)
    return best


def _likeness(heard: Sound, expected: Sound) -> NDArray[numpy.float64]:
    """For each place in what was heard, how like the expected sound is what begins there."""
    there, wanted = heard.samples.astype(numpy.float64), expected.samples.astype(numpy.float64)
    if len(there) < len(wanted) or not wanted.any():
        return numpy.zeros(1)
    size = 1 << (len(there) + len(wanted) - 1).bit_length()
    spectrum = numpy.fft.rfft(there, size) * numpy.conj(numpy.fft.rfft(wanted, size))
    products = numpy.fft.irfft(spectrum, size)[: len(there) - len(wanted) + 1]
    sums = numpy.concatenate([[0.0], numpy.cumsum(there**2)])
    energies = sums[len(wanted) :] - sums[: -len(wanted)]
    floor = 0.01 * float(wanted @ wanted)
    likeness: NDArray[numpy.float64] = products / numpy.sqrt(numpy.maximum(energies, floor) * float(wanted @ wanted))
    return likeness


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
