"""The sound of one browser: what arrives in gusts over TCP is evened out, what the clock gives is sent on at once."""

from collections.abc import Callable
from time import monotonic

from pbx.audio.frame import FRAME_BYTES, Frame
from pbx.audio.port import PortFigures

CUSHION_BYTES = 3 * FRAME_BYTES
"""So much is gathered before the first of it is taken, and again after it ran dry: 60 ms."""
LONGEST_BYTES = 15 * FRAME_BYTES
"""What would be heard later than 300 ms is not worth waiting for: the oldest goes."""


class BrowserPort:
    """A Port over µ-law that comes in pieces of any length."""

    def __init__(self, send: Callable[[Frame], None], seconds: Callable[[], float] = monotonic) -> None:
        """`send` takes what is to be heard at the browser and never blocks."""
        self.is_open = False
        """Only then is there sound either way: not before the answer, and not on hold."""
        self._send = send
        self._seconds = seconds
        self._waiting = bytearray()
        self._flows = False
        self._received_bytes = self._sent = self._lost = 0
        self._transit_seconds: float | None = None
        self._jitter_seconds = 0.0

    def arrive(self, mulaw: bytes, timestamp_milliseconds: int) -> None:
        """A piece of sound, said at that moment of the stream."""
        if not self.is_open:
            return
        self._received_bytes += len(mulaw)
        self._measure(timestamp_milliseconds / 1000)
        self._waiting += mulaw
        if len(self._waiting) > LONGEST_BYTES:
            del self._waiting[: len(self._waiting) - CUSHION_BYTES]

    def take(self) -> Frame | None:
        if not self.is_open:
            return None
        if len(self._waiting) >= (FRAME_BYTES if self._flows else CUSHION_BYTES):
            self._flows = True
            frame = bytes(self._waiting[:FRAME_BYTES])
            del self._waiting[:FRAME_BYTES]
            return frame
        self._lost += self._flows
        self._flows = False
        return None

    def give(self, frame: Frame) -> None:
        if self.is_open:
            self._sent += 1
            self._send(frame)

    def close(self) -> None:
        """No more sound; what waits is forgotten."""
        self.is_open = self._flows = False
        self._waiting.clear()

    @property
    def figures(self) -> PortFigures:
        return PortFigures("PCMU", self._received_bytes // FRAME_BYTES, self._sent, self._lost, self._jitter_seconds)

    def _measure(self, said_seconds: float) -> None:
        """RFC 3550, section 6.4.1: a sixteenth of every change of the transit time."""
        transit = self._seconds() - said_seconds
        if self._transit_seconds is not None:
            self._jitter_seconds += (abs(transit - self._transit_seconds) - self._jitter_seconds) / 16
        self._transit_seconds = transit
