"""The WebSocket a stream goes through, signed as webhooks are.

Source: https://www.twilio.com/docs/voice/media-streams and .../docs/usage/webhooks/webhooks-security.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from pbx.codes import CallError, Code

CONNECT_SECONDS = 5.0
LARGEST_MESSAGE_BYTES = 256 * 1024


class Socket(Protocol):
    """One open WebSocket."""

    async def send(self, text: str) -> None:
        """Send a message. Raises CallError 31924 when the other side is gone."""

    async def receive(self) -> str | None:
        """The next message, or None when the other side has closed."""


class Streams(Protocol):
    """Opens the WebSockets of streams."""

    def new_sid(self) -> str:
        """A stream's identifier: MZ and 32 hexadecimal digits."""

    def open(self, url: str) -> AbstractAsyncContextManager[Socket]:
        """An open socket. Raises CallError 31901 to 31924 on entering."""


class StreamSockets:
    """WebSockets by aiohttp, signed with the account's token."""

    def __init__(self, session: aiohttp.ClientSession, auth_token: str, new_sid: Callable[[str], str]) -> None:
        self._session = session
        self._new_sid = new_sid
        self._validator = RequestValidator(auth_token)

    def new_sid(self) -> str:
        return self._new_sid("MZ")

    @asynccontextmanager
    async def open(self, url: str) -> AsyncIterator[Socket]:
        headers = {"X-Twilio-Signature": self._validator.compute_signature(url, {}), "User-Agent": "Twilio.TmeWs/1.0"}
        connection = await self._connect(url, headers)
        try:
            yield OpenSocket(url, connection)
        finally:
            await connection.close()

    async def _connect(self, url: str, headers: dict[str, str]) -> aiohttp.ClientWebSocketResponse:
        timeout = aiohttp.ClientWSTimeout(ws_close=CONNECT_SECONDS)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await self._session.ws_connect(
                    URL(url), headers=headers, timeout=timeout, max_msg_size=LARGEST_MESSAGE_BYTES
                )
        except TimeoutError:
            detail = f"nothing answered within {CONNECT_SECONDS:g} seconds"
            raise CallError(Code.STREAM_TIMEOUT, url, detail) from None
        except aiohttp.WSServerHandshakeError as error:
            detail = f"the server answered {error.status} instead of opening a WebSocket"
            raise CallError(Code.STREAM_HANDSHAKE, url, detail) from error
        except aiohttp.InvalidURL as error:
            raise CallError(Code.STREAM_URL, url, "it cannot be connected to") from error
        except aiohttp.ClientError as error:
            raise CallError(Code.STREAM_REFUSED, url, "nothing answers there") from error


class OpenSocket:
    """A `Socket` over aiohttp."""

    def __init__(self, url: str, connection: aiohttp.ClientWebSocketResponse) -> None:
        self._url = url
        self._connection = connection

    async def send(self, text: str) -> None:
        try:
            await self._connection.send_str(text)
        except (aiohttp.ClientError, ConnectionError) as error:
            raise CallError(Code.STREAM_PROTOCOL, self._url, "the other side went away") from error

    async def receive(self) -> str | None:
        message = await self._connection.receive()
        match message.type:
            case aiohttp.WSMsgType.TEXT:
                return str(message.data)
            case aiohttp.WSMsgType.BINARY:
                raise CallError(Code.STREAM_PROTOCOL, self._url, "messages are text, not binary")
            case aiohttp.WSMsgType.ERROR:
                raise CallError(Code.STREAM_PROTOCOL, self._url, "a message broke the WebSocket protocol")
            case _:
                return None
