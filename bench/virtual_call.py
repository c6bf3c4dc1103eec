"""Calls in virtual time: the real interpreter and webhook client, a phone whose clock jumps to whatever happens next.

While a request is under way the call's clock stands still and the loop waits for the web server for real; the latency of
a request is what the call says it is, and keys go on arriving in it.
"""

import asyncio
import selectors
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pbx.call import Call, Ending
from pbx.conferences import LocalConferences
from pbx.document import Answer
from pbx.interpreter import Interpreter, Number
from pbx.leg import Key, Listening, Utterance
from pbx.queues import LocalQueues
from pbx.scene import WebhookRequest
from pbx.speech import Span, Speech
from pbx.webhooks import Webhooks, open_webhooks

PATIENCE_SECONDS = 20.0
SILENCE_AFTER_SPEECH_SECONDS = 0.3
"""What a voice appends to everything it says (espeak-ng: 0.31 s on average); the timers of a Gather start after it."""


class Strayed(Exception):
    """The call ended before the caller was done; the sentence says what for."""


class _Selector(selectors.DefaultSelector):
    """Waits for nothing but the web: else, when no file is ready, the time that would have been waited has passed."""

    now_seconds = 0.0
    web_is_busy = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.web_is_busy and timeout != 0:
            if ready := super().select(PATIENCE_SECONDS):
                return ready
            raise TimeoutError(f"The web server did not answer within {PATIENCE_SECONDS:.0f} seconds.")
        ready = super().select(timeout if timeout is None else 0)
        if not ready and timeout:
            self.now_seconds += timeout
        return ready


class CallLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock starts at zero and jumps."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Seconds of the call."""
        return self._virtual.now_seconds

    @contextmanager
    def waiting_for_web(self) -> Iterator[None]:
        """The clock stands still in here."""
        self._virtual.web_is_busy = True
        try:
            yield
        finally:
            self._virtual.web_is_busy = False


def now_seconds() -> float:
    """Seconds since the call began."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Saying:
    """One thing the line said: from when, and until when once it is over; cut short if the caller barged in."""

    speech: Speech
    began_at: float
    ended_at: float | None = None
    cut_short: bool = False

    @property
    def spelled(self) -> str:
        """The digits in it that were read one by one."""
        return "".join(part.text for part in self.speech.parts if isinstance(part, Span) and is_spelled(part))


def is_spelled(span: Span) -> bool:
    """Whether it is read character by character."""
    return span.manner.interpret_as == "characters"


class Phone:
    """A `Leg` in virtual time, and the ears and fingers of its caller. `seconds_to_say` is the line's voice."""

    def __init__(self, seconds_to_say: Callable[[Speech], float]) -> None:
        self._seconds_to_say = seconds_to_say
        self.said: list[Saying] = []
        self.keying: list[tuple[float, float]] = []
        self.lost_keys = ""
        """Keys pressed while nobody listened, forgotten when the next Gather began."""
        self.waits_for = ""
        self.hung_up = False
        self._heard = 0
        self._keys: deque[str] = deque()
        self._changed = asyncio.Condition()

    async def answer(self) -> None:
        """The call is picked up."""

    async def reject(self, reason: str) -> None:
        """The line is not taken; nobody here calls such a line."""

    async def say(self, speech: Speech) -> None:
        saying = Saying(speech, now_seconds())
        self.said.append(saying)
        await self._change()
        try:
            await asyncio.sleep(self._seconds_to_say(speech))
        except asyncio.CancelledError:
            saying.ended_at, saying.cut_short = now_seconds(), True
            raise
        saying.ended_at = now_seconds()
        await self._change()
        await asyncio.sleep(SILENCE_AFTER_SPEECH_SECONDS)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def flush_keys(self) -> None:
        self.lost_keys += "".join(self._keys)
        self._keys.clear()

    async def next_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        try:
            async with asyncio.timeout(within_seconds), self._changed:
                await self._changed.wait_for(lambda: self._keys and listening.keys)
                return Key(self._keys.popleft())
        except TimeoutError:
            return None

    async def hang_up(self) -> None:
        self.hung_up = True

    async def hear(self, words: str) -> Saying:
        """The next thing said that has these words in it, as soon as it begins."""
        self.waits_for = words
        async with self._changed:
            await self._changed.wait_for(lambda: self._skip_to(words))
        return self.said[self._heard - 1]

    async def hear_out(self, words: str) -> Saying:
        """The next thing said that has these words in it, once it is over."""
        saying = await self.hear(words)
        async with self._changed:
            await self._changed.wait_for(lambda: saying.ended_at is not None)
        return saying

    async def key_in(self, keys: str, keys_per_second: float) -> None:
        """Press keys one after the other; the first after one key's time."""
        began_at = now_seconds()
        for key in keys:
            await asyncio.sleep(1 / keys_per_second)
            self._keys.append(key)
            await self._change()
        self.keying.append((began_at, now_seconds()))

    @property
    def spelled(self) -> str:
        """Every digit that was read out."""
        return "".join(saying.spelled for saying in self.said)

    def _skip_to(self, words: str) -> bool:
        """Whether something new has these words; what came before it is over for the caller."""
        found = next((at for at in range(self._heard, len(self.said)) if words in str(self.said[at].speech)), None)
        self._heard = self._heard if found is None else found + 1
        return found is not None

    async def _change(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class _SlowWire:
    """The real webhook client, each request of which takes some of the call's time."""

    webhooks: Webhooks
    loop: CallLoop
    latency_seconds: float

    async def fetch(self, request: WebhookRequest, standing: Mapping[str, str]) -> Answer:
        await asyncio.sleep(self.latency_seconds)
        with self.loop.waiting_for_web():
            return await self.webhooks.fetch(request, standing)


@dataclass(frozen=True, slots=True)
class Dialled:
    """Who is called, by whom, how fast the line talks and how long its webhooks take."""

    voice_url: str
    account_sid: str
    auth_token: str
    called: str
    caller: str
    seconds_to_say: Callable[[Speech], float]
    latency_seconds: float


@dataclass(frozen=True, slots=True)
class Played:
    """A call that is over."""

    phone: Phone
    ending: Ending
    lasted_seconds: float


def place_call(dialled: Dialled, caller: Callable[[Phone], Awaitable[None]]) -> Played:
    """Makes the call; `caller` is the person on the phone. Raises Strayed when the call ends before that person is done."""
    with asyncio.Runner(loop_factory=CallLoop) as runner:
        return runner.run(_carry(dialled, caller))


async def _carry(dialled: Dialled, caller: Callable[[Phone], Awaitable[None]]) -> Played:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, CallLoop)
    phone = Phone(dialled.seconds_to_say)
    call = Call(f"CA{uuid.uuid4().hex}", dialled.account_sid, dialled.caller, dialled.called, _wall_clock)
    async with open_webhooks(dialled.auth_token, lambda: str(uuid.uuid4())) as webhooks:
        wire = _SlowWire(webhooks, loop, dialled.latency_seconds)
        number = Number(dialled.voice_url, status_callback=f"{dialled.voice_url}/status")
        queues = LocalQueues(_new_sid, _wall_clock)
        conferences = LocalConferences(_new_sid, _wall_clock, lambda request: None)
        person = asyncio.ensure_future(caller(phone))
        ending = await Interpreter(number, call, phone, wire, queues, conferences).run()
        lasted_seconds = now_seconds()
    if not person.done():
        person.cancel()
        raise Strayed(f"The call ended while the caller waited for {phone.waits_for!r}; last said: {phone.said[-1].speech}")
    await person
    return Played(phone, ending, lasted_seconds)


def _new_sid(prefix: str) -> str:
    return prefix + uuid.uuid4().hex


def _wall_clock() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=now_seconds())
