"""Telephones of a story: one that calls the line, and one on an agent's desk that takes every call.

Both are terminal phones: the interpreter runs here, and the exchange that runs is attached to for queues and conversations.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from pbx.call import Call, Ending
from pbx.debugger import Debugger
from pbx.exchange.courier import Courier
from pbx.identity import new_sid, new_token, now
from pbx.interpreter import Interpreter, Number
from pbx.leg import HungUp, Listening
from pbx.phones.attachment import Attachment
from pbx.phones.extension import Extension
from pbx.phones.messages import Hello, ToPhone
from pbx.request import Destination, WebhookRequest
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.queues import LocalQueues
from pbx.scene import Surroundings
from pbx.terminal.answering import await_call, incoming
from pbx.terminal.typed import Act, Caller, Silence, TypedPhone
from pbx.terminal.witness import Witness, Witnessed
from pbx.webhooks import open_webhooks
from pbx.wire import Wire
from stories.backstage import Line, StoryFailed

NO_EXCHANGE = "No exchange runs: start the centre with `activation-center serve` (without --no-exchange)."


@dataclass(slots=True)
class Telephone:
    """A terminal phone for one call after the other."""

    line: Line
    extension: Extension
    wire: Wire
    courier: Courier
    _under_way: Interpreter | None = None

    def hang_up(self) -> None:
        """Ends the call under way, in an orderly manner: the line hears of it."""
        if self._under_way is not None:
            self._under_way.hang_up()

    async def carry(self, call: Call, destination: Destination, caller: Caller, witnesses: Sequence[Witness] = ()) -> Ending:
        """The call from its beginning to its end."""
        voice = self.line.voice_url
        number = Number(voice, f"{voice}/fallback", f"{voice}/status")
        queues = self.extension.queues(LocalQueues(new_sid, now))
        conferences = self.extension.conferences(LocalConferences(new_sid, now, self.courier.send))
        surroundings = Surroundings(queues, conferences, Debugger(now, self.line.redact), self.courier.send)
        phone = TypedPhone(Witnessed(caller, witnesses, self.line.redact))
        interpreter = Interpreter(number, call, phone, self.wire, surroundings)
        self.extension.carry(call, interpreter)
        self._under_way = interpreter
        try:
            return await interpreter.run(destination)
        finally:
            self._under_way = None


@asynccontextmanager
async def open_telephone(line: Line, number: str, show: Callable[[str], None], *, may_ring: bool) -> AsyncIterator[Telephone]:
    """A telephone of this number, attached to the exchange. Raises StoryFailed where none runs."""
    async with open_webhooks(line.auth_token, new_token) as webhooks:
        courier = Courier(webhooks)
        extension = Extension(partial(_attach, line, number, may_ring), new_sid, now, show)
        await extension.attachment.open()
        try:
            if not extension.attachment.is_up:
                raise StoryFailed(NO_EXCHANGE)
            yield Telephone(line, extension, webhooks, courier)
        finally:
            await courier.finish()
            await extension.attachment.close()


def new_call(line: Line, number: str) -> Call:
    """A call that this number is about to make."""
    return Call(new_sid("CA"), line.account_sid, number, line.number, now)


def to_line(line: Line) -> Destination:
    """Where such a call goes."""
    return WebhookRequest(line.voice_url)


def _attach(line: Line, number: str, may_ring: bool, receive: Callable[[ToPhone], None]) -> Attachment:
    hello = Hello(number=number, may_ring=may_ring)
    return Attachment(line.find_exchange, (line.account_sid, line.auth_token), hello, receive)


class Receiver:
    """Whoever holds the phone on an agent's desk: takes every call and stays on it; what the agent does they do at the page."""

    hung_up = False

    def hear(self, words: str) -> None:
        """The agent looks at the page."""

    def see(self, event: str) -> None:
        """The agent looks at the page."""

    async def decide(self) -> None:
        """Answers at once."""

    async def act(self, listening: Listening) -> Act:
        await asyncio.sleep(1)
        return Silence()

    async def pass_time(self, seconds: float, listening: Listening | None = None) -> Act | None:
        await asyncio.sleep(seconds)
        return None


@asynccontextmanager
async def desk_phone(line: Line, number: str) -> AsyncIterator[None]:
    """A telephone on a desk, which takes one call after the other for as long as this lasts."""

    def quiet(remark: str) -> None:
        """Nobody looks at it."""

    async with open_telephone(line, number, quiet, may_ring=True) as telephone:
        taking = asyncio.create_task(_take_calls(telephone, quiet))
        try:
            yield
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)


async def _take_calls(telephone: Telephone, show: Callable[[str], None]) -> None:
    holder = Receiver()
    while True:
        with suppress(HungUp):
            ring = partial(incoming, account_sid=telephone.line.account_sid, clock=now)
            call, destination = await await_call(telephone.extension, ring, holder, show)
            await telephone.carry(call, destination, holder)
