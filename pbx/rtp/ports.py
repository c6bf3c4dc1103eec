"""SIP phones' sound: a pool of RTP ports, and a `Port` at each."""

from collections import deque
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from errno import EACCES, EADDRINUSE
from functools import partial
from ipaddress import ip_address
from secrets import randbits

from pbx.audio.companding import alaw_of, mulaw_of
from pbx.audio.frame import FRAME_BYTES, RATE_HZ, Frame
from pbx.audio.port import PortFigures
from pbx.rtp.keys import KeysHeard, KeysTold
from pbx.rtp.packet import Packet
from pbx.rtp.playout import Playout
from pbx.rtp.session import Session
from pbx.rtp.source import Address, Source, is_here

PCMU, PCMA, COMFORT_NOISE = 0, 8, 13
"""Payload types that are the same in every call (RFC 3551, table 4)."""
LONGEST_PAYLOAD_BYTES = RATE_HZ // 5
HELD = ("sendonly", "inactive")
WONDERING_TICKS = 750
"""A phone that has sent nothing for 15 s may be on hold, or suppress silence, or be gone: somebody should ask."""
_TAKEN = (EADDRINUSE, EACCES)


class NoPortsLeft(Exception):
    """Every port of the pool carries a call: the phone is to be told 503."""


class RtpPort:
    """A SIP phone's sound, both ways, and its keys. Silent, and deaf, until it is connected."""

    def __init__(self, session: Session, local_port: int, give_back: Callable[[], None]) -> None:
        self.local_port = local_port
        self.on_key: Callable[[str], None] = _unheard
        """Told of each key that the phone sends as a telephone-event, once."""
        self.on_quiet: Callable[[], None] = _unasked
        """Told again and again while nothing comes from a phone in a call, held or not."""
        self._session, self._give_back = session, give_back
        self._source = Source(())
        self._named: tuple[Address, frozenset[str]] | None = None
        self._playout = Playout()
        self._keys_heard, self._keys_told = KeysHeard(), KeysTold()
        self._codec, self._payload_type, self._event_payload_type = "PCMU", PCMU, -1
        self._connected = self._held = False
        self._timestamp = self._event_timestamp = randbits(32)
        self._ticks, self._paused = 0, True
        self._received_frames = self._sent_frames = self._lost_before = 0
        session.receiver = self

    def connect(
        self,
        remote: Address,
        codec: str,
        payload_type: int,
        event_payload_type: int | None,
        other_hosts: Collection[str] = (),
    ) -> None:
        """Send to this address, and listen to its host from whichever port its packets come; also after every new offer.

        `remote` is the host that signals, with the port that SDP names; `other_hosts` may send the phone's sound as well.
        `codec` is PCMU or PCMA. Raises ValueError for a host that is a name, and for a port that is none.
        """
        ip_address(remote[0])
        if not 0 < remote[1] < 65536:
            raise ValueError(f"{remote[1]} is no port to send sound to")
        self._find(remote, frozenset({remote[0], *other_hosts}))
        self._codec, self._payload_type = codec, payload_type
        self._event_payload_type = -1 if event_payload_type is None else event_payload_type
        self._connected, self._held = True, False

    def _find(self, remote: Address, hosts: frozenset[str]) -> None:
        """A phone that offers the same again, as to hold, has not moved, wherever it has really been found."""
        if (remote, hosts) != self._named:
            self._named = remote, hosts
            self._session.update_remote(remote)
            self._source = Source(hosts, remote[1] if is_here(remote[0]) else None)

    def hold(self, direction: str) -> None:
        """What the phone's SDP says it does: `sendrecv`, `sendonly`, `recvonly` or `inactive`.

        One that holds is neither told nor asked anything; what it may send is its music.
        """
        self._held = direction in HELD

    def take(self) -> Frame | None:
        """The next 20 ms from the phone, what was lost concealed; None while nothing comes."""
        self._source.tick()
        if self._connected and self._source.quiet_ticks % WONDERING_TICKS == 0:
            self.on_quiet()
        self._ticks += 1
        frame = self._playout.next()
        return None if self._held else frame

    def give(self, frame: Frame) -> None:
        """20 ms to the phone, unless a key is being sent to it."""
        marked, ticks, self._ticks = self._paused or self._ticks > 1, max(self._ticks, 1), 0
        self._timestamp = (self._timestamp + ticks * FRAME_BYTES) % (1 << 32)
        self._paused = self._held or not self._connected
        if self._paused:
            return
        event, begins = self._keys_told.next()
        if event is None:
            self._send_sound(frame, marked)
        else:
            self._send_event(event, begins)

    def send_keys(self, keys: str) -> bool:
        """Send these as telephone-events, one after the other; False where the phone takes none, and tones must do.

        `w` waits half a second, `W` a second. Raises ValueError for what is no key.
        """
        if self._event_payload_type < 0:
            return False
        self._keys_told.tell(keys)
        return True

    @property
    def figures(self) -> PortFigures:
        """How its sound has come over so far."""
        reception = self._session.reception
        lost = self._lost_before + reception.lost_packets
        return PortFigures(self._codec, self._received_frames, self._sent_frames, lost, reception.jitter_seconds)

    async def close(self) -> None:
        """Say goodbye, and give the port back to the pool; a second time nothing happens."""
        give_back, self._give_back = self._give_back, _given_back
        try:
            await self._session.close()
        finally:
            give_back()

    def admits(self, address: Address) -> bool:
        """Whether packets from there are looked at; for the session."""
        return self._source.admits(address)

    def takes(self, address: Address, ssrc: int) -> bool:
        """Whether a packet is the phone's; for the session."""
        return self._source.takes(address, ssrc)

    def restart(self) -> None:
        """Another stream begins; for the session."""
        self._lost_before += self._session.reception.lost_packets
        self._playout.restart()
        self._keys_heard.restart()

    def receive(self, packet: Packet) -> None:
        """A packet of the phone's; for the session."""
        kind = packet.kind
        if kind == self._event_payload_type:
            self._receive_event(packet)
        elif kind in (self._payload_type, PCMU, PCMA):
            self._receive_sound(packet, is_alaw=self._codec == "PCMA" if kind == self._payload_type else kind == PCMA)
        elif kind == COMFORT_NOISE:
            self._playout.pause()

    def _receive_event(self, packet: Packet) -> None:
        self._playout.pause()
        key = self._keys_heard.heard(packet.timestamp, packet.payload, packet.marked)
        if key is not None:
            self.on_key(key)

    def _receive_sound(self, packet: Packet, is_alaw: bool) -> None:
        sound = packet.payload
        if not 0 < len(sound) <= LONGEST_PAYLOAD_BYTES:
            return
        self._received_frames += 1
        self._playout.arrived(packet.timestamp, mulaw_of(sound) if is_alaw else sound)

    def _send_sound(self, frame: Frame, marked: bool) -> None:
        self._session.send(self._payload_type, alaw_of(frame) if self._codec == "PCMA" else frame, self._timestamp, marked)
        self._sent_frames += 1

    def _send_event(self, event: bytes, begins: bool) -> None:
        if begins:
            self._event_timestamp = self._timestamp
        self._session.send(self._event_payload_type, event, self._event_timestamp, begins)


class MediaPorts:
    """A pool of even ports for RTP, each with the odd one after it for RTCP (RFC 3550, section 11).

    The port longest unused is taken first, so that what is left of one call does not get into the next.
    """

    def __init__(self, first_port: int, last_port: int, bind_host: str) -> None:
        self._bind_host = bind_host
        self._range = f"{first_port} to {last_port}"
        self._free = deque(range(first_port + first_port % 2, last_port, 2))

    @property
    def free(self) -> int:
        """How many calls more it could carry."""
        return len(self._free)

    async def open(self) -> RtpPort:
        """A port, bound. Raises NoPortsLeft where all are in use, here or by other programs, and OSError for a wrong host."""
        for _ in range(len(self._free)):
            if not self._free:
                break
            try:
                return await self._opened(self._free.popleft())
            except OSError as fault:
                if fault.errno not in _TAKEN:
                    raise
        raise NoPortsLeft(f"all RTP ports, {self._range}, are in use; widen rtp_ports in the settings")

    async def _opened(self, port: int) -> RtpPort:
        async with AsyncExitStack() as stack:
            give_back = partial(self._free.append, port)
            stack.callback(give_back)
            session = await Session.bound(self._bind_host, port)
            stack.pop_all()
            return RtpPort(session, port, give_back)


def _unheard(key: str) -> None:
    """Nobody listens for keys yet."""


def _unasked() -> None:
    """Nobody wonders yet."""


def _given_back() -> None:
    """The port is in the pool again."""
