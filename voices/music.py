"""Hold music, made of numbers: nobody's recording, so nobody's licence.

A slow round of four chords, each a soft chord under a sparse melody of plucked notes. Every note dies away before or
after the seam as it would anywhere else: what would ring past the end is laid over the beginning, and the loop has no
beginning to be heard.
"""

import io
import math
import sys
import wave
from array import array
from functools import cache
from operator import add

SAMPLE_RATE_HZ = 8000
CHORD_SECONDS = 4.0
PEAK = 0.25
"""Of full scale: -12 dBFS, comfortable in an ear pressed to a receiver."""

CHORDS = (
    (48, 60, 64, 67, 71),
    (45, 57, 60, 64, 67),
    (41, 53, 57, 60, 64),
    (43, 55, 59, 62, 64),
)
"""MIDI note numbers, bass first: C major 7, A minor 7, F major 7, G 6. C leads back to where it began."""

MELODY = (
    (0.0, 79), (1.0, 76), (2.5, 74),
    (4.5, 72), (6.0, 76), (7.0, 79),
    (8.5, 81), (10.0, 79), (11.0, 76),
    (12.5, 74), (14.0, 71), (15.0, 74),
)  # fmt: skip
"""Plucked notes: the second at which each begins, and its MIDI note number."""

LOOP_SECONDS = CHORD_SECONDS * len(CHORDS)


@cache
def hold_music_wav() -> bytes:
    """Sixteen seconds that loop without a seam: a WAV of 16-bit mono PCM at 8000 Hz, the same on every machine."""
    return wav_of(_mixed())


def wav_of(mix: list[float]) -> bytes:
    """A WAV of 16-bit mono PCM at 8000 Hz, its loudest sample at PEAK."""
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(SAMPLE_RATE_HZ)
        recording.writeframes(_quantised(mix))
    return file.getvalue()


def _mixed() -> list[float]:
    """All notes added up, each wrapped round the loop."""
    mix = [0.0] * int(LOOP_SECONDS * SAMPLE_RATE_HZ)
    for index, (bass, *chord) in enumerate(CHORDS):
        begins_at = index * CHORD_SECONDS
        _add(mix, begins_at, _pad(bass, 0.30))
        for note in chord:
            _add(mix, begins_at, _pad(note, 0.16))
    for begins_at, note in MELODY:
        _add(mix, begins_at, _pluck(note, 0.22))
    return mix


def _add(mix: list[float], begins_at_seconds: float, note: list[float]) -> None:
    """Lay a note over the mix; what rings past the end is laid over the beginning."""
    start = int(begins_at_seconds * SAMPLE_RATE_HZ)
    before_the_seam = min(len(note), len(mix) - start)
    for place, part in ((start, note[:before_the_seam]), (0, note[before_the_seam:])):
        mix[place : place + len(part)] = map(add, mix[place : place + len(part)], part)


def _pad(note: int, level: float) -> list[float]:
    """A chord's tone: it swells for two seconds and sinks into the next chord, with a little of its octave."""
    swell = _swell()
    # 2 sin^2 is 1 - cos of twice the angle: the octave, for one multiplication.
    tones = zip(swell, _sine(note, len(swell)), strict=True)
    return [level * loudness * (tone + 0.4 * tone * tone - 0.2) for loudness, tone in tones]


@cache
def _swell() -> list[float]:
    length = int(CHORD_SECONDS * 1.25 * SAMPLE_RATE_HZ)
    return [math.sin(math.pi * index / length) ** 2 for index in range(length)]


def _pluck(note: int, level: float) -> list[float]:
    """A plucked tone and its third partial, which is gone sooner."""
    slow, fast = _decay(2.2), _decay(6.0)
    tones = zip(slow, _sine(note, len(slow)), fast, _sine(note + 19, len(fast)), strict=True)
    return [level * (loud * tone + 0.15 * soft * partial) for loud, tone, soft, partial in tones]


@cache
def _decay(per_second: float) -> list[float]:
    """There in ten milliseconds, gone in two seconds."""
    length, attack = 2 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ // 100
    release = length // 10
    return [
        math.exp(-per_second * index / SAMPLE_RATE_HZ) * min(1.0, index / attack, (length - index) / release)
        for index in range(length)
    ]


def _sine(note: int, length: int) -> list[float]:
    """A sine of that pitch, beginning at zero."""
    radians = 2 * math.pi * 440.0 * 2 ** ((note - 69) / 12) / SAMPLE_RATE_HZ
    return [math.sin(radians * index) for index in range(length)]


def _quantised(mix: list[float]) -> bytes:
    """Little-endian samples, the loudest at PEAK."""
    gain = PEAK * 32767 / max(abs(sample) for sample in mix)
    samples = array("h", (round(gain * sample) for sample in mix))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
