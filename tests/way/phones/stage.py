"""An exchange of our own with a line behind it whose documents the test writes, and bare phones that call it: all real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import numpy
from aiohttp import web
from bare_phone import BareCall, BarePhones
from ear import best_match, head

from pbx.exchange.numbers import IncomingNumber, Numbers
from pbx.exchange.plan import Account, Places, Plan
from pbx.exchange.process import open_exchange
from voices.room import open_voices
from voices.sound import RATE_HZ, Sound, silence
from voices.speaking import Voices
from voices.vosk_listener import VoskListener
from voices.vosk_models import model_folders

ACCOUNT = Account("AC" + "0" * 32, "a token")
NUMBER = "+12065550100"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE_SECONDS = 15.0
FRAME_SECONDS = 0.02
NOTHING = 0.4
"""A likeness below this is none."""
SAME = 0.7
"""What a sound that was mixed with another is still known by."""

Document = str | bytes | Callable[[Mapping[str, str]], str]


@dataclass
class TestLine:
    """The web server behind the number: documents and recordings by path, and every request it had."""

    __test__ = False

    documents: dict[str, Document]
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def answer(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        document = self.documents.get(request.path, "<Response/>")
        async with self._more:
            self.requests.append((request.path, form))
            self._more.notify_all()
        if isinstance(document, bytes):
            return web.Response(body=document, content_type="audio/wav")
        return web.Response(text=document(form) if callable(document) else document, content_type="text/xml")

    async def asked(self, path: str, times: int = 1) -> dict[str, str]:
        """Waits until this was requested so often; what the request told."""
        async with self._more, asyncio.timeout(PATIENCE_SECONDS):
            await self._more.wait_for(lambda: self.count(path) >= times)
        return [form for at, form in self.requests if at == path][times - 1]

    def count(self, path: str) -> int:
        return sum(at == path for at, _ in self.requests)


@dataclass
class Stage:
    """The exchange, the line, and the callers' phones."""

    line: TestLine
    phones: BarePhones
    voices: Voices
    base_url: str
    sip: tuple[str, int]
    site: str

    async def recording(self, url: str) -> Sound:
        """A recording as the exchange gives it out."""
        credentials = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT.sid, ACCOUNT.auth_token)}
        async with aiohttp.ClientSession(headers=credentials) as session, session.get(url) as answer:
            assert answer.status == 200, await answer.text()
            return Sound.of_wav(await answer.read())


@asynccontextmanager
async def staged(home: Path, documents: Mapping[str, Document]) -> AsyncIterator[Stage]:
    """The first document is at /voice; `{site}` in a document is where the line is."""
    line = TestLine(dict(documents))
    site = await _serve(line)
    for path, document in documents.items():
        if isinstance(document, str):
            line.documents[path] = document.replace("{site}", site.url)
    number = IncomingNumber(NUMBER, "test", f"{site.url}/voice", MOMENT, MOMENT, status_callback=f"{site.url}/status")
    voices = open_voices(home, {"en": "en-us"}, 160, {"en": {}})
    plan = Plan(
        account=ACCOUNT,
        redact=str,
        open_voices=lambda: voices,
        open_listeners=lambda: {"en": VoskListener(model_folders({})["en"])},
        numbers=Numbers([number], {"activate": NUMBER}),
        rtp_ports=(20000, 20999),
    )
    try:
        async with open_exchange(plan, Places("127.0.0.1", 0, 0)) as running:
            assert running.sip_address is not None
            sip = "127.0.0.1", int(running.sip_address.rpartition(":")[2])
            async with BarePhones(sip) as phones:
                yield Stage(line, phones, voices, running.base_url, sip, site.url)
    finally:
        await site.runner.cleanup()


@dataclass(frozen=True)
class _Site:
    runner: web.AppRunner
    url: str


async def _serve(line: TestLine) -> _Site:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", line.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return _Site(runner, f"http://127.0.0.1:{runner.addresses[0][1]}")


def chirp(from_hz: float, to_hz: float, seconds: float = 0.5) -> Sound:
    """A tone that glides: no two of different ends are like each other, or like any speech."""
    at = numpy.arange(round(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * numpy.pi * (from_hz * at + (to_hz - from_hz) * at**2 / (2 * seconds))
    return Sound(numpy.rint(8000 * numpy.sin(phase)).astype(numpy.int16))


LOW, MIDDLE, HIGH = chirp(400, 900), chirp(2000, 1200), chirp(2400, 3300)


def heard_by(call: BareCall) -> Sound:
    return Sound.of_mulaw(call.sound.heard.mulaw()) if call.sound.heard.frames else silence(0)


def likeness(call: BareCall, sound: Sound) -> float:
    return best_match(heard_by(call), sound)[1]


async def hears(call: BareCall, sound: Sound, within_seconds: float = PATIENCE_SECONDS) -> float:
    """Waits until this phone has heard the sound; when it began, in seconds of what it heard."""
    async with asyncio.timeout(within_seconds):
        while True:
            at, fit = best_match(heard_by(call), sound)
            if fit >= SAME:
                return at
            await asyncio.sleep(0.02)


async def starts_to_hear(call: BareCall, sound: Sound) -> float:
    """The same for a long sound: its first fifth of a second."""
    return await hears(call, head(sound, 0.2))


def loud_until(call: BareCall, after_seconds: float = 0.0) -> float:
    """When the last frame that is not silence arrived (seconds since 1970)."""
    heard = call.sound.heard
    loud = [at for at, (_, sound) in zip(heard.arrivals, heard.frames, strict=True) if Sound.of_mulaw(sound).peak > 200]
    return max((at for at in loud if at >= after_seconds), default=after_seconds)


def tones_in(sound: Sound) -> set[int]:
    """Which of the eight frequencies of DTMF are plainly in a sound."""
    samples = sound.samples.astype(float)
    at = numpy.arange(len(samples)) / RATE_HZ
    powers = {hz: abs(numpy.exp(-2j * numpy.pi * hz * at) @ samples) for hz in (697, 770, 852, 941, 1209, 1336, 1477, 1633)}
    most = max(powers.values())
    return {hz for hz, power in powers.items() if most > 0 and power > most / 3}


def perform(scene: Coroutine[Any, Any, None]) -> None:
    """Runs a scene on an event loop in a thread of its own: where a browser of the tests is open, this one has a loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, scene).result()


async def spoken(call: BareCall) -> None:
    """Waits until this phone has said and keyed everything; a call that ends before fails the test."""
    while call.sound.is_busy:
        assert not call.over.is_set(), "hung up too early"
        await asyncio.sleep(FRAME_SECONDS)


def wav(sound: Sound) -> bytes:
    return sound.wav()


def response(*verbs: str) -> str:
    return f"<Response>{''.join(verbs)}</Response>"
