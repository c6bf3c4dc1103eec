"""What the exchange knows: calls, numbers, queues, conferences, text messages, and the phones it can ring."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pbx.call import Call, CallStatus, Direction
from pbx.exchange.numbers import NO_NUMBERS, Numbers
from pbx.line import Carrier, Line, ProgressReport
from pbx.request import Destination, WebhookRequest
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.queues import LocalQueues
from pbx.rooms.sound import RoomSound

LONGEST_CALL_SECONDS = 14400
"""Source: https://www.twilio.com/docs/voice/api/call-resource, TimeLimit."""
REMEMBERED = 500
"""Calls that are over, and text messages, that can still be looked up."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text message this exchange has taken."""

    sid: str
    sender: str
    recipient: str
    body: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A call to be made: by the REST API, to a phone this exchange can ring."""

    caller: str
    called: str
    destination: Destination
    timeout_seconds: int = 60
    limit_seconds: int = LONGEST_CALL_SECONDS
    """From the answer on; then it is hung up."""
    report: ProgressReport | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    """What a SIP phone elsewhere is given when it asks who calls."""
    fallback: WebhookRequest | None = None
    """Asked when a document of the call fails."""


class Phone(Protocol):
    """A phone attached to this exchange."""

    @property
    def number(self) -> str: ...

    @property
    def may_ring(self) -> bool:
        """Whether it waits for a call."""

    def ring(self, call: Call, destination: Destination) -> Carrier:
        """Ring for this call; whoever answers goes to the destination."""

    def show(self, text: Text) -> None:
        """Show a text message to whoever holds the phone."""


class CarriedPhones(Protocol):
    """The phones whose sound this process carries."""

    def ring(self, line: Line, order: CallOrder) -> bool:
        """Ring one for a call that is ordered; False when there is none of that address."""

    def show(self, text: Text) -> None:
        """Show a text message on those that have its number."""


class Switchboard:
    """One exchange."""

    def __init__(
        self,
        account_sid: str,
        new_sid: Callable[[str], str],
        clock: Callable[[], datetime],
        tell: Callable[[WebhookRequest], None],
        later: Callable[[float, Callable[[], None]], object],
        redact: Callable[[str], str],
        numbers: Numbers = NO_NUMBERS,
        new_sound: Callable[[], RoomSound | None] = lambda: None,
    ) -> None:
        """`tell` sends a status callback; `later` calls something after so many seconds; `redact` cleans what is kept;
        `numbers` can be called here; `new_sound` gives each conference its sound."""
        self.account_sid = account_sid
        self.new_sid = new_sid
        self.clock = clock
        self._tell = tell
        self._later = later
        self._redact = redact
        self.queues = LocalQueues(new_sid, clock)
        self.conferences = LocalConferences(new_sid, clock, tell, new_sound)
        self.numbers = numbers
        self.phones: list[Phone] = []
        self.carried: CarriedPhones | None = None
        """None where only phones are known that carry their calls themselves."""
        self.texts: deque[Text] = deque(maxlen=REMEMBERED)
        self._lines: dict[str, Line] = {}

    def __iter__(self) -> Iterator[Line]:
        """Every call, the latest first."""
        return reversed(self._lines.values())

    def line(self, sid: str) -> Line | None:
        return self._lines.get(sid)

    def register(self, call: Call, carrier: Carrier | None = None) -> Line:
        """The call is known from now on."""
        over = [sid for sid, line in self._lines.items() if line.call.status.is_final]
        for sid in over[: max(0, len(over) - REMEMBERED)]:
            del self._lines[sid]
        now = self.clock()
        line = self._lines[call.sid] = Line(call, self._tell, now, now, carrier)
        return line

    def forget(self, line: Line) -> None:
        """A call that is over is known no more."""
        del self._lines[line.call.sid]

    def make_call(self, order: CallOrder) -> Line:
        """Ring the phone of that number. With nobody there the call fails; in use, the phone is busy."""
        call = Call(self.new_sid("CA"), self.account_sid, order.caller, order.called, self.clock)
        call.status, call.direction = CallStatus.QUEUED, Direction.OUTBOUND_API
        line = self.register(call)
        line.report = order.report
        line.on_answer = lambda: self._later(order.limit_seconds, lambda: _run_out(line))
        self._later(0, lambda: self._ring(line, order))
        return line

    def _ring(self, line: Line, order: CallOrder) -> None:
        """The call begins after the request that ordered it has been answered, as Twilio's do."""
        if line.call.status.is_final:
            return
        line.announce()
        there = [phone for phone in self.phones if phone.number == order.called]
        phone = next((phone for phone in there if phone.may_ring), None)
        if phone is not None:
            line.carrier = phone.ring(line.call, order.destination)
            line.progress(CallStatus.RINGING)
        elif there:
            line.end(CallStatus.BUSY)
        elif self.carried is None or not self.carried.ring(line, order):
            line.end(CallStatus.FAILED)
        self._later(order.timeout_seconds, lambda: _give_up(line))

    def send_text(self, sender: str, recipient: str, body: str) -> Text:
        """Take a text message; it appears on every phone that has that number."""
        text = Text(self.new_sid("SM"), sender, recipient, self._redact(body), self.clock())
        self.texts.append(text)
        for phone in self.phones:
            if phone.number == recipient:
                phone.show(text)
        if self.carried is not None:
            self.carried.show(text)
        return text


def _run_out(line: Line) -> None:
    """It has lasted as long as it may."""
    if not line.call.status.is_final:
        line.hang_up()


def _give_up(line: Line) -> None:
    """It has rung long enough."""
    if line.call.status in (CallStatus.QUEUED, CallStatus.RINGING):
        line.hang_up()
        line.end(CallStatus.NO_ANSWER)
