"""Desks to test at: the real store with people of every role, callers who arrive, and a clock to turn."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from aiohttp import web
from werkzeug.serving import make_server

from callcenter.floor import callers, switchboard
from callcenter.floor.acting import Acting
from callcenter.floor.people import Agent, Availability, Presence, Role
from callcenter.floor.presence import presence_of
from callcenter.floor.queue import Handling, QueueEntry
from callcenter.service.line_floor import FloorForLine
from data.post_office import PostOffice
from data.store import Store
from ivr.records import NewCall, NewCase, Whereabouts
from pbx.browser.call import BrowserCall
from pbx.browser.socket import BROWSER_PATH, serve_browser
from pbx.browser.station import BrowserStations
from pbx.browser.token import token_verifier

STAFF = {
    "amira": ("Amira Haddad", Role.AGENT, {"en"}),
    "bruno": ("Bruno Castellani", Role.AGENT, {"en", "de"}),
    "sofia": ("Sofia Lindqvist", Role.SENIOR_AGENT, {"en"}),
    "celeste": ("Celeste Okafor", Role.SUPERVISOR, {"en", "de"}),
    "ada": ("Ada Whitcombe", Role.AUDITOR, {"en"}),
}


@dataclass
class Desks:
    """The floor with short ways to do what a test is not about."""

    store: Store
    now: datetime
    line: FloorForLine = field(default_factory=FloorForLine)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def do(self, work: Callable[[Any], Any]) -> Any:
        return self.store.transaction(work)

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def new_id(self) -> str:
        return f"part{next(self._numbers)}"

    def acting(self, name: str) -> Acting:
        agent = self.store.read(lambda tx: tx.people.find(name))
        return Acting(agent, b"k" * 32, self.now)

    def hire(self, name: str, **changes: Any) -> None:
        agent = self.acting(name).agent
        self.do(lambda tx: tx.people.save(replace(agent, **changes)))

    def be(self, name: str, availability: Availability = Availability.AVAILABLE, reason: str = "") -> Any:
        return self.do(lambda tx: switchboard.set_availability(tx, self.acting(name), availability, reason))

    def presence(self, name: str) -> Presence:
        return self.do(lambda tx: presence_of(tx, name, self.now))

    def doing(self, name: str) -> Availability:
        return self.presence(name).availability

    def arrive(self, language: str = "en", wait_seconds: float = 0) -> str:
        """A caller enters the queue; the CallSid."""
        sid = f"CA{next(self._numbers):032d}"

        def work(tx: Any) -> None:
            tx.calls.open(NewCall(sid, f"hash {sid}", "43", "+18005550199", self.now))
            case = tx.cases.open(NewCase(sid, "agent.mak_limit", language, {}, None), self.now)
            callers.enter(tx, sid, case, language, self.now)

        self.do(work)
        self.later(wait_seconds)
        return sid

    def answer(self, name: str, sid: str) -> Any:
        return self.do(lambda tx: switchboard.answer(tx, self.acting(name), sid, self.new_id))

    def with_agent(self, name: str = "amira", **caller: Any) -> str:
        """A caller whom this agent has answered."""
        sid = self.arrive(**caller)
        self.be(name)
        assert isinstance(self.answer(name, sid), Handling)
        self.sent()
        return sid

    def act(self, name: str, act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        return self.do(lambda tx: act(tx, self.acting(name), *arguments, **options))

    def entry(self, sid: str) -> QueueEntry:
        return self.store.read(lambda tx: tx.queue.find(sid))

    def parts(self, sid: str) -> tuple[Handling, ...]:
        return self.store.read(lambda tx: tx.handlings.of_call(sid))

    def where(self, sid: str) -> Whereabouts:
        return self.do(lambda tx: self.line.whereabouts(tx, sid))

    def gone(self, sid: str) -> None:
        self.do(lambda tx: self.line.leave(tx, sid, self.now, hung_up=True))

    def happened(self, sid: str) -> list[str]:
        return [one.kind for one in self.store.read(lambda tx: tx.timeline.of_call(sid))]

    def acts(self) -> list[str]:
        return [entry.act for entry in self.store.read(lambda tx: tx.audit.after(0, 1000))]

    def sent(self) -> list[Mapping[str, str]]:
        """What has been asked of the telephony side since the last look, in order."""
        post, sent = PostOffice(self.store), []
        while item := post.claim_next(self.now, 60):
            sent.append(item.payload)
            post.done(item.id)
        return sent


def staff_up(store: Store, now: datetime) -> Desks:
    for name, (full_name, role, languages) in STAFF.items():
        phone = f"sip:{name}@127.0.0.1" if name != "sofia" else ""
        agent = Agent(name, full_name, role, "", False, now, phone=phone, languages=frozenset(languages))
        store.transaction(lambda tx, agent=agent: tx.people.add(agent))
    return Desks(store, now)


@pytest.fixture
def desks(store: Store, now: datetime) -> Desks:
    """Amira, Bruno (speaks German too), Sofia (senior, without a phone), Celeste (supervisor), Ada (auditor); all offline."""
    return staff_up(store, now)


@pytest.fixture(scope="session")
def open_desks() -> Callable[[Store, datetime], Desks]:
    """`desks` on a store of one's own."""
    return staff_up


@dataclass
class EchoLeg:
    """The line's end of one call."""

    call: BrowserCall
    pressed: str = ""
    heard: bytearray = field(default_factory=bytearray)
    is_over: bool = False
    says: bytes = b"\xff" * 160
    """What it says where there is nothing to send back."""

    def press(self, digit: str) -> None:
        self.pressed += digit
        self.call.caption("line", f"You pressed {digit}.")

    def phone_hung_up(self) -> None:
        self.is_over = True

    def tick(self) -> None:
        frame = self.call.port.take()
        self.heard += frame or b""
        self.call.port.give(frame or self.says)


class BrowserExchange:
    """The exchange's WebSocket end in a thread of its own, and a line that answers, says what it is called and hears in words,
    and sends back every sound it gets."""

    account = ("AC" + "0" * 32, "0123456789abcdef0123456789abcdef")

    def __init__(self) -> None:
        numbers = count(1)
        self.origins: set[str] = set()
        self.stations = BrowserStations(lambda prefix: f"{prefix}{next(numbers):032x}")
        self.legs: list[EchoLeg] = []
        self.url: str | None = None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def start(self, port: int = 0) -> None:
        application = web.Application()
        handler = serve_browser(self.stations, token_verifier(*self.account), self.origins, self.take)
        application.add_routes([web.get(BROWSER_PATH, handler)])
        self.runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        self.ticking = asyncio.create_task(self.tick())

    async def stop(self) -> None:
        self.ticking.cancel()
        await self.runner.cleanup()

    async def tick(self) -> None:
        at = self.loop.time()
        while True:
            for leg in self.legs:
                leg.tick()
            at += 0.02
            await asyncio.sleep(max(0.0, at - self.loop.time()))

    def take(self, call: BrowserCall) -> None:
        if call.user == "busy":
            call.reject("busy")
        elif call.user != "nobody":
            self.begin(call)
            self.loop.create_task(call.answer())
            call.caption("line", f"Welcome. You called {call.user}.")

    def begin(self, call: BrowserCall) -> None:
        self.legs.append(EchoLeg(call))
        call.attach(self.legs[-1])

    async def ring(self, address: str, name: str) -> str:
        """How ringing comes out; a call that is taken is a call like any other."""
        ringing = self.stations.station(address).ring("+12065550111", name, "CA1")
        outcome = await ringing.answered()
        if isinstance(outcome, BrowserCall):
            self.begin(outcome)
            return "answered"
        return outcome.status


@pytest.fixture
def exchange() -> Iterator[BrowserExchange]:
    served = BrowserExchange()
    served.do(served.start())
    yield served
    served.do(served.stop())
    served.loop.call_soon_threadsafe(served.loop.stop)
    served.thread.join()
    served.loop.close()


@pytest.fixture(scope="session")
def serve_app() -> Callable[[Any], AbstractContextManager[str]]:
    """Serves a web application to browsers, at the address it gives."""

    @contextmanager
    def serving(app: Any) -> Iterator[str]:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        server.daemon_threads = False  # closing waits for the live pages' threads, which still read the database
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        for watching in [each for each in threading.enumerate() if each.name == "console-watch"]:
            watching.join()

    return serving
