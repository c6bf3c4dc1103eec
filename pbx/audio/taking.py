"""Recording a phone, for the verb of that name: when it ends, and what is kept. Source: /docs/voice/twiml/record."""

import asyncio

from pbx.audio.frame import FRAME_SECONDS, Frame
from pbx.audio.loudness import is_loud, loud_span
from pbx.leg import RecordingTerms


class Take:
    """A `Tap` that records. `ended` is set to the key that ended it, or to nothing when its time or a silence did."""

    def __init__(self, terms: RecordingTerms) -> None:
        self._terms = terms
        self._frames: list[Frame] = []
        self._quiet_seconds = 0.0
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def heard(self, frame: Frame) -> None:
        if self.ended.done():
            return
        self._frames.append(frame)
        self._quiet_seconds = 0.0 if is_loud(frame) else self._quiet_seconds + FRAME_SECONDS
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
        whole = b"".join(self._frames)
        return whole[loud_span(whole)] if self._terms.trims_silence else whole

    def _end(self, by: str) -> None:
        if not self.ended.done():
            self.ended.set_result(by)
