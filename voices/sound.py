"""Sound on a telephone: 8000 samples a second, one channel, and the arithmetic that all of it goes through."""

import io
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy
import soxr
from numpy.typing import NDArray

from voices.faults import NotASound

RATE_HZ = 8000
FULL_SCALE = 32768
LEAST_RECORDED_HZ, MOST_RECORDED_HZ, WIDEST_SAMPLE_BYTES = 4000, 384_000, 4
"""What recordings are made with; a header that says anything else is damaged."""
TARGET_LEVEL = -23.0
"""Active level of every sentence in dBov: 3 dB over the nominal level of ITU-T P.830, as callers stand in noisy rooms."""

Samples = NDArray[numpy.int16]
_Bytes = NDArray[numpy.uint8]
_Floats = NDArray[numpy.float64]

_FRAME = RATE_HZ // 100
_SILENCE_DECIBELS = 40.0
"""Frames so far below the loudest are silence: softer than any consonant, louder than the noise of a fair recording."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono sound at 8000 Hz, 16 bits a sample; its samples cannot be written to."""

    samples: Samples

    def __post_init__(self) -> None:
        self.samples.setflags(write=False)

    @classmethod
    def of_pcm(cls, pcm: bytes) -> "Sound":
        """Sound of little-endian 16-bit samples."""
        return cls(numpy.frombuffer(pcm, "<i2").astype(numpy.int16))

    @classmethod
    def of_mulaw(cls, encoded: bytes) -> "Sound":
        """Sound of G.711 mu-law bytes."""
        return cls(_mulaw_decoding()[numpy.frombuffer(encoded, numpy.uint8)])

    @classmethod
    def of_wav(cls, file: bytes) -> "Sound":
        """Sound of a WAV file of any rate, channels mixed. Raises NotASound where it is no WAV of PCM samples."""
        try:
            with wave.open(io.BytesIO(_briefly_headed(file))) as recording:
                rate_hz, channels, width = recording.getframerate(), recording.getnchannels(), recording.getsampwidth()
                frames = recording.readframes(recording.getnframes())
        except (wave.Error, EOFError, RuntimeError) as fault:  # the last, without a word, for a chunk longer than the file
            raise NotASound(f"is not a WAV file of PCM samples ({str(fault) or 'it ends too early'})") from None
        if width > WIDEST_SAMPLE_BYTES or not LEAST_RECORDED_HZ <= rate_hz <= MOST_RECORDED_HZ:
            raise NotASound(f"is not a WAV file of PCM samples ({rate_hz} Hz, {8 * width} bits a sample)")
        if (rate_hz, channels, width) == (RATE_HZ, 1, 2):  # as it is wanted, and as everything kept is
            return cls.of_pcm(frames[: len(frames) // 2 * 2])
        return cls(_quantised(_resampled(_channels_mixed(_unpacked(frames, width), channels), rate_hz)))

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / RATE_HZ

    @property
    def level(self) -> float:
        """Its active level in dBov: the mean power of what is not silence; minus infinity where everything is."""
        power = _frame_powers(self.samples)
        spoken = power[_heard(power)]
        return 10 * float(numpy.log10(spoken.mean())) if spoken.size else -numpy.inf

    @property
    def peak(self) -> int:
        """Its loudest sample, of 32768 at most."""
        return int(numpy.abs(self.samples.astype(numpy.int32)).max(initial=0))

    def pcm(self) -> bytes:
        """Little-endian 16-bit samples."""
        return self.samples.astype("<i2").tobytes()

    def mulaw(self) -> bytes:
        """G.711 mu-law, one byte a sample."""
        return _mulaw_encoding()[self.samples.view(numpy.uint16)].tobytes()

    def wav(self) -> bytes:
        """A WAV file: mono, 8000 Hz, 16 bits."""
        file = io.BytesIO()
        with wave.open(file, "wb") as recording:
            recording.setnchannels(1)
            recording.setsampwidth(2)
            recording.setframerate(RATE_HZ)
            recording.writeframes(self.pcm())
        return file.getvalue()


def silence(seconds: float) -> Sound:
    """So much of nothing; negative lengths are none."""
    return Sound(numpy.zeros(max(0, round(seconds * RATE_HZ)), numpy.int16))


def joined(sounds: Iterable[Sound]) -> Sound:
    """One after the other."""
    return Sound(numpy.concatenate([numpy.zeros(0, numpy.int16), *(sound.samples for sound in sounds)]))


def levelled(sound: Sound, level: float = TARGET_LEVEL) -> Sound:
    """The sound brought to an active level (dBov), or as near to it as its peaks allow without clipping."""
    if sound.peak == 0:
        return sound
    gain = min(10 ** ((level - sound.level) / 20), (FULL_SCALE - 1) / sound.peak)
    return Sound(_quantised(sound.samples.astype(numpy.float64) * (gain / FULL_SCALE)))


def trimmed(sound: Sound) -> Sound:
    """The sound without the silence before and after it, but for a breath of 10 ms."""
    heard = numpy.flatnonzero(_heard(_frame_powers(sound.samples)))
    if not heard.size:
        return silence(0)
    first, last = max(0, int(heard[0]) - 1), int(heard[-1]) + 2
    return Sound(sound.samples[first * _FRAME : last * _FRAME].copy())


def _heard(powers: _Floats) -> NDArray[numpy.bool_]:
    """Which frames are not silence."""
    heard: NDArray[numpy.bool_] = powers > powers.max(initial=0.0) / 10 ** (_SILENCE_DECIBELS / 10)
    return heard


def _frame_powers(samples: Samples) -> _Floats:
    """Mean power of each 10 ms, full scale being 1; the last frame is filled up with zeros."""
    scaled = numpy.pad(samples / FULL_SCALE, (0, -len(samples) % _FRAME))
    powers: _Floats = numpy.square(scaled).reshape(-1, _FRAME).mean(axis=1)
    return powers


def _briefly_headed(file: bytes) -> bytes:
    """The file with PCM named the short way (tag 1), where its header names it the long way (tag 0xFFFE, and 1 further on),
    as editors do for 24 bits or several channels: Python reads that from 3.12 on."""
    at = file.find(b"fmt ", 12, 4096)
    names_pcm = at >= 0 and file[at + 8 : at + 10] == b"\xfe\xff" and file[at + 32 : at + 34] == b"\x01\x00"
    return file[: at + 8] + b"\x01\x00" + file[at + 10 :] if names_pcm else file


def _unpacked(frames: bytes, width: int) -> _Floats:
    """Samples from -1 to 1 of PCM samples so many bytes wide: 8 bits are unsigned, all others signed and little-endian."""
    if width == 1:
        return numpy.frombuffer(frames, numpy.uint8) / 128.0 - 1.0
    whole = numpy.frombuffer(frames[: len(frames) // width * width], numpy.uint8).reshape(-1, width)
    padded = numpy.zeros((len(whole), 4), numpy.uint8)
    padded[:, 4 - width :] = whole
    return padded.view("<i4")[:, 0] / 2.0**31


def _channels_mixed(samples: _Floats, channels: int) -> _Floats:
    mixed: _Floats = samples[: len(samples) // channels * channels].reshape(-1, channels).mean(axis=1)
    return mixed


def _resampled(samples: _Floats, rate_hz: int) -> _Floats:
    resampled: _Floats = samples if rate_hz == RATE_HZ else soxr.resample(samples, rate_hz, RATE_HZ)
    return resampled


def _quantised(samples: _Floats) -> Samples:
    """Samples from -1 to 1 as 16 bits; what is louder is cut off."""
    return numpy.clip(numpy.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(numpy.int16)


@cache
def _mulaw_decoding() -> Samples:
    """The 16-bit value of each mu-law byte (ITU-T G.711, table 2a): sign, three bits of segment, four of place, inverted."""
    code = ~numpy.arange(256, dtype=numpy.uint8)
    segment, place = (code >> 4 & 7).astype(numpy.int32), (code & 15).astype(numpy.int32)
    magnitude = (((place << 3) + 132) << segment) - 132
    return numpy.where(code & 128, -magnitude, magnitude).astype(numpy.int16)


@cache
def _mulaw_encoding() -> _Bytes:
    """The mu-law byte of each 16-bit value, in the order of the unsigned numbers that share its bits."""
    of_14_bits = numpy.arange(65536).astype(numpy.uint16).view(numpy.int16).astype(numpy.int32) >> 2
    biased = numpy.minimum(numpy.abs(of_14_bits), 8158) + 33
    segment = numpy.floor(numpy.log2(biased)).astype(numpy.int32) - 5
    place = biased >> (segment + 1) & 15
    encoded: _Bytes = (~(numpy.where(of_14_bits < 0, 128, 0) | segment << 4 | place) & 255).astype(numpy.uint8)
    return encoded
