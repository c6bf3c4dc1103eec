"""The tones of a conference: two soft notes, rising for who comes and falling for who goes."""

from functools import cache
from math import pi, sin

from pbx.audio.bridge import Bridge
from pbx.audio.frame import Frame, frames_of
from pbx.rooms.sound import RoomSound
from voices.music import SAMPLE_RATE_HZ, wav_of
from voices.sound import Sound

LOW_HZ, HIGH_HZ = 392.0, 523.25
"""G and the C above it; below every tone of a key."""
NOTE_SECONDS = 0.12
LEVEL = 0.25


def room_sound(bridge: Bridge) -> RoomSound:
    """A room around this bridge."""
    return RoomSound(bridge, _notes(LOW_HZ, HIGH_HZ), _notes(HIGH_HZ, LOW_HZ))


@cache
def _notes(*frequencies: float) -> tuple[Frame, ...]:
    samples = [sample for hertz in frequencies for sample in _note(hertz)]
    return tuple(frames_of(Sound.of_wav(wav_of(samples)).mulaw()))


def _note(hertz: float) -> list[float]:
    """A sine that comes and goes with half a wave of its own."""
    length = round(NOTE_SECONDS * SAMPLE_RATE_HZ)
    return [LEVEL * sin(pi * index / length) * sin(2 * pi * hertz * index / SAMPLE_RATE_HZ) for index in range(length)]
