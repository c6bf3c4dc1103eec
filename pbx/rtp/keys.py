"""Keys as telephone-events (RFC 4733), heard and told."""

from collections import deque
from collections.abc import Iterator
from struct import Struct

from pbx.audio.frame import FRAME_BYTES, RATE_HZ

KEYS = "0123456789*#ABCD"
"""In the order of their event codes (RFC 4733, section 3.2)."""
TONE_TICKS = 5
END_PACKETS = 3
GAP_TICKS = 4
PAUSE_TICKS = {"w": 25, "W": 50}
"""Half a second and a whole one, as in Twilio's `sendDigits`."""

_EVENT = Struct("!BBH")
_END = 0x80
_VOLUME_BELOW_REFERENCE_DECIBELS = 10
_LATE_SAMPLES = 5 * RATE_HZ
"""Packets of an earlier key come so late at most; older timestamps are those of a phone that counts anew."""
_HALF, _WHOLE = 1 << 31, 1 << 32


class KeysHeard:
    """Each key once, as soon as its first packet is there, whichever of its packets get lost, doubled or late."""

    def __init__(self) -> None:
        self._code = -1
        self._timestamp: int | None = None
        self._lasts = 0
        self._ended = True

    def restart(self) -> None:
        """Another source."""
        self._timestamp, self._ended = None, True

    def heard(self, timestamp: int, payload: bytes, marked: bool) -> str | None:
        """The key that this packet begins; None for further packets of one, and for what is no key."""
        if len(payload) < _EVENT.size or payload[0] >= len(KEYS):
            return None
        code, flags, lasts = _EVENT.unpack_from(payload)
        since = 0 if self._timestamp is None else (timestamp - self._timestamp + _HALF) % _WHOLE - _HALF
        if -_LATE_SAMPLES < since < 0:
            return None
        begins = self._timestamp is None or (since != 0 and not self._goes_on(code, since, marked))
        self._ended = bool(flags & _END)
        self._code, self._timestamp, self._lasts = code, timestamp, lasts
        return KEYS[code] if begins else None

    def _goes_on(self, code: int, since: int, marked: bool) -> bool:
        """Whether a new timestamp is but the next segment of a key held for long (section 2.5.1.3), or a phone counting on."""
        return code == self._code and not (self._ended or marked) and 0 < since <= self._lasts + FRAME_BYTES


class KeysTold:
    """Keys to be sent, one packet a tick: a marked first, the last one three times, and a gap before the next key."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._packets: Iterator[bytes | None] = iter(())

    def tell(self, keys: str) -> None:
        """Send these when those before them are sent; `w` and `W` wait. Raises ValueError for anything else."""
        if stranger := next((key for key in keys if key not in KEYS and key not in PAUSE_TICKS), None):
            raise ValueError(f"{stranger!r} is not a key. Keys are 0 to 9, *, #, A to D; w waits half a second, W a second.")
        self._waiting.extend(keys)

    def next(self) -> tuple[bytes | None, bool]:
        """The event to be sent in this tick, None when sound may be, and whether it is a key's first."""
        for packet in self._packets:
            return packet, False
        if not self._waiting:
            return None, False
        self._packets = _packets_of(self._waiting.popleft())
        first = next(self._packets)
        return first, first is not None


def _packets_of(key: str) -> Iterator[bytes | None]:
    yield from [None] * PAUSE_TICKS.get(key, 0)
    if key in KEYS:
        code, volume = KEYS.index(key), _VOLUME_BELOW_REFERENCE_DECIBELS
        yield from (_EVENT.pack(code, volume, tick * FRAME_BYTES) for tick in range(1, TONE_TICKS + 1))
        yield from [_EVENT.pack(code, _END | volume, TONE_TICKS * FRAME_BYTES)] * END_PACKETS
        yield from [None] * GAP_TICKS
