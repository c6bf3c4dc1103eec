"""Calls in virtual time: the real interpreter and webhook client, a phone whose clock jumps to whatever happens next.

While a request is under way the call's clock stands still and the loop waits for the web server for real; the latency of
a request is what the call says it is, and keys go on arriving in it.
"""

import asyncio
import selectors
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from virtual_phone import Phone, now_seconds

from pbx.call import Call, Ending
from pbx.debugger import Debugger
from pbx.document import Answer
from pbx.interpreter import Interpreter, Number
from pbx.request import WebhookRequest
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.queues import LocalQueues
from pbx.scene import Surroundings
from pbx.speech import Speech
from pbx.webhooks import Webhooks, open_webhooks

PATIENCE_SECONDS = 20.0


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
        debugger = Debugger(_wall_clock, str)
        surroundings = Surroundings(queues, conferences, debugger, lambda request: None)
        ending = await Interpreter(number, call, phone, wire, surroundings).run()
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
