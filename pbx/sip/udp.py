"""SIP over UDP: one socket on the loop, no threads."""

import asyncio
import socket

from pbx.sip.flows import Address, Flow, Receive
from pbx.sip.journal import Journal

LARGEST_DATAGRAM_BYTES = 65535
DATAGRAMS_AT_ONCE = 64
"""Then the loop gets its turn: signalling never starves the clock of the calls."""
RECEIVE_BUFFER_BYTES = 1 << 20


class UdpLine:
    """Our end of SIP over UDP, on a socket that is already bound."""

    transport = "udp"

    def __init__(self, bound: socket.socket, receive: Receive, journal: Journal) -> None:
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self.host, self.port = bound.getsockname()[:2]
        self._socket = bound
        self._receive = receive
        self._journal = journal
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(bound.fileno(), self._read)
        self._sending: set[asyncio.Task[None]] = set()

    def _read(self) -> None:
        for _ in range(DATAGRAMS_AT_ONCE):
            try:
                data, (host, port, *_) = self._socket.recvfrom(LARGEST_DATAGRAM_BYTES)
            except BlockingIOError:
                return
            except OSError as error:
                self._journal.tell("network", error)
                return
            self._receive(data, Flow(self, Address(self.transport, host, port)))

    def send(self, data: bytes, host: str, port: int) -> None:
        if host.replace(".", "").isdigit() or ":" in host:
            self._send(data, (host, port))
        else:
            task = self._loop.create_task(self._send_to_name(data, host, port))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _send_to_name(self, data: bytes, host: str, port: int) -> None:
        try:
            found = await self._loop.getaddrinfo(host, port, family=self._socket.family, type=socket.SOCK_DGRAM)
        except OSError as error:
            self._journal.tell("network", f"{host}: {error}")
            return
        self._send(data, found[0][4])

    def _send(self, data: bytes, address: tuple[str | int, ...] | tuple[int, bytes]) -> None:
        try:
            self._socket.sendto(data, address)
        except OSError as error:
            self._journal.tell("network", f"{address[0]!r}: {error}")

    async def close(self) -> None:
        for task in tuple(self._sending):
            task.cancel()
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()
