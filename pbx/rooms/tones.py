"""The tones of a conference: two soft notes, rising for who comes and falling for who goes."""

from functools import cache, partial
from math import pi, sin

from pbx.audio.clock import Clock
from pbx.audio.frame import Frame, frames_of
from pbx.audio.mixing import MixingBridge
from pbx.rooms.microphone import tap_room
from pbx.rooms.sound import RoomSound
from pbx.rooms.speakers import watch_room
from voices.music import SAMPLE_RATE_HZ, wav_of
from voices.sound import Sound

LOW_HZ, HIGH_HZ = 392.0, 523.25
"""G and the C above it; below every tone of a key."""
NOTE_SECONDS = 0.12
LEVEL = 0.25


def room_sound(clock: Clock) -> RoomSound:
    """A room on this clock."""
    bridge = MixingBridge(clock)
    rising, falling = _notes(LOW_HZ, HIGH_HZ), _notes(HIGH_HZ, LOW_HZ)
    return RoomSound(bridge, rising, falling, partial(tap_room, bridge, clock), partial(watch_room, bridge, clock))


@cache
def _notes(*frequencies: float) -> tuple[Frame, ...]:
    samples = [sample for hertz in frequencies for sample in _note(hertz)]
    return tuple(frames_of(Sound.of_wav(wav_of(samples)).mulaw()))


def _note(hertz: float) -> list[float]:
    """A sine that comes and goes with half a wave of its own."""
    length = round(NOTE_SECONDS * SAMPLE_RATE_HZ)
    return [LEVEL * sin(pi * index / length) * sin(2 * pi * hertz * index / SAMPLE_RATE_HZ) for index in range(length)]
