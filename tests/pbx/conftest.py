"""A whole call in virtual time: documents in a dictionary, a phone whose inputs come at given seconds."""

import asyncio
import re
import selectors
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import parse_qsl, urlsplit

import pytest

from pbx.call import Call, Ending
from pbx.codes import CallError, Code
from pbx.conferences import LocalConferences
from pbx.document import Answer
from pbx.interpreter import Interpreter, Number
from pbx.leg import HungUp, Key, Listening, Utterance
from pbx.participant import Participant
from pbx.queues import LocalQueues
from pbx.request import WebhookRequest
from pbx.seat import Hearing, Terms
from pbx.speech import Speech

SITE = "http://centre.test"
SAY_SECONDS = 2.0
GONE = object()

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

    async def sound(self, tones: str) -> None:
        self.events.append((now(), f"sound {tones}"))
        await self.pause(self.say_seconds)

    async def confer(self, hearing: Hearing, star_leaves: bool) -> None:
        self.events.append((now(), str(hearing)))
        if not star_leaves:
            await self.pause(7200)
        while await self.next_input(Listening(keys=True), None) != Key("*"):
            pass

    async def pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._gone.wait(), seconds)
        except TimeoutError:
            return
        raise HungUp

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
        parts = urlsplit(request.url)
        form = {**dict(parse_qsl(parts.query)), **standing, **request.parameters}
        self.requests.append(Request(now(), request.method, parts.path, request.url, form))
        await asyncio.sleep(self.fetch_seconds)
        if not parts.scheme:
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
) -> Played:
    """Call /voice, with these inputs by second. Whoever is still on the line after an hour hangs up.

    `meanwhile` is what others do at a given second.
    """
    pages = {"/voice": documents} if isinstance(documents, str) else documents
    site = Site(pages, content_type, fetch_seconds)
    number = Number(f"{SITE}/voice", fallback and SITE + fallback, status and SITE + status)
    return fast_forward(_play(site, number, {**(heard or {}), hang_up_at: GONE}, say_seconds, meanwhile or {}))


async def _play(
    site: Site, number: Number, schedule: Mapping[float, Input], say_seconds: float, meanwhile: Mapping[float, Callable]
) -> Played:
    phone = TimedPhone(schedule, say_seconds)
    sids = count(1)
    call = Call("CA" + "1" * 32, "AC" + "2" * 32, "+12065550143", "+12065550100", wall_clock)
    stage = Stage(site, sids)
    stage.interpreter = Interpreter(number, call, phone, site, stage.queues, stage.conferences)
    for seconds, act in meanwhile.items():
        asyncio.get_running_loop().call_at(seconds, act, stage)
    ending = await stage.interpreter.run()
    played = Played(ending, phone, site.requests, stage.interpreter.failure, now())
    await asyncio.gather(*stage.tellings)
    return played


class Stage:
    """What others may lay hands on while a call is played: the exchange's rooms, and the call itself."""

    interpreter: Interpreter

    def __init__(self, site: Site, sids: Iterator[int]) -> None:
        self.site = site
        self.tellings: list[asyncio.Task[Answer]] = []
        self.queues = LocalQueues(lambda prefix: f"{prefix}{next(sids):032x}", wall_clock)
        self.conferences = LocalConferences(lambda prefix: f"{prefix}{next(sids):032x}", wall_clock, self._tell)

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
def in_virtual_time():
    """Run a coroutine with a clock that jumps; see `fast_forward`."""
    return fast_forward


@pytest.fixture
def warned(caplog):
    """The codes of the warnings and errors logged so far, in order."""

    def codes() -> list[int]:
        return [int(number) for number in re.findall(r"(?:warning|error) (\d{5})", caplog.text)]

    return codes
