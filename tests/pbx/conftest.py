"""A whole call in virtual time: documents in a dictionary, a phone whose inputs come at given seconds."""

import asyncio
import re
import selectors
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from urllib.parse import parse_qsl, urlsplit

import pytest

from pbx.audio.bridge import Bridge
from pbx.audio.frame import RATE_HZ, SILENCE
from pbx.audio.tap import Tap
from pbx.call import Call, Ending
from pbx.codes import CallError, Code
from pbx.debugger import Debugger
from pbx.document import Answer
from pbx.interpreter import Interpreter, Number
from pbx.leg import HungUp, Key, Listening, Recognition, Recording, RecordingTerms, Utterance
from pbx.request import WebhookRequest
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.participant import Participant
from pbx.rooms.queues import LocalQueues
from pbx.rooms.seat import Hearing, Terms
from pbx.scene import Surroundings
from pbx.speech import Speech

SITE = "http://centre.test"
SAY_SECONDS = 2.0
GONE = object()
ANYTHING = Listening(keys=True, speech=Recognition("en-US", (), "default", True, None))

Input = Key | Utterance | object


def keys_pressed(keys: str, *, at: float = 0.0, every: float = 0.25) -> dict[float, Input]:
    """Keys pressed one after the other, by the second at which each is pressed."""
    return {at + index * every: Key(key) for index, key in enumerate(keys)}


class TimedPhone:
    """A leg on the loop's clock; each Say lasts two seconds unless the test says otherwise."""

    def __init__(self, schedule: Mapping[float, Input], say_seconds: float) -> None:
        self.said: list[tuple[float, str]] = []
        self.spoken: list[Speech] = []
        self.events: list[tuple[float, str]] = []
        self.say_seconds = say_seconds
        self.prepared_urls: list[str] = []
        self.taps: list[Tap] = []
        self.languages = {"en-US", "de-DE"}
        self._queue: deque[Input] = deque()
        self._arrived = asyncio.Event()
        self._gone = asyncio.Event()
        for seconds, item in schedule.items():
            asyncio.get_running_loop().call_at(seconds, self._arrive, item)

    def _arrive(self, item: Input) -> None:
        if item is GONE:
            self._gone.set()
        self._queue.append(item)
        self._arrived.set()
        if isinstance(item, Key):
            for tap in tuple(self.taps):
                tap.pressed(item.digit)

    @property
    def hung_up(self) -> bool:
        return self._gone.is_set()

    async def answer(self) -> None:
        self.events.append((now(), "answer"))

    async def reject(self, reason: str) -> None:
        self.events.append((now(), reason))

    async def hang_up(self) -> None:
        self.events.append((now(), "hang up"))

    async def say(self, speech: Speech) -> None:
        self.spoken.append(speech)
        self.said.append((now(), str(speech)))
        await self.pause(self.say_seconds)

    async def play(self, url: str | None) -> None:
        self.events.append((now(), f"play {url or 'music'}"))
        await self.pause(self.say_seconds)

    @asynccontextmanager
    async def prepared(self, urls: Collection[str]) -> AsyncIterator[None]:
        self.prepared_urls += [url for url in urls if url not in self.prepared_urls]
        yield

    async def sound(self, tones: str) -> None:
        self.events.append((now(), f"sound {tones}"))
        await self.pause(self.say_seconds)

    async def confer(self, bridge: Bridge | None, hearing: Hearing, star_leaves: bool) -> None:
        self.events.append((now(), str(hearing)))
        if not star_leaves:
            await self.pause(7200)
        while await self.next_input(Listening(keys=True), None) != Key("*"):
            pass

    async def ring_back(self, country: str = "") -> None:
        self.events.append((now(), f"ring back {country}".strip()))
        await self.pause(7200)

    async def emit(self, sound: bytes) -> None:
        self.events.append((now(), f"emit {len(sound)} bytes"))
        await self.pause(len(sound) / RATE_HZ)

    async def record(self, terms: RecordingTerms) -> Recording:
        self.events.append((now(), "record"))
        began_at, ended_by = now(), ""
        try:
            async with asyncio.timeout(terms.longest_seconds):
                ended_by = await self._recorded_until(terms)
        except TimeoutError:
            pass
        except HungUp:
            ended_by = "hangup"
        return Recording(SILENCE[:1] * round((now() - began_at) * RATE_HZ), ended_by)

    async def _recorded_until(self, terms: RecordingTerms) -> str:
        """The key that ends it, or nothing when a silence does; every key and every word is sound."""
        while (heard := await self.next_input(ANYTHING, terms.silence_seconds or None)) is not None:
            if isinstance(heard, Key) and heard.digit in terms.finish_keys:
                return heard.digit
        return ""

    def tap(self, tap: Tap) -> Callable[[], None]:
        self.taps.append(tap)
        return lambda: self.taps.remove(tap)

    async def pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._gone.wait(), seconds)
        except TimeoutError:
            return
        raise HungUp

    def hears(self, language: str) -> bool:
        return language in self.languages

    def flush_keys(self) -> None:
        self._queue = deque(item for item in self._queue if item is GONE)

    async def next_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        try:
            async with asyncio.timeout(within_seconds):
                return await self._next(listening)
        except TimeoutError:
            return None

    async def _next(self, listening: Listening) -> Key | Utterance:
        while True:
            while not self._queue:
                if self.hung_up:
                    raise HungUp
                self._arrived.clear()
                await self._arrived.wait()
            match self._queue.popleft():
                case Key() as key if listening.keys:
                    return key
                case Utterance() as utterance if listening.speech is not None:
                    return utterance
                case item if item is GONE:
                    raise HungUp


@dataclass(frozen=True, slots=True)
class Request:
    """One request the centre received."""

    at: float
    method: str
    path: str
    url: str
    form: Mapping[str, str]


@dataclass
class Site:
    """Documents by path; a list is answered one by one, its last for ever. An int is an error status."""

    documents: Mapping[str, str | int | Sequence[str]]
    content_type: str
    fetch_seconds: float
    requests: list[Request] = field(default_factory=list)

    async def fetch(self, request: WebhookRequest, standing: Mapping[str, str]) -> Answer:
        try:
            parts = urlsplit(request.url)
        except ValueError:
            raise CallError(Code.BAD_URL, request.url, "it cannot be read") from None
        form = {**dict(parse_qsl(parts.query)), **standing, **request.parameters}
        self.requests.append(Request(now(), request.method, parts.path, request.url, form))
        await asyncio.sleep(self.fetch_seconds)
        if parts.scheme not in ("http", "https"):
            raise CallError(Code.BAD_URL, request.url, "it must begin with http:// or https:// and name a host")
        document = self.documents.get(parts.path, 404)
        if isinstance(document, int):
            raise CallError(Code.RETRIEVAL_FAILED, request.url, f"the server answered {document}")
        if not isinstance(document, str):
            visits = sum(earlier.path == parts.path for earlier in self.requests)
            document = document[min(visits, len(document)) - 1]
        verbs = document.startswith("<") and not document.startswith(("<Response", "<?xml"))
        body = f"<Response>{document}</Response>" if verbs else document
        return Answer(request.url, self.content_type, body.encode())


@dataclass(frozen=True)
class Played:
    """A call that was played, and everything seen of it."""

    ending: Ending
    phone: TimedPhone
    requests: list[Request]
    failure: CallError | None
    ended_at: float
    stage: "Stage"

    @property
    def said(self) -> list[str]:
        return [words for _, words in self.phone.said]

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def request(self, path: str) -> Request:
        return next(request for request in self.requests if request.path == path)


def now() -> float:
    return asyncio.get_running_loop().time()


def wall_clock() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=now())


class JumpingSelector(selectors.SelectSelector):
    """Waits for nothing: when no file is ready, the time that would have been waited has passed."""

    seconds = 0.0

    def select(self, timeout: float | None = None):
        ready = super().select(timeout if timeout is None else 0)
        if not ready and timeout:
            self.seconds += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock starts at zero and jumps to whatever is next."""

    def __init__(self) -> None:
        self._selector_clock = JumpingSelector()
        super().__init__(self._selector_clock)

    def time(self) -> float:
        return self._selector_clock.seconds


def fast_forward(coroutine):
    """Run a coroutine to its end on a loop whose clock jumps to whatever is next."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(coroutine)


def play_call(
    documents: str | Mapping[str, str | int | Sequence[str]],
    heard: Mapping[float, Input] | None = None,
    *,
    fallback: str | None = None,
    status: str | None = None,
    content_type: str = "text/xml",
    say_seconds: float = SAY_SECONDS,
    fetch_seconds: float = 0.0,
    hang_up_at: float = 3600.0,
    meanwhile: Mapping[float, Callable[["Stage"], object]] | None = None,
    equip: Callable[["Stage"], Surroundings] | None = None,
) -> Played:
    """Call /voice, with these inputs by second. Whoever is still on the line after an hour hangs up.

    `meanwhile` is what others do at a given second; `equip` what the exchange has beyond queues and conferences.
    """
    equip = equip or Stage.bare
    pages = {"/voice": documents} if isinstance(documents, str) else documents
    site = Site(pages, content_type, fetch_seconds)
    number = Number(f"{SITE}/voice", fallback and SITE + fallback, status and SITE + status)
    return fast_forward(_play(site, number, {**(heard or {}), hang_up_at: GONE}, say_seconds, meanwhile or {}, equip))


async def _play(
    site: Site,
    number: Number,
    schedule: Mapping[float, Input],
    say_seconds: float,
    meanwhile: Mapping[float, Callable],
    equip: Callable[["Stage"], Surroundings],
) -> Played:
    phone = TimedPhone(schedule, say_seconds)
    call = Call("CA" + "1" * 32, "AC" + "2" * 32, "+12065550143", "+12065550100", wall_clock)
    stage = Stage(site, count(1))
    stage.phone = phone
    stage.surroundings = equip(stage)
    stage.interpreter = Interpreter(number, call, phone, site, stage.surroundings)
    for seconds, act in meanwhile.items():
        asyncio.get_running_loop().call_at(seconds, act, stage)
    ending = await stage.interpreter.run()
    played = Played(ending, phone, site.requests, stage.interpreter.failure, now(), stage)
    await asyncio.gather(*stage.tellings)
    return played


class Stage:
    """What others may lay hands on while a call is played: the exchange's rooms, and the call itself."""

    interpreter: Interpreter
    phone: TimedPhone
    surroundings: Surroundings

    def __init__(self, site: Site, sids: Iterator[int]) -> None:
        self._sids = sids
        self.site = site
        self.tellings: list[asyncio.Task[object]] = []
        self.queues = LocalQueues(self.new_sid, wall_clock)
        self.conferences = LocalConferences(self.new_sid, wall_clock, self._tell)
        self.debugger = Debugger(wall_clock, str)
        self.others: list[TimedPhone] = []

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}{next(self._sids):032x}"

    def bare(self) -> Surroundings:
        """What a phone without sound finds."""
        return Surroundings(self.queues, self.conferences, self.debugger, self._tell)

    def calls(self, path: str, heard: Mapping[float, Input] | None = None, sid: str = "CA" + "8" * 32) -> Interpreter:
        """Somebody else calls, and gets the document at that path."""
        phone = TimedPhone({3600.0: GONE, **(heard or {})}, SAY_SECONDS)
        self.others.append(phone)
        call = Call(sid, "AC" + "2" * 32, "+12065550188", "+12065550100", wall_clock)
        interpreter = Interpreter(Number(SITE + path), call, phone, self.site, self.surroundings)
        self.tellings.append(asyncio.create_task(interpreter.run()))
        return interpreter

    def _tell(self, request: WebhookRequest) -> None:
        self.tellings.append(asyncio.create_task(self.site.fetch(request, {})))

    def joins(self, name: str, sid: str = "CA" + "9" * 32, **terms: object) -> Participant:
        """Somebody else enters a conference."""
        call = Call(sid, "AC" + "2" * 32, "+12065550199", "+12065550100", wall_clock)
        return self.conferences.admit(name, call, Terms(**terms), lambda hearing: None)


@pytest.fixture(scope="session")
def play():
    """Play a call; see `play_call`."""
    return play_call


@pytest.fixture(scope="session")
def keys():
    """A schedule of keys; see `keys_pressed`."""
    return keys_pressed


@pytest.fixture(scope="session")
def timed_phone():
    """A phone in virtual time, from what its holder does by second; see `TimedPhone`."""
    return partial(TimedPhone, say_seconds=SAY_SECONDS)


@pytest.fixture(scope="session")
def gone():
    """The input of one who hangs up."""
    return GONE


@pytest.fixture(scope="session")
def in_virtual_time():
    """Run a coroutine with a clock that jumps; see `fast_forward`."""
    return fast_forward


@pytest.fixture
def warned(caplog):
    """The codes of the warnings and errors logged so far, in order."""

    def codes() -> list[int]:
        return [int(number) for number in re.findall(r"(?:warning|error) (\d{5})", caplog.text)]

    return codes
