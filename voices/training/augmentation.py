"""What happens to a voice on its way to the recogniser: rooms, microphones, telephone bands, noise, levels, codecs.

Sounds are float32 at 8 kHz, full scale 1.0. Everything is drawn from the generator that is passed in.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import soxr
from numpy.random import Generator
from numpy.typing import NDArray

from voices.sound import RATE_HZ, Sound

Samples = NDArray[np.float32]
_SMALLEST = 1e-6
_PIECE = RATE_HZ // 100


def with_speed(sound: Samples, factor: float) -> Samples:
    """Faster and higher by the factor, as a tape would be: another length of the vocal tract."""
    return np.asarray(soxr.resample(sound, RATE_HZ * factor, RATE_HZ, quality="LQ"), np.float32)


def loud_part(sound: Samples, decibels: float) -> Samples:
    """From the first to the last 10 ms at most so many decibels below the loudest: quiet beginnings and ends are lost."""
    power = _powers(sound)
    loud = np.flatnonzero(power >= power.max(initial=0.0) * 10 ** (-decibels / 10))
    return sound[loud[0] * _PIECE : (loud[-1] + 1) * _PIECE] if len(loud) else sound


def _powers(sound: Samples) -> Samples:
    """The mean square of every 10 ms."""
    return np.asarray(np.square(sound[: len(sound) // _PIECE * _PIECE]).reshape(-1, _PIECE).mean(axis=1), np.float32)


def through_a_room_and_a_line(sound: Samples, rng: Generator) -> Samples:
    """A random microphone and band and, for one in three, a room."""
    size = len(sound) + RATE_HZ // 2
    spectrum = np.fft.rfft(sound, size) * _response(size, rng)
    if rng.random() < 0.3:
        spectrum *= np.fft.rfft(_room(rng), size)
    return np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32)


def _response(size: int, rng: Generator) -> Samples:
    """Peaks and hollows, a tilt and a band, as gains over frequency."""
    hertz = np.fft.rfftfreq(size, 1 / RATE_HZ).astype(np.float32)
    octaves = np.log2(np.maximum(hertz, 50.0) / 1000.0)
    decibels = rng.normal(0, 1.5) * octaves
    for _ in range(rng.integers(0, 4)):
        width, centre = rng.uniform(0.2, 1.2), rng.uniform(-3.3, 2.0)
        decibels += rng.normal(0, 4.0) * np.exp(-(((octaves - centre) / width) ** 2))
    if rng.random() < 0.6:
        low, high = rng.uniform(80, 450), rng.uniform(2700, 3900)
        decibels -= 24 * np.clip(np.log2(low / np.maximum(hertz, 20.0)), 0, 2.5)
        decibels -= 60 * np.clip(np.log2(np.maximum(hertz, 20.0) / high), 0, 1)
    return np.asarray(10 ** (np.clip(decibels, -60, 20) / 20), np.float32)


def _room(rng: Generator) -> Samples:
    """An impulse response: the direct sound, then decaying reflections."""
    seconds = rng.uniform(0.1, 0.4)
    ramp = np.arange(int(RATE_HZ * min(seconds, 0.45)), dtype=np.float32)
    tail = rng.standard_normal(len(ramp)).astype(np.float32) * 10 ** (-3 * ramp / (RATE_HZ * seconds))
    tail[: int(rng.uniform(0.002, 0.02) * RATE_HZ)] = 0.0
    tail *= rng.uniform(0.1, 0.6) / max(float(np.sqrt(np.square(tail).sum())), _SMALLEST)
    tail[0] = 1.0
    return tail


class Noises:
    """A store of noises, made once: steady and coloured, humming, crackling, and many voices at once."""

    SECONDS = 8.0

    def __init__(self, voices: Sequence[Samples], rng: Generator, count: int = 160) -> None:
        self._size = int(self.SECONDS * RATE_HZ)
        babble = partial(self._babble, voices)
        kinds = (self._coloured, self._coloured, self._hum, self._crackle, babble, babble, babble, babble)
        self._store = [_at_level(kinds[index % len(kinds)](rng), 0.1) for index in range(count)]

    def draw(self, size: int, rng: Generator) -> Samples:
        """Some noise at an RMS of 0.1."""
        noise = self._store[rng.integers(len(self._store))]
        start = rng.integers(self._size)
        return np.take(noise, np.arange(start, start + size), mode="wrap")

    def _coloured(self, rng: Generator) -> Samples:
        spectrum = np.fft.rfft(rng.standard_normal(self._size))
        hertz = np.maximum(np.fft.rfftfreq(self._size, 1 / RATE_HZ), 30.0)
        octaves = np.log2(hertz / 1000.0)
        decibels = rng.uniform(-7, 2) * octaves
        for _ in range(rng.integers(0, 4)):
            decibels += rng.normal(0, 8) * np.exp(-(((octaves - rng.uniform(-3, 2)) / rng.uniform(0.1, 1)) ** 2))
        return np.fft.irfft(spectrum * 10 ** (decibels / 20)).astype(np.float32)

    def _hum(self, rng: Generator) -> Samples:
        seconds = np.arange(self._size) / RATE_HZ
        base = rng.choice([50.0, 60.0, 100.0, 120.0, rng.uniform(80, 400)])
        tones = [rng.uniform(0, 1) / number * np.sin(2 * np.pi * base * number * seconds) for number in range(1, 9)]
        return np.asarray(sum(tones) + 0.2 * self._coloured(rng), np.float32)

    def _crackle(self, rng: Generator) -> Samples:
        noise = 0.05 * rng.standard_normal(self._size)
        for start in rng.integers(0, self._size - 400, rng.integers(5, 60)):
            length = int(rng.integers(8, 240))
            decay = np.exp(-np.arange(length) / (length / 4))
            noise[start : start + length] += rng.normal(0, 1) * rng.standard_normal(length) * decay
        return noise.astype(np.float32)

    def _babble(self, voices: Sequence[Samples], rng: Generator) -> Samples:
        """Four to nine people at once, some backwards: nothing of it can be understood."""
        mixed = np.zeros(self._size, np.float32)
        for _ in range(rng.integers(4, 10)):
            at = 0
            while at < self._size:
                voice = _at_level(voices[int(rng.integers(len(voices)))], rng.uniform(0.04, 0.12))[: self._size - at]
                voice = voice[::-1] if rng.random() < 0.5 else voice
                mixed[at : at + len(voice)] += voice
                at += len(voice)
        return mixed


def breath(rng: Generator) -> Samples:
    """A breath or a knock, 100 to 500 ms, at a low level."""
    size = int(rng.uniform(0.1, 0.5) * RATE_HZ)
    ramp = np.linspace(0, 1, size)
    shape = ramp ** rng.uniform(0.3, 2) * (1 - ramp) ** rng.uniform(0.3, 2)
    spectrum = np.fft.rfft(rng.standard_normal(size) * shape)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(size, 1 / RATE_HZ), 60.0) / rng.uniform(400, 2500))
    puff = np.fft.irfft(spectrum * np.exp(-((octaves / rng.uniform(0.6, 2)) ** 2)), size)
    return _at_level(puff, 10 ** rng.uniform(-2.6, -1.3))


_NOISE_DECIBELS = ((3.0, 20.0), (20.0, 45.0), (45.0, 70.0))
"""How far below the voice the noise is: much, some, hardly any."""
_NOISE_SHARES = (0.5, 0.25, 0.25)


def on_the_telephone(sound: Samples, noises: Noises, rng: Generator) -> Samples:
    """The whole way: noise before or after the microphone, a level, and mostly the telephone's eight bits."""
    level = max(_active_level(sound), _SMALLEST)
    decibels = rng.uniform(*_NOISE_DECIBELS[rng.choice(len(_NOISE_DECIBELS), p=_NOISE_SHARES)])
    noise = noises.draw(len(sound), rng) * (level / 0.1 * 10 ** (-decibels / 20))
    if rng.random() < 0.5:
        sound = through_a_room_and_a_line(sound, rng) + noise
    else:
        sound = through_a_room_and_a_line(sound + noise, rng)
    peak = 10 ** (rng.uniform(-30, 0) / 20) if rng.random() < 0.97 else 2.0
    sound = np.clip(sound * (peak / max(float(np.abs(sound).max()), _SMALLEST)), -1, 1)
    if rng.random() < 0.06:
        sound = np.where(np.abs(sound) < peak * 10 ** (rng.uniform(-60, -30) / 20), 0, sound)
    return mu_law(sound) if rng.random() < 0.6 else sound.astype(np.float32)


def _active_level(sound: Samples) -> float:
    """The root mean square of the 10 ms pieces in which somebody speaks."""
    power = _powers(sound)
    return float(np.sqrt(power[power >= power.max(initial=0.0) / 1000].mean()))


def mu_law(sound: Samples) -> Samples:
    """There and back through eight bits of mu-law's curve (G.711)."""
    encoded = Sound((np.clip(sound, -1, 1) * 32767).astype(np.int16)).mulaw()
    return np.asarray(Sound.of_mulaw(encoded).samples / 32768, np.float32)


def _at_level(sound: NDArray[np.floating], level: float) -> Samples:
    return np.asarray(sound * (level / max(float(np.sqrt(np.square(sound).mean())), _SMALLEST)), np.float32)
