"""aiortp's session, as far as it serves: sockets, packets, statistics and RTCP. What it does with sound and keys stays unused.

Its jitter buffer holds a frame until the next packet comes, its playout is a clock of its own, its receiver raises at short
events and its A-law is inverted; so packets go from here to `Playout` and `KeysHeard`, and nothing is ever decoded.
"""

import logging
import socket
import struct
from contextlib import AsyncExitStack
from typing import Any, Protocol, cast

from aiortp import RTPSession, RtpTransport

from pbx.rtp.packet import Packet, Sender, read
from pbx.rtp.reception import Reception
from pbx.rtp.source import Address

RTCP_NAME = "activation-center"
LONGEST_PACKET_BYTES = 2048

logging.getLogger("aiortp").setLevel(logging.ERROR)  # it warns of every bad packet, and anybody can send a million of them


class Receiver(Protocol):
    """Who gets a session's packets."""

    def admits(self, address: Address) -> bool:
        """Whether anything from there is looked at."""

    def takes(self, address: Address, ssrc: int) -> bool:
        """Whether a packet is the phone's, and not a stranger's."""

    def restart(self) -> None:
        """What comes now belongs to another stream (SSRC)."""

    def receive(self, packet: Packet) -> None:
        """A packet of the phone's."""


class Session(RTPSession):
    """One phone's two sockets. Nothing is sent before `update_remote`, nothing received without a receiver."""

    receiver: Receiver | None = None
    reception: Reception
    """Of the stream now received."""

    @classmethod
    async def bound(cls, host: str, port: int) -> "Session":
        """RTP at this port, RTCP at the next. Raises OSError, and keeps neither, where one of them is taken."""
        _bind_and_release(host, port)
        session = cast(
            Session,
            await cls.create(
                local_addr=(host, port),
                remote_addr=(host, 0),
                payload_type=0,
                cname=RTCP_NAME,
                jitter_prefetch=0,
                skip_audio_gaps=True,
                plc=False,
                symmetric_rtp=True,
            ),
        )
        session.reception = Reception()
        return session

    def send(self, payload_type: int, payload: bytes, timestamp: int, marked: bool) -> None:
        """One packet to where the phone is."""
        if self._sender is not None and not self._closed:
            self._sender.send_raw(payload_type, payload, timestamp, int(marked), self._remote_addr)

    async def close(self) -> None:
        """Say goodbye (RTCP BYE) and free both ports; returns when they are free."""
        await super().close()
        for transport in (self._rtp_transport, self._rtcp_transport):
            if transport is not None:
                await transport._closed.wait()

    async def _bind_transports(self, local_addr: Address, remote_addr: Address) -> None:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.close)
            await super()._bind_transports(local_addr, remote_addr)
            stack.pop_all()
        self._remote_addr = self._remote_rtcp_addr = None
        assert self._rtp_transport is not None
        assert self._rtcp_transport is not None
        self._sender = Sender(self._rtp_transport, payload_type=0, ssrc=self._ssrc)
        self._rtcp_transport._on_rtp = _ignore
        _read_little(self._rtp_transport)

    def _handle_rtp(self, data: bytes, addr: Address) -> None:
        if self.receiver is None or self._closed or not self.receiver.admits(addr):
            return
        packet = read(data)
        if packet is not None and self.receiver.takes(addr, packet.ssrc):
            self._latch_rtp_addr(addr)
            self._count(packet, self.receiver)
            self.receiver.receive(packet)

    def _count(self, packet: Packet, receiver: Receiver) -> None:
        if packet.ssrc != self._remote_ssrc:
            receiver.restart()
            self._remote_ssrc_changed(packet.ssrc)
            self.reception = self._stream_stats = Reception()
        self.reception.count(packet.sequence, packet.timestamp)

    def _handle_rtcp(self, data: bytes, addr: Address) -> None:
        if self.receiver is None or self._closed or not self.receiver.admits(addr):
            return
        try:
            super()._handle_rtcp(data, addr)
        except (struct.error, IndexError):
            return


def _ignore(data: bytes, addr: Address) -> None:
    """Sound has no business at the port of reports."""


def _read_little(transport: RtpTransport) -> None:
    """asyncio makes room for 256 KiB before each packet of 172 bytes, which takes as long as all that is done with it after."""
    socket_transport: Any = transport._transport
    if hasattr(socket_transport, "max_size"):
        socket_transport.max_size = LONGEST_PACKET_BYTES


def _bind_and_release(host: str, port: int) -> None:
    """uvloop does not say why it cannot bind, and keeps the socket: so it is only asked for what is known to be free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as rtp, socket.socket(family, socket.SOCK_DGRAM) as rtcp:
        rtp.bind((host, port))
        rtcp.bind((host, port + 1))
