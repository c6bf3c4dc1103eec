"""An exchange as it runs, Twilio's own client on one side, phones with scripts on the other, a signed centre behind them."""

import asyncio
import queue
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Self
from urllib.parse import urlsplit

import numpy
import pytest
import requests
from flask import Flask, Response, abort, request
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import make_server

from pbx.audio.clock import Clock
from pbx.audio.port import Unanswered
from pbx.demo.phone import DemoPhone
from pbx.demo.tape import Tape
from pbx.exchange.numbers import IncomingNumber, Numbers
from pbx.exchange.plan import Account, Places, Plan
from pbx.exchange.process import open_exchange
from pbx.identity import now
from pbx.interpreter import Number
from pbx.rtp.ports import MediaPorts
from pbx.sip.exchange import SipAccount, SipExchange
from pbx.terminal.dialling import Dialling, dial
from pbx.terminal.script import parse_script
from voices.cache import SoundCache
from voices.faults import CannotSpeak
from voices.sound import RATE_HZ, Sound
from voices.speaking import Voices
from voices.studio import Studio

ACCOUNT = Account("AC" + "2" * 32, "not-a-secret")
PATIENCE_SECONDS = 20.0


class Mute:
    """A speech engine that has no voice."""

    def speak(self, text: str, language: str):
        raise CannotSpeak("Nobody speaks here.")

    def fingerprint(self, language: str) -> str:
        raise CannotSpeak("Nobody speaks here.")


def plan_for(centre_url: str, folder) -> Plan:
    """An exchange with one number, whose line is the centre at that URL."""
    made = now()
    number = IncomingNumber("+12065550100", "The line", f"{centre_url}/voice", made, made)
    number.voice_fallback_url, number.status_callback = f"{centre_url}/fallback", f"{centre_url}/status"
    return Plan(
        account=ACCOUNT,
        redact=redact,
        open_voices=lambda: Voices(Mute(), SoundCache(folder), Studio((), {})),
        open_listeners=dict,
        numbers=Numbers([number], {"activate": "+12065550100"}),
        rtp_ports=(21000, 21199),
        password_of=lambda name: f"password of {name}",
        origins=frozenset({"http://centre.test"}),
    )


def redact(text: str) -> str:
    """What stands in for the house's redaction."""
    return text.replace("SECRET", "(removed)")


class Centre:
    """A Flask line that refuses what is not signed and keeps what it was told; tests put pages on it."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.told: list[tuple[str, dict[str, str]]] = []
        self._news = threading.Condition()
        application = Flask("centre")
        application.add_url_rule("/<path:path>", view_func=self.answer, methods=["GET", "POST"])
        self.server = make_server("127.0.0.1", 0, application, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> Response:
        if not RequestValidator(ACCOUNT.auth_token).validate(request.url, request.form, request.headers["X-Twilio-Signature"]):
            abort(403)
        with self._news:
            self.told.append((f"/{path}", request.values.to_dict()))
            self._news.notify_all()
        return Response(f"<Response>{self.pages.get(f'/{path}', '')}</Response>", mimetype="text/xml")

    def forms(self, path: str, **fields: str) -> list[dict[str, str]]:
        return [form for told, form in self.told if told == path and fields.items() <= form.items()]

    def hears(self, path: str, times: int = 1, **fields: str) -> dict[str, str]:
        """Wait until a path has been requested so often with these values; what the last request told."""
        with self._news:
            heard = self._news.wait_for(lambda: len(self.forms(path, **fields)) >= times, PATIENCE_SECONDS)
        assert heard, f"{path} was not requested {times} times with {fields}; told: {self.told}"
        return self.forms(path, **fields)[-1]


class RunningExchange:
    """An exchange on a free port, in a thread with a loop of its own; it can be stopped and started again."""

    def __init__(self, plan: Plan, speaks_sip: bool = False) -> None:
        self.url: str | None = None
        self.sip_address: str | None = None
        self._plan, self._speaks_sip = plan, speaks_sip
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.start()

    def start(self) -> None:
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(PATIENCE_SECONDS)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(PATIENCE_SECONDS)

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        self._exchange = open_exchange(self._plan, Places("127.0.0.1", 0, 0 if self._speaks_sip else None))
        running = await self._exchange.__aenter__()
        self.url, self.sip_address = running.base_url, running.sip_address

    async def _stop(self) -> None:
        self.url = self.sip_address = None
        await self._exchange.__aexit__(None, None, None)


class Phones:
    """Calls going on at once, on a loop of their own. At the end whoever does not end by themselves is hung up on."""

    def __init__(self) -> None:
        self._is_open = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._stay_open()))
        self._calls: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self._is_open.wait()
        return self

    def __exit__(self, *_: object) -> None:
        wait(self._calls, PATIENCE_SECONDS)
        self._loop.call_soon_threadsafe(self._closed.set)
        self._thread.join()

    def begin(self, call: Coroutine[Any, Any, None]) -> Future[None]:
        self._calls.append(asyncio.run_coroutine_threadsafe(call, self._loop))
        return self._calls[-1]

    async def _stay_open(self) -> None:
        self._loop, self._closed = asyncio.get_running_loop(), asyncio.Event()
        self._is_open.set()
        await self._closed.wait()


class Redirected(TwilioHttpClient):
    """Twilio's HTTP client, sent to the exchange instead."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=10)
        self._base = urlsplit(base_url)

    def request(self, method, url, *arguments, **options):
        here = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return super().request(method, here.geturl(), *arguments, **options)


@dataclass
class Floor:
    """All of it, and the phones a test has used."""

    centre: Centre
    exchange: RunningExchange
    phones: Phones

    @property
    def client(self) -> Client:
        return Client(ACCOUNT.sid, ACCOUNT.auth_token, http_client=Redirected(self.exchange.url or ""))

    def client_with(self, auth_token: str) -> Client:
        return Client(ACCOUNT.sid, auth_token, http_client=Redirected(self.exchange.url or ""))

    def url(self, path: str) -> str:
        return self.centre.url + path

    def call(self, script: str, path: str = "/voice", number: str = "+12065550143", waits: bool = False) -> Future[None]:
        """A phone that plays a script; its result raises when the call strays from it. One that waits can be rung at once."""
        dialling = Dialling(
            number=Number(self.url(path), self.url("/fallback"), self.url("/status")),
            caller=number,
            called="+12065550100",
            account_sid=ACCOUNT.sid,
            auth_token=ACCOUNT.auth_token,
            steps=parse_script(script, {}),
            waits=waits,
            transcript=None,
            redact=redact,
            find_exchange=lambda: self.exchange.url,
        )
        call = self.phones.begin(dial(dialling))
        if waits:
            self._until_waiting(number)
        return call

    def state(self) -> dict[str, Any]:
        """The exchange as its own commands see it."""
        return requests.get(f"{self.exchange.url}/exchange/state", auth=(ACCOUNT.sid, ACCOUNT.auth_token), timeout=10).json()

    def _until_waiting(self, number: str) -> None:
        deadline = monotonic() + PATIENCE_SECONDS
        while number not in [phone["address"] for phone in self.state()["phones"]]:
            assert monotonic() < deadline, f"no phone waits at {number}"
            sleep(0.01)


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[tuple[Centre, RunningExchange]]:
    centre = Centre()
    exchange = RunningExchange(plan_for(centre.url, tmp_path_factory.mktemp("voices")))
    thread = threading.Thread(target=centre.server.serve_forever)
    thread.start()
    yield centre, exchange
    exchange.close()
    centre.server.shutdown()
    thread.join()
    centre.server.server_close()


@pytest.fixture
def floor(running: tuple[Centre, RunningExchange]) -> Iterator[Floor]:
    """A floor with an empty centre; whoever is still on a phone at the end is hung up on."""
    centre, exchange = running
    centre.pages.clear()
    centre.told.clear()
    with Phones() as phones:
        floor = Floor(centre, exchange, phones)
        yield floor
        if exchange.url is None:  # the test failed while it was away
            exchange.start()
        for call in floor.client.calls.list():
            if call.status in ("queued", "ringing", "in-progress"):
                floor.client.calls(call.sid).update(status="completed")


class CountingTape(Tape):
    """A tape that counts what is loud."""

    def __init__(self) -> None:
        super().__init__()
        self.loud = 0

    def wind(self, line: bytes, caller: bytes) -> None:
        super().wind(line, caller)
        self.loud += Sound.of_mulaw(line).peak > 1000


class KeyedPhone(DemoPhone):
    """A phone that notes which keys the line presses."""

    keys = ""

    def press(self, digit: str) -> None:
        self.keys += digit


class Handset:
    """One call at a softphone, for a test on another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, phone: KeyedPhone, tape: CountingTape) -> None:
        self._loop, self._phone, self.tape = loop, phone, tape

    def press(self, keys: str) -> None:
        self._loop.call_soon_threadsafe(self._phone.press_keys, keys)

    def hum(self, seconds: float = 0.6) -> None:
        """Say something that is no key; return when it has been said."""
        times = numpy.arange(round(seconds * RATE_HZ)) / RATE_HZ
        sound = Sound((6000 * numpy.sin(2 * numpy.pi * 300 * times)).astype(numpy.int16))
        self._run(self._phone.say(sound.mulaw()))

    def heard(self) -> int:
        """How many loud frames have come since this was asked last."""
        loud, self.tape.loud = self.tape.loud, 0
        return loud

    def hears_something(self) -> None:
        """Wait until there is something that has not been asked about yet."""
        self._run(self._something())
        self.heard()

    def is_told(self, keys: str) -> None:
        """Wait until the line has pressed these keys."""
        self._run(self._keys(keys))

    def hears_nothing_for(self, seconds: float) -> None:
        self._run(self._phone.hear_quiet(seconds))

    def is_gone(self, within_seconds: float = PATIENCE_SECONDS) -> None:
        self._run(asyncio.wait_for(self._phone.is_gone.wait(), within_seconds))

    def hang_up(self) -> None:
        self._loop.call_soon_threadsafe(self._phone.hang_up)

    async def _something(self) -> None:
        while not self.tape.loud:
            await asyncio.sleep(0.02)

    async def _keys(self, keys: str) -> None:
        while self._phone.keys != keys:
            await asyncio.sleep(0.02)

    def _run(self, doing) -> None:
        asyncio.run_coroutine_threadsafe(asyncio.wait_for(doing, PATIENCE_SECONDS), self._loop).result(PATIENCE_SECONDS + 1)


class SoftPhones:
    """Softphones over real SIP and RTP: they dial the exchange, and whoever rings one of them is answered, or not."""

    def __init__(self, floor: "Floor") -> None:
        self.floor = floor
        self.answers = True
        self._arrived: queue.Queue[Handset | Unanswered] = queue.Queue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._run(self._open())

    def address(self, name: str) -> str:
        """Where one of them is rung."""
        return f"sip:{name}@127.0.0.1:{self._sip.port}"

    def dial(self, user: str, caller: str = "sip:bob@127.0.0.1") -> Handset:
        outcome = self.try_to_dial(user, caller)
        assert isinstance(outcome, Handset), outcome
        return outcome

    def try_to_dial(self, user: str, caller: str = "sip:bob@127.0.0.1") -> "Handset | Unanswered":
        self.begin_to_dial(user, caller)
        return self._arrived.get(timeout=PATIENCE_SECONDS)

    def begin_to_dial(self, user: str, caller: str = "sip:bob@127.0.0.1") -> None:
        asyncio.run_coroutine_threadsafe(self._dial(user, caller), self._loop)

    def rung(self) -> Handset:
        """The next call that comes to one of them, answered."""
        handset = self._arrived.get(timeout=PATIENCE_SECONDS)
        assert isinstance(handset, Handset)
        return handset

    def close(self) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, doing) -> None:
        asyncio.run_coroutine_threadsafe(doing, self._loop).result(PATIENCE_SECONDS)

    async def _open(self) -> None:
        ports = MediaPorts(21200, 21299, "127.0.0.1")
        self._sip = SipExchange(SipAccount("phones", lambda name: None), ports, self._ring, lambda name: True)
        await self._sip.start("127.0.0.1", 0)
        self._clock = Clock()
        self._clock.start()

    async def _close(self) -> None:
        await self._sip.close()
        await self._clock.stop()

    async def _dial(self, user: str, caller: str) -> None:
        address = self.floor.exchange.sip_address.replace("activate", user)
        outcome = await self._sip.station_at(address).ring(caller, "Bob", "").answered()
        self._arrived.put(outcome if isinstance(outcome, Unanswered) else self._handset(outcome))

    def _ring(self, call) -> None:
        if call.user == "busy":
            call.reject("busy")
        elif call.user != "nobody":
            self._answering = asyncio.ensure_future(self._answer(call))

    async def _answer(self, call) -> None:
        await call.answer()
        self._arrived.put(self._handset(call))

    def _handset(self, connection) -> Handset:
        tape = CountingTape()
        return Handset(self._loop, KeyedPhone(connection, self._clock, tape), tape)


@pytest.fixture(scope="module")
def with_sip(running, tmp_path_factory) -> Iterator[tuple[Centre, RunningExchange]]:
    """The same centre, with an exchange that speaks SIP."""
    centre, _ = running
    exchange = RunningExchange(plan_for(centre.url, tmp_path_factory.mktemp("voices")), speaks_sip=True)
    yield centre, exchange
    exchange.close()


@pytest.fixture
def softphones(with_sip) -> Iterator[SoftPhones]:
    centre, exchange = with_sip
    centre.pages.clear()
    centre.told.clear()
    with Phones() as phones:
        softphones = SoftPhones(Floor(centre, exchange, phones))
        yield softphones
        softphones.close()


@pytest.fixture
def in_a_loop():
    """Run a coroutine to its end on a loop of its own."""
    return asyncio.run
