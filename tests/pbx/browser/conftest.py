"""A served WebSocket end, browsers made of an HTTP client, and a leg that notes what it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from pbx.browser.call import BrowserCall
from pbx.browser.socket import BROWSER_PATH, serve_browser
from pbx.browser.station import BrowserStations
from pbx.browser.token import token_verifier

SID, TOKEN = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef"
ORIGIN = "http://127.0.0.1:8000"
FORMAT = {"mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}


def token_for(name: str, secret: str = TOKEN, ttl_seconds: int = 3600, account: str = SID) -> str:
    """What the web server hands out, made with Twilio's own library."""
    token = AccessToken(account, account, secret, identity=name, ttl=ttl_seconds, grants=[VoiceGrant(incoming_allow=True)])
    return str(token.to_jwt())


@dataclass
class Leg:
    """A Holder that notes."""

    pressed: str = ""
    hung_up: int = 0

    def press(self, digit: str) -> None:
        self.pressed += digit

    def phone_hung_up(self) -> None:
        self.hung_up += 1


@dataclass
class Browser:
    """The other end of a WebSocket, and what a page does with it."""

    socket: aiohttp.ClientWebSocketResponse
    stream_sid: str = ""

    async def tell(self, event: str, **fields: Any) -> None:
        named = {"streamSid": self.stream_sid} if self.stream_sid else {}
        await self.socket.send_json({"event": event, **named, **fields})

    async def hear(self, event: str) -> dict[str, Any]:
        """The next message, which is this one."""
        told = await self.socket.receive_json(timeout=5)
        assert told["event"] == event, told
        self.stream_sid = told.get("streamSid", self.stream_sid)
        return dict(told)

    async def is_let_go(self) -> int:
        """The close code, after whatever else is told."""
        async with asyncio.timeout(10):
            async for _message in self.socket:
                pass
        return int(self.socket.close_code or 0)


@dataclass
class Exchange:
    """The served end."""

    url: str
    stations: BrowserStations
    calls: asyncio.Queue[BrowserCall]
    client: aiohttp.ClientSession

    async def connect(
        self, name: str = "amira", origin: str | None = ORIGIN, token: str | None = None, host: str | None = None
    ) -> Browser:
        headers: Mapping[str, str] = {"Origin": origin} if origin else {}
        headers = {**headers, "Host": host} if host else headers
        browser = Browser(await self.client.ws_connect(self.url, headers=headers))
        await browser.tell("connected", protocol="Call", version="1.0.0", token=token or token_for(name))
        return browser

    async def registered(self, name: str = "amira") -> Browser:
        browser = await self.connect(name)
        assert (await browser.hear("registered"))["address"] == f"client:{name}"
        return browser

    async def in_call(self, name: str = "amira", to: str = "activate") -> tuple[Browser, BrowserCall, Leg]:
        """A browser that has called, the exchange's end of that call, and the leg that holds it."""
        browser, leg = await self.registered(name), Leg()
        await browser.tell("call", to=to)
        await browser.hear("calling")
        call = await self.next_call()
        call.attach(leg)
        answering = asyncio.create_task(call.answer())
        await browser.hear("answered")
        await browser.tell("start", start=FORMAT)
        await answering
        return browser, call, leg

    async def next_call(self) -> BrowserCall:
        async with asyncio.timeout(5):
            return await self.calls.get()


async def until(condition: Callable[[], object]) -> None:
    """Returns as soon as it is so."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


@asynccontextmanager
async def _served(has_other_names: bool) -> AsyncIterator[Exchange]:
    numbers = count(1)
    stations, calls = BrowserStations(lambda prefix: f"{prefix}{next(numbers):032x}"), asyncio.Queue[BrowserCall]()
    application = web.Application()
    handler = serve_browser(stations, token_verifier(SID, TOKEN), {ORIGIN}, calls.put_nowait, has_other_names=has_other_names)
    application.add_routes([web.get(BROWSER_PATH, handler)])
    async with TestServer(application, host="127.0.0.1") as server, aiohttp.ClientSession() as client:
        yield Exchange(str(server.make_url(BROWSER_PATH)), stations, calls, client)


@pytest.fixture(name="until")
def until_fixture() -> Callable[[Callable[[], object]], Awaitable[None]]:
    return until


@pytest.fixture
def leg() -> Leg:
    return Leg()


@pytest.fixture(name="token_for")
def token_for_fixture() -> Callable[..., str]:
    return token_for


@pytest.fixture
def with_exchange() -> Callable[..., None]:
    """Runs a story against a served WebSocket end; one that other machines reach too, where it `has_other_names`."""

    def run(story: Callable[[Exchange], Awaitable[None]], has_other_names: bool = False) -> None:
        async def whole() -> None:
            async with _served(has_other_names) as exchange:
                await story(exchange)

        asyncio.run(whole())

    return run
