"""Keys heard as tones (ITU-T Q.23 and Q.24), for phones that send them in no other way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy
from numpy.typing import NDArray

from pbx.audio.clock import Ticking
from pbx.audio.frame import FRAME_BYTES, RATE_HZ, Frame
from voices.sound import Sound

LOW_HZ = (697, 770, 852, 941)
HIGH_HZ = (1209, 1336, 1477, 1633)
KEYS = "123A456B789C*0#D"
"""By row (a low tone) and column (a high one)."""

WINDOW_SAMPLES, HOP_SAMPLES = 136, 80
"""17 ms, every 10 ms: the shortest tone there is, 40 ms, fills at least two of them whole."""
SOFTEST_AMPLITUDE = 700.0
"""About -30 dBm0 a tone, of 32768."""
LEAST_SHARE = 0.6
"""Of all the energy, that in the two tones: speech has more beside them, tones 1.5 % off have not."""
MOST_TWIST = 10**0.6
"""How much more power the high tone may have than the low one: 6 dB."""
MOST_REVERSE_TWIST = 10**1.0
"""And the low one than the high one: 10 dB. Q.24 asks for 4 and 8; in so short a window each tone blurs the other by 1 or 2."""
WINDOWS_HEARD, WINDOWS_MISSED = 2, 3
"""So many running begin a key, and end it."""

SAME_PRESS_TICKS = 50
"""A second after its tone has ended, a key is another press."""

_NONE = -1
_Floats = NDArray[numpy.float32]
_Indices = NDArray[numpy.intp]


@dataclass(slots=True)
class _Ear:
    """What has been heard of one leg."""

    before: Frame
    key: int = _NONE
    windows_heard: int = 0
    held: int = _NONE
    windows_missed: int = 0
    latest: int = _NONE
    idle_ticks: int = 0

    def hears(self, key: int) -> bool:
        """Whether this window is the one that makes it a key pressed."""
        self.windows_heard = self.windows_heard + 1 if key == self.key else 1
        self.windows_missed = 0 if key == self.held else self.windows_missed + 1
        self.key = key
        if self.windows_missed >= WINDOWS_MISSED:
            self.held = _NONE
        if key == _NONE or self.held != _NONE or self.windows_heard < WINDOWS_HEARD:
            return False
        self.held = self.latest = key
        return True


class InbandDetector:
    """A `Batch`: one bank of filters over the sound of all legs watched. Tells `press` of each key, once, by leg.

    A leg that has had a key in another way is taken out for good, lest the same key counts twice: see `comes_beside`.
    """

    def __init__(self, press: Callable[[Ticking, str], None]) -> None:
        self._press = press
        self._ears: dict[Ticking, _Ear | None] = {}

    def watch(self, leg: Ticking) -> None:
        """Listen for tones of this leg's phone."""
        self._ears.setdefault(leg, None)

    def forget(self, leg: Ticking) -> None:
        """Listen no more; nothing happens where it was not watched."""
        self._ears.pop(leg, None)

    def comes_beside(self, leg: Ticking, key: str) -> bool:
        """A key has come in another way, so that tones are not listened for any more; whether its tone has been heard already.

        Phones send INFO when a key is let go, and some leave the tone in the sound as well.
        """
        ear = self._ears.pop(leg, None)
        return ear is not None and ear.idle_ticks < SAME_PRESS_TICKS and ear.latest != _NONE and KEYS[ear.latest] == key

    def hear(self, frames: Mapping[Ticking, Frame]) -> None:
        """20 ms of every leg."""
        heard: list[tuple[Ticking, _Ear]] = []
        sound = bytearray()
        for leg, ear in self._ears.items():
            frame = frames.get(leg)
            if frame is None or ear is None:
                self._ears[leg] = None if frame is None else _Ear(frame)
                continue
            sound += ear.before + frame
            ear.before = frame
            ear.idle_ticks = ear.idle_ticks + 1 if ear.held == _NONE else 0
            heard.append((leg, ear))
        if heard:
            self._judge(heard, _keys_in(bytes(sound)))

    def _judge(self, heard: list[tuple[Ticking, _Ear]], keys: _Indices) -> None:
        for (leg, ear), windows in zip(heard, keys.tolist(), strict=True):
            for key in windows:
                if ear.hears(key):
                    self._press(leg, KEYS[key])


def key_frames(mulaw: bytes) -> NDArray[numpy.bool_]:
    """For each frame after the first: whether a key sounds in it, or only begins or ends."""
    frames = [mulaw[at : at + FRAME_BYTES] for at in range(0, len(mulaw), FRAME_BYTES)]
    keys = _keys_in(b"".join(before + frame for before, frame in pairwise(frames)))
    sounds: NDArray[numpy.bool_] = (keys != _NONE).any(axis=-1)
    return sounds


def _filters() -> _Floats:
    """A cosine and a sine for each tone, side by side."""
    radians = 2 * numpy.pi / RATE_HZ * numpy.outer(numpy.arange(WINDOW_SAMPLES), LOW_HZ + HIGH_HZ)
    return numpy.hstack([numpy.cos(radians), numpy.sin(radians)]).astype(numpy.float32)


_FILTERS = _filters()
_TONES = len(LOW_HZ + HIGH_HZ)


def _keys_in(mulaw: bytes) -> _Indices:
    """For each leg's last two frames, the key of either window that ends in the newer one; -1 for none."""
    samples = Sound.of_mulaw(mulaw).samples.reshape(-1, 2 * FRAME_BYTES).astype(numpy.float32)
    ends = range(FRAME_BYTES + HOP_SAMPLES, 2 * FRAME_BYTES + 1, HOP_SAMPLES)
    windows = numpy.stack([samples[:, end - WINDOW_SAMPLES : end] for end in ends], axis=1)
    parts = numpy.square(windows @ _FILTERS)
    powers = (parts[..., :_TONES] + parts[..., _TONES:]) * (4 / WINDOW_SAMPLES**2)
    energy = numpy.square(windows).sum(axis=-1) * (2 / WINDOW_SAMPLES)
    return _named(powers[..., : len(LOW_HZ)], powers[..., len(LOW_HZ) :], energy)


def _named(low_powers: _Floats, high_powers: _Floats, energy: _Floats) -> _Indices:
    """The key of the strongest two tones, where they are loud enough, alike enough and nearly all there is."""
    low, high = low_powers.max(axis=-1), high_powers.max(axis=-1)
    is_key = (
        (numpy.minimum(low, high) >= SOFTEST_AMPLITUDE**2)
        & (low + high >= LEAST_SHARE * energy)
        & (high <= MOST_TWIST * low)
        & (low <= MOST_REVERSE_TWIST * high)
    )
    keys = low_powers.argmax(axis=-1) * len(HIGH_HZ) + high_powers.argmax(axis=-1)
    return numpy.where(is_key, keys, _NONE)
