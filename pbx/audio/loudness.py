"""What is loud enough to be somebody: for recordings, which end at a silence and are kept without one around them."""

import numpy

from pbx.audio.frame import FRAME_BYTES, SILENCE, Frame
from voices.sound import FULL_SCALE, Sound

QUIET_LEVEL = -45.0
"""dBov: well above the noise of a line, well below anybody who speaks."""

_POWERS = numpy.square(Sound.of_mulaw(bytes(range(256))).samples / FULL_SCALE)
_QUIET_POWER = 10 ** (QUIET_LEVEL / 10)


def is_loud(frame: Frame) -> bool:
    return frame != SILENCE and float(_POWERS[numpy.frombuffer(frame, numpy.uint8)].sum()) / FRAME_BYTES > _QUIET_POWER


def loud_span(*channels: bytes) -> slice:
    """Where somebody is heard in any of these channels of one length, a frame before and behind; all where nobody ever is."""

    def is_somebody_at(start: int) -> bool:
        return any(is_loud(channel[start : start + FRAME_BYTES]) for channel in channels)

    starts = range(0, len(channels[0]), FRAME_BYTES)
    first = next(filter(is_somebody_at, starts), None)
    if first is None:
        return slice(0, len(channels[0]))
    last = next(filter(is_somebody_at, reversed(starts)))
    return slice(max(0, first - FRAME_BYTES), last + 2 * FRAME_BYTES)
