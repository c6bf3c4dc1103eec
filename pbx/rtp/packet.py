"""RTP packets (RFC 3550, section 5.1): read and written in one go, as each call has a hundred of them a second.

aiortp's own makes room for every header extension there is, both ways.
"""

from struct import Struct
from typing import NamedTuple

from aiortp.sender import RtpSender

_HEADER = Struct("!BBHII")
_VERSION, _PLAIN = 2, 0x80
_PADDED, _EXTENDED, _SOURCES = 0x20, 0x10, 0x0F
_MARKED, _KIND = 0x80, 0x7F
_SEQUENCES = 1 << 16


class Packet(NamedTuple):
    """What matters of one that came in; `kind` is its payload type."""

    kind: int
    marked: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def read(data: bytes) -> Packet | None:
    """The packet; None where that is none."""
    if len(data) < _HEADER.size or data[0] >> 6 != _VERSION:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    payload = data[_HEADER.size :] if first == _PLAIN else _payload_of(data, first)
    if payload is None:
        return None
    return Packet(second & _KIND, second >= _MARKED, sequence, timestamp, ssrc, payload)


def _payload_of(data: bytes, first: int) -> bytes | None:
    """Without contributing sources, header extension and padding; None where they take more than there is."""
    start, end = _HEADER.size + 4 * (first & _SOURCES), len(data)
    if first & _EXTENDED:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
    if first & _PADDED:
        end -= data[-1] or len(data)
    return data[start:end] if start <= end else None


class Sender(RtpSender):
    """aiortp's, which counts for its reports what it has sent."""

    def send_raw(
        self, payload_type: int, payload: bytes, timestamp: int, marker: int = 0, addr: tuple[str, int] | None = None
    ) -> None:
        header = _HEADER.pack(_PLAIN, marker << 7 | payload_type, self._sequence_number, timestamp, self._ssrc)
        self._transport.send(header + payload, addr)
        self._sequence_number = (self._sequence_number + 1) % _SEQUENCES
        self._packets_sent += 1
        self._octets_sent += len(payload)
        self._last_rtp_timestamp = timestamp
