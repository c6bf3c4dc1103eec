"""What the two ends of a Dial said, taken down frame by frame."""

import numpy

from pbx.audio.frame import FRAME_BYTES, RATE_HZ, SILENCE, Frame
from voices.sound import Sound

LONGEST_SECONDS = 3600
"""Nothing is taken down after so much: a recording is kept in memory."""


class Tape:
    """A `Tap` on the leg of the one who dialled: that one is the first channel, whoever was reached the second."""

    def __init__(self) -> None:
        self._caller = bytearray()
        self._callee = bytearray()

    def heard(self, frame: Frame) -> None:
        _append(self._caller, frame, len(self._callee))

    def said(self, frame: Frame) -> None:
        _append(self._callee, frame, len(self._caller) - FRAME_BYTES)

    def pressed(self, digit: str) -> None:
        """Keys are not sound."""

    def channels(self, dual: bool) -> tuple[int, bytes]:
        """How many channels there are, and µ-law: both interleaved, or mixed into one."""
        length = max(len(self._caller), len(self._callee))
        caller, callee = (bytes(channel).ljust(length, SILENCE[:1]) for channel in (self._caller, self._callee))
        if dual:
            return 2, numpy.column_stack([numpy.frombuffer(side, numpy.uint8) for side in (caller, callee)]).tobytes()
        both = Sound.of_mulaw(caller).samples.astype(numpy.int32) + Sound.of_mulaw(callee).samples
        return 1, Sound(numpy.clip(both, -32768, 32767).astype(numpy.int16)).mulaw()


def _append(channel: bytearray, frame: Frame, lag: int) -> None:
    """A frame, after silence for those that never came."""
    if len(channel) < LONGEST_SECONDS * RATE_HZ:
        channel.extend(SILENCE[:1] * (lag - len(channel)))
        channel.extend(frame)
