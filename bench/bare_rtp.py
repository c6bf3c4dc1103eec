"""The sound of a phone that knows nothing of our exchange's code: RTP packets (RFC 3550) and keys (RFC 4733), by hand."""

import random
import socket
import struct
import time
from collections import deque
from dataclasses import dataclass, field

FRAME_SECONDS, FRAME_BYTES = 0.02, 160
SILENCE = b"\xff" * FRAME_BYTES
PCMU, TELEPHONE_EVENT = 0, 101
KEYS = "0123456789*#ABCD"
KEY_FRAMES, GAP_FRAMES, END_PACKETS = 4, 3, 3
VOLUME = 10

_HEADER = struct.Struct("!BBHII")
_EVENT = struct.Struct("!BBH")
_TIMESTAMPS = 35
"""SO_TIMESTAMPNS on Linux: the kernel notes when a packet came, however late this process looks."""
_MOMENT = struct.Struct("=qq")
_MOMENT_SPACE = socket.CMSG_SPACE(_MOMENT.size)
Address = tuple[str, int]


@dataclass(slots=True)
class Heard:
    """What came in, in order: when the machine took in each packet (seconds since 1970, by its kernel), timestamp and sound."""

    arrivals: list[float] = field(default_factory=list)
    frames: list[tuple[int, bytes]] = field(default_factory=list)
    events: list[tuple[int, str]] = field(default_factory=list)
    """Keys, each once: the timestamp of its event, and what was pressed."""

    def mulaw(self) -> bytes:
        """The sound where its timestamps put it, silence where nothing came."""
        if not self.frames:
            return b""
        first = self.frames[0][0]
        end = max((stamp - first & 0xFFFFFFFF) + len(sound) for stamp, sound in self.frames)
        whole = bytearray(b"\xff" * end)
        for stamp, sound in self.frames:
            at = stamp - first & 0xFFFFFFFF
            whole[at : at + len(sound)] = sound
        return bytes(whole)

    def keys(self) -> str:
        return "".join(key for _, key in self.events)


class BareSound:
    """One phone's RTP socket; `tick` is called each 20 ms, `drain` whenever there may be something to read."""

    def __init__(self, host: str = "127.0.0.1", keeps_sound: bool = True) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, _TIMESTAMPS, 1)
        self.port: int = self.socket.getsockname()[1]
        self.heard = Heard()
        self.remote: Address | None = None
        self.event_type = TELEPHONE_EVENT
        self.is_quiet = False
        """Sends nothing at all, as a phone on hold may."""
        self.last_key_at = 0.0
        """When the first packet of the latest key went out."""
        self.last_saying_at = 0.0
        """When the latest frame that is not silence went out."""
        self._keeps_sound = keeps_sound
        self._sayings: deque[bytes] = deque()
        self._keying: deque[tuple[bytes | None, int]] = deque()
        self._sequence, self._stamp = random.randrange(0x8000), random.randrange(0x80000000)
        self._source = random.randrange(0x100000000)
        self._event_stamp = 0

    def say(self, mulaw: bytes) -> None:
        """Speaks from the next frame on, after what is being said already."""
        whole = mulaw + b"\xff" * (-len(mulaw) % FRAME_BYTES)
        self._sayings.extend(whole[at : at + FRAME_BYTES] for at in range(0, len(whole), FRAME_BYTES))

    def press(self, keys: str) -> None:
        """Keys one after the other, each 80 ms long with 60 ms after it; w is half a second of nothing."""
        for key in keys:
            self._keying.extend([(None, 0)] * 25 if key == "w" else _key_frames(KEYS.index(key)))

    @property
    def is_busy(self) -> bool:
        """Whether it still speaks or keys."""
        return bool(self._sayings or self._keying)

    def tick(self) -> None:
        """20 ms to the exchange: of a key, of what is said, or of silence."""
        if self.remote is None or self.is_quiet:
            return
        payload, place = self._keying.popleft() if self._keying else (None, 0)
        if payload is not None:
            self._send_event(payload, place)
        elif self._sayings:
            self.last_saying_at = time.time()
            self._send(PCMU, self._sayings.popleft(), self._stamp)
        else:
            self._send(PCMU, SILENCE, self._stamp)
        self._stamp = self._stamp + FRAME_BYTES & 0xFFFFFFFF

    def send_raw(self, packet: bytes) -> None:
        """Any bytes at all, from this phone's address."""
        assert self.remote is not None
        self.socket.sendto(packet, self.remote)

    def drain(self) -> None:
        """Take in everything that has arrived."""
        while True:
            try:
                packet, [(_, _, moment)], _, _ = self.socket.recvmsg(2048, _MOMENT_SPACE)
            except BlockingIOError:
                return
            seconds, nanoseconds = _MOMENT.unpack(moment)
            self._take(packet, seconds + nanoseconds / 1e9)

    def close(self) -> None:
        self.socket.close()

    def _take(self, packet: bytes, now: float) -> None:
        if len(packet) < _HEADER.size or packet[0] >> 6 != 2:
            return
        _, kind, _, stamp, _ = _HEADER.unpack_from(packet)
        if kind & 0x7F == self.event_type:
            key = KEYS[packet[_HEADER.size]]
            if (stamp, key) not in self.heard.events[-4:]:
                self.heard.events.append((stamp, key))
            return
        self.heard.arrivals.append(now)
        if self._keeps_sound:
            self.heard.frames.append((stamp, packet[_HEADER.size :]))

    def _send_event(self, payload: bytes, place: int) -> None:
        if place == 0:
            self._event_stamp, self.last_key_at = self._stamp, time.time()
        ends = bool(payload[1] & 0x80)
        for _ in range(END_PACKETS if ends else 1):
            self._send(self.event_type, payload, self._event_stamp, marker=place == 0)

    def _send(self, kind: int, payload: bytes, stamp: int, marker: bool = False) -> None:
        header = _HEADER.pack(0x80, kind | marker << 7, self._sequence, stamp, self._source)
        self._sequence = self._sequence + 1 & 0xFFFF
        assert self.remote is not None
        self.socket.sendto(header + payload, self.remote)


def _key_frames(event: int) -> list[tuple[bytes | None, int]]:
    """The packets of one key, the last with the end bit, and the silence after it."""
    durations = [(place, FRAME_BYTES * (place + 1)) for place in range(KEY_FRAMES)]
    frames: list[tuple[bytes | None, int]] = [
        (_EVENT.pack(event, VOLUME | (0x80 if place == KEY_FRAMES - 1 else 0), duration), place)
        for place, duration in durations
    ]
    return [*frames, *[(None, 0)] * GAP_FRAMES]
