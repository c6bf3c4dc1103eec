"""The WebSocket of one browser's phone. Nothing a browser sends is fatal to more than its own connection."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from time import monotonic, time
from urllib.parse import urlsplit

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from pbx.browser import messages
from pbx.browser.call import BrowserCall
from pbx.browser.messages import MAXIMUM_MESSAGE_BYTES, Registered, Sound, ToBrowser
from pbx.browser.station import BrowserStation, BrowserStations
from pbx.browser.token import Identity

BROWSER_PATH = "/browser"
HEARTBEAT_SECONDS = 20.0
GREETING_SECONDS = 5.0
MESSAGES_PER_SECOND = 100
"""Twice what a call takes; who sends more is read no faster than this."""
BURST_MESSAGES = 100
FORGIVEN_MESSAGES = 20
"""So many messages that make no sense may come over one connection."""
LATE_MESSAGES = 50
"""Sound that would wait behind so many messages would be heard a second late; it is left out."""
MOST_MESSAGES = 1000
"""A browser that reads nothing is soon missed by the heartbeat; until then no more than this is kept for it."""
PROVE_AGAIN = 4401
"""The close code that asks for a new token; RFC 6455, section 7.4.2, leaves its range to applications."""

log = logging.getLogger(__name__)


class _Gone(Exception):
    """The connection is over, or shall be for this reason. `code` closes it; None where it is closed already."""

    def __init__(self, code: int | None = None, words: str = "") -> None:
        super().__init__(words)
        self.code = code


def serve_browser(
    stations: BrowserStations,
    verify: Callable[[str], Identity | None],
    allowed_origins: Collection[str],
    on_call: Callable[[BrowserCall], None],
    *,
    has_other_names: bool = False,
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler for `GET /browser`. `on_call` is given every call a browser makes and answers or rejects it.

    A page of a foreign origin (scheme, host and port, as browsers say them) is refused with 403. Where other machines reach
    this one (`has_other_names`), a page may be of whichever host its browser has asked for a phone.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin", "")
        if origin not in allowed_origins and not (has_other_names and _is_beside(origin, request.host, allowed_origins)):
            raise web.HTTPForbidden(text="The phone is open to pages of this centre only.")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAXIMUM_MESSAGE_BYTES)
        await socket.prepare(request)
        try:
            identity = await _greeted(socket, verify)
            await _Line(socket, stations, identity, on_call).serve()
        except _Gone as gone:
            if gone.code is not None:
                await socket.close(code=gone.code, message=str(gone).encode())
        return socket

    return handle


def _is_beside(origin: str, asked: str, allowed_origins: Collection[str]) -> bool:
    """Whether it is one of these origins under the host name that the exchange was asked by."""
    try:
        page, host = urlsplit(origin), urlsplit(f"//{asked}").hostname
        own = {(each.scheme, each.port) for each in map(urlsplit, allowed_origins)}
        return page.hostname == host and (page.scheme, page.port) in own
    except ValueError:  # no host, or no port
        return False


async def _greeted(socket: web.WebSocketResponse, verify: Callable[[str], Identity | None]) -> Identity:
    """Whose phone it is. Raises _Gone for a browser that does not say, or cannot prove it."""
    try:
        async with asyncio.timeout(GREETING_SECONDS):
            greeting = messages.read_greeting(await _next(socket))
    except (TimeoutError, msgspec.MsgspecError):
        raise _Gone(WSCloseCode.POLICY_VIOLATION, "A phone says first whose it is.") from None
    identity = verify(greeting.token)
    if identity is None:
        raise _Gone(PROVE_AGAIN, "The token is not good, or not any more.")
    return identity


async def _next(socket: web.WebSocketResponse) -> str | bytes:
    """The next message. Raises _Gone at the end of the connection, also where it broke off or a message was too long."""
    message = await socket.receive()
    if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
        raise _Gone
    data: str | bytes = message.data
    return data


class _Line:
    """One phone that has said whose it is, until its connection ends."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        stations: BrowserStations,
        identity: Identity,
        on_call: Callable[[BrowserCall], None],
    ) -> None:
        self._socket = socket
        self._stations = stations
        self._identity = identity
        self._station = BrowserStation(identity, stations.new_sid, self._send, on_call)
        self._outbox: asyncio.Queue[ToBrowser | None] = asyncio.Queue()

    async def serve(self) -> None:
        """Both ways, for as long as the browser stays and its token is good. Raises _Gone at the end."""
        self._stations.add(self._station)
        self._send(Registered(address=self._identity.address))
        others = [asyncio.create_task(self._send_all()), asyncio.create_task(self._expire())]
        try:
            await self._receive_all()
        finally:
            self._stations.remove(self._station)
            self._station.vanish()
            for each in others:
                each.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    async def _receive_all(self) -> None:
        pace, nonsense = _Pace(), 0
        while True:
            raw = await _next(self._socket)
            await pace.keep()
            try:
                self._station.receive(messages.read_from_browser(raw))
            except msgspec.MsgspecError:
                nonsense += 1
                if nonsense > FORGIVEN_MESSAGES:
                    log.warning("The browser of %s makes no sense and was let go.", self._identity.name)
                    raise _Gone(WSCloseCode.POLICY_VIOLATION, "Too many messages made no sense.") from None

    async def _send_all(self) -> None:
        with suppress(ConnectionError):  # the reader sees the end of the connection, too, and acts on it
            while (message := await self._outbox.get()) is not None:
                await self._socket.send_str(messages.write(message).decode())
            await self._socket.close(code=PROVE_AGAIN, message=b"The token is not good any more.")

    async def _expire(self) -> None:
        """Who has no good token any more may finish the call under way."""
        await asyncio.sleep(self._identity.expires_at - time())
        await self._station.is_free.wait()
        self._outbox.put_nowait(None)  # behind what is still to be told

    def _send(self, message: ToBrowser) -> None:
        room = LATE_MESSAGES if isinstance(message, Sound) else MOST_MESSAGES
        if self._outbox.qsize() < room:
            self._outbox.put_nowait(message)


class _Pace:
    """Reads no faster than a phone has to say something; what waits meanwhile fills the sender's own buffers."""

    def __init__(self) -> None:
        self._credit, self._counted_at = float(BURST_MESSAGES), monotonic()

    async def keep(self) -> None:
        """Before each message."""
        now = monotonic()
        earned = (now - self._counted_at) * MESSAGES_PER_SECOND
        self._credit, self._counted_at = min(BURST_MESSAGES, self._credit + earned) - 1, now
        if self._credit < 0:
            await asyncio.sleep(-self._credit / MESSAGES_PER_SECOND)
