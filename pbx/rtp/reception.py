"""How a stream of packets comes over (RFC 3550, appendix A)."""

from time import monotonic

from aiortp.stats import StreamStatistics

from pbx.audio.frame import RATE_HZ

_FAR, _SEQUENCES = 1 << 15, 1 << 16
_HALF, _WHOLE = 1 << 31, 1 << 32


class Reception(StreamStatistics):
    """aiortp's statistics, which its reports are made of, with the jitter kept right.

    Its own takes timestamps that wrap for nine hours of jitter, and every key pressed for a tenth of a second.
    """

    def __init__(self) -> None:
        super().__init__(RATE_HZ)
        self.jitter_seconds = 0.0
        self._latest: tuple[int, float] | None = None

    def count(self, sequence: int, timestamp: int) -> None:
        """A packet has come. Those out of order and doubled are counted, and have no jitter; nor have those of one key."""
        self.packets_received += 1
        if self.max_seq is None:
            self.base_seq = self.max_seq = sequence
        elif 0 < (sequence - self.max_seq) % _SEQUENCES < _FAR:
            self.cycles += _SEQUENCES if sequence < self.max_seq else 0
            self.max_seq = sequence
        self._measure(timestamp, monotonic())

    @property
    def jitter(self) -> int:
        """In samples, as reports tell it."""
        return round(self.jitter_seconds * RATE_HZ)

    @property
    def lost_packets(self) -> int:
        """Those doubled make up for lost ones, as in reports."""
        return 0 if self.max_seq is None else max(0, self.packets_lost)

    def _measure(self, timestamp: int, at_seconds: float) -> None:
        if self._latest is not None:
            samples = (timestamp - self._latest[0] + _HALF) % _WHOLE - _HALF
            if samples <= 0:
                return
            late_seconds = abs(at_seconds - self._latest[1] - samples / RATE_HZ)
            self.jitter_seconds += (late_seconds - self.jitter_seconds) / 16
        self._latest = timestamp, at_seconds
