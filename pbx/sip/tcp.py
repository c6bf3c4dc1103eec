"""SIP over TCP: messages cut out of streams by their Content-Length. Source: RFC 3261, section 18.3."""

import asyncio
import re
import socket
from collections.abc import Callable
from contextlib import suppress

from pbx.sip.flows import Address, Flow, Receive
from pbx.sip.journal import Journal

LARGEST_HEAD_BYTES = 1 << 16
LARGEST_BODY_BYTES = 1 << 16
MOST_WAITING_BYTES = 1 << 20
"""So much unsent, and the peer is taken for dead."""
MOST_CONNECTIONS = 1000
CONNECT_SECONDS = 10.0

_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_Peer = tuple[str, int]


class TcpLine:
    """Our end of SIP over TCP. `lost` is told of each connection that ended: what was registered over it is out of reach."""

    transport = "tcp"

    def __init__(self, receive: Receive, lost: Callable[[Address], None], journal: Journal) -> None:
        self.host, self.port = "", 0
        self._receive = receive
        self._lost = lost
        self._journal = journal
        self._server: asyncio.Server | None = None
        self._connections: dict[_Peer, asyncio.StreamWriter] = {}
        self._opening: dict[_Peer, list[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, bound: socket.socket) -> None:
        """Listen on a socket that is already bound."""
        self.host, self.port = bound.getsockname()[:2]
        self._server = await asyncio.start_server(self._accept, sock=bound, limit=LARGEST_HEAD_BYTES)

    def send(self, data: bytes, host: str, port: int) -> None:
        peer = (host, port)
        if (writer := self._connections.get(peer)) is not None:
            self._write(writer, data)
        elif peer in self._opening:
            self._opening[peer].append(data)
        else:
            self._opening[peer] = [data]
            self._run(asyncio.get_running_loop().create_task(self._connect(peer)))

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        self._run(task)
        host, port, *_ = writer.get_extra_info("peername") or ("", 0)
        await self._serve((host, port), reader, writer)

    def _run(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, peer: _Peer) -> None:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(*peer, limit=LARGEST_HEAD_BYTES)
        except OSError as error:
            self._journal.tell("network", f"{peer[0]}: {error}")
            return
        finally:
            waiting = self._opening.pop(peer)
        for data in waiting:
            self._write(writer, data)
        await self._serve(peer, reader, writer)

    async def _serve(self, peer: _Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = Address(self.transport, *peer)
        self._connections[peer] = writer
        try:
            while (message := await self._message(reader, writer)) is not None:
                self._receive(message, Flow(self, address))
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            if not isinstance(error, asyncio.IncompleteReadError) or error.partial:
                self._journal.tell("connection", f"{address}: {error}")
        finally:
            self._connections.pop(peer, None)
            writer.transport.abort() if not writer.is_closing() else None
            self._lost(address)

    async def _message(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        """The next message, empty for what only keeps the connection alive (RFC 5626, section 3.5.1); None ends it."""
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.strip():
            self._write(writer, b"\r\n")
            return b""
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        return head + await reader.readexactly(size) if size <= LARGEST_BODY_BYTES else None

    def _write(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        with suppress(ConnectionError):
            writer.write(data)
        if writer.transport.get_write_buffer_size() > MOST_WAITING_BYTES:
            writer.transport.abort()
