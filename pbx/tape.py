"""What the two ends of a call said, taken down frame by frame."""

from functools import cache

import numpy
from numpy.typing import NDArray

from pbx.audio.frame import FRAME_BYTES, RATE_HZ, SILENCE, Frame
from pbx.audio.loudness import loud_span
from voices.sound import FULL_SCALE, Sound

LONGEST_SECONDS = 3600
"""Nothing is taken down after so much: a recording is kept in memory."""
BOTH, INBOUND, OUTBOUND = "both", "inbound", "outbound"
"""Which end is taken down: what the phone says is inbound. Source: /docs/voice/twiml/dial#recordingtrack."""
TRACKS = (BOTH, INBOUND, OUTBOUND)
_PIECE_BYTES = RATE_HZ
"""So much of each end is joined at a time, as the call goes on: an hour at once would hold up the sound of every call."""


class Tape:
    """A `Tap`: what its phone says is the first channel, what that phone is told the second.

    Of a Dial, the phone is the one who dialled. A conference has one channel only, what all in it say.
    """

    def __init__(self, track: str = BOTH, *, is_dual: bool = False) -> None:
        """Dual: both channels are kept, interleaved, else their mix."""
        self._track = track
        self._channels = 2 if is_dual else 1
        self._joined = bytearray()
        self._caller = bytearray()
        self._callee = bytearray()
        self._is_paused = False
        self._keeps_time = False

    def heard(self, frame: Frame) -> None:
        if self._track != OUTBOUND:
            self._append(self._caller, frame, len(self._callee))

    def said(self, frame: Frame) -> None:
        if self._track != INBOUND:
            self._append(self._callee, frame, len(self._caller) - FRAME_BYTES)

    def pressed(self, digit: str) -> None:
        """Keys are not sound."""

    def pause(self, *, keeps_time: bool) -> None:
        """Take nothing down until it goes on, or silence instead, so that the recording lasts as long as the call."""
        self._is_paused, self._keeps_time = True, keeps_time

    def go_on(self) -> None:
        self._is_paused = False

    def sound(self, *, is_trimmed: bool = False) -> bytes:
        """µ-law, and without the silence before and after if so wished."""
        self._join(max(len(self._caller), len(self._callee)))
        if not is_trimmed:
            return bytes(self._joined)
        span = loud_span(*(bytes(self._joined[number :: self._channels]) for number in range(self._channels)))
        return bytes(self._joined[self._channels * span.start : self._channels * span.stop])

    def _append(self, channel: bytearray, frame: Frame, lag: int) -> None:
        """A frame, after silence for those that never came."""
        is_full = len(self._joined) // self._channels + len(channel) >= LONGEST_SECONDS * RATE_HZ
        if is_full or (self._is_paused and not self._keeps_time):
            return
        channel.extend(SILENCE[:1] * (lag - len(channel)))
        channel.extend(SILENCE if self._is_paused else frame)
        if len(channel) >= _PIECE_BYTES + 2 * FRAME_BYTES:  # the other end is behind by a frame at most, or silent
            self._join(_PIECE_BYTES)

    def _join(self, size: int) -> None:
        """Puts the beginning of both ends together, with silence for what is missing, and keeps the rest apart."""
        caller, callee = (bytes(channel[:size]).ljust(size, SILENCE[:1]) for channel in (self._caller, self._callee))
        del self._caller[:size], self._callee[:size]
        if self._channels == 2:
            self._joined += numpy.column_stack([numpy.frombuffer(end, numpy.uint8) for end in (caller, callee)]).tobytes()
        elif self._track == BOTH:
            self._joined += _mixes()[numpy.frombuffer(caller, numpy.uint8), numpy.frombuffer(callee, numpy.uint8)].tobytes()
        else:
            self._joined += caller if self._track == INBOUND else callee


@cache
def _mixes() -> NDArray[numpy.uint8]:
    """For any two bytes of µ-law their sum; what is louder than samples can be is cut off."""
    samples = Sound.of_mulaw(bytes(range(256))).samples.astype(numpy.int32)
    sums = numpy.clip(samples[:, None] + samples, -FULL_SCALE, FULL_SCALE - 1).astype(numpy.int16)
    return numpy.frombuffer(Sound(sums.reshape(-1)).mulaw(), numpy.uint8).reshape(sums.shape)
