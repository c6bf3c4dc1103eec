"""What the two ends of a call said, taken down frame by frame."""

import numpy

from pbx.audio.frame import FRAME_BYTES, RATE_HZ, SILENCE, Frame
from pbx.audio.loudness import loud_span
from voices.sound import Sound

LONGEST_SECONDS = 3600
"""Nothing is taken down after so much: a recording is kept in memory."""
BOTH, INBOUND, OUTBOUND = "both", "inbound", "outbound"
"""Which end is taken down: what the phone says is inbound. Source: /docs/voice/twiml/dial#recordingtrack."""
TRACKS = (BOTH, INBOUND, OUTBOUND)


class Tape:
    """A `Tap`: what its phone says is the first channel, what that phone is told the second.

    Of a Dial, the phone is the one who dialled. A conference has one channel only, what all in it say.
    """

    def __init__(self, track: str = BOTH) -> None:
        self._track = track
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

    def sound(self, *, dual: bool = False, is_trimmed: bool = False) -> bytes:
        """µ-law: both channels interleaved or mixed into one, and without the silence before and after if so wished."""
        length = max(len(self._caller), len(self._callee))
        caller, callee = (bytes(channel).ljust(length, SILENCE[:1]) for channel in (self._caller, self._callee))
        if is_trimmed:
            span = loud_span(caller, callee)
            caller, callee = caller[span], callee[span]
        if dual:
            return numpy.column_stack([numpy.frombuffer(side, numpy.uint8) for side in (caller, callee)]).tobytes()
        if not (self._caller and self._callee):
            return caller if self._caller else callee
        both = Sound.of_mulaw(caller).samples.astype(numpy.int32) + Sound.of_mulaw(callee).samples
        return Sound(numpy.clip(both, -32768, 32767).astype(numpy.int16)).mulaw()

    def _append(self, channel: bytearray, frame: Frame, lag: int) -> None:
        """A frame, after silence for those that never came."""
        if (self._is_paused and not self._keeps_time) or len(channel) >= LONGEST_SECONDS * RATE_HZ:
            return
        channel.extend(SILENCE[:1] * (lag - len(channel)))
        channel.extend(SILENCE if self._is_paused else frame)
