"""Recording a phone, for the verb of that name: when it ends, and what is kept. Source: /docs/voice/twiml/record."""

import asyncio

import numpy

from pbx.audio.frame import FRAME_BYTES, FRAME_SECONDS, SILENCE, Frame
from pbx.leg import RecordingTerms
from voices.sound import FULL_SCALE, Sound

QUIET_LEVEL = -45.0
"""dBov: well above the noise of a line, well below anybody who speaks."""

_POWERS = numpy.square(Sound.of_mulaw(bytes(range(256))).samples / FULL_SCALE)
_QUIET_POWER = 10 ** (QUIET_LEVEL / 10)


class Take:
    """A `Tap` that records. `ended` is set to the key that ended it, or to nothing when its time or a silence did."""

    def __init__(self, terms: RecordingTerms) -> None:
        self._terms = terms
        self._frames: list[Frame] = []
        self._loud: list[bool] = []
        self._quiet_seconds = 0.0
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def heard(self, frame: Frame) -> None:
        if self.ended.done():
            return
        is_loud = _is_loud(frame)
        self._frames.append(frame)
        self._loud.append(is_loud)
        self._quiet_seconds = 0.0 if is_loud else self._quiet_seconds + FRAME_SECONDS
        is_silent = 0 < self._terms.silence_seconds <= round(self._quiet_seconds, 3)
        if is_silent or round(len(self._frames) * FRAME_SECONDS, 3) >= self._terms.longest_seconds:
            self._end("")

    def said(self, frame: Frame) -> None:
        """Only the phone is recorded."""

    def pressed(self, digit: str) -> None:
        if digit in self._terms.finish_keys:
            self._end(digit)

    def sound(self) -> bytes:
        """What was recorded, without silence before and after it if the terms say so; silence alone is kept whole."""
        if not self._terms.trims_silence or not any(self._loud):
            return b"".join(self._frames)
        first = self._loud.index(True)
        last = len(self._loud) - self._loud[::-1].index(True)
        return b"".join(self._frames[max(0, first - 1) : last + 1])

    def _end(self, by: str) -> None:
        if not self.ended.done():
            self.ended.set_result(by)


def _is_loud(frame: Frame) -> bool:
    return frame != SILENCE and float(_POWERS[numpy.frombuffer(frame, numpy.uint8)].sum()) / FRAME_BYTES > _QUIET_POWER
