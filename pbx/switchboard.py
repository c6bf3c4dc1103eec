"""What the exchange knows: calls, queues, conferences, text messages, and the phones it can ring."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pbx.call import Call, CallStatus, Direction
from pbx.conferences import LocalConferences
from pbx.line import Carrier, Line, ProgressReport
from pbx.queues import LocalQueues
from pbx.request import Destination, WebhookRequest

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
    report: ProgressReport | None = None


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
    ) -> None:
        """`tell` sends a status callback; `later` calls something after so many seconds; `redact` cleans what is kept."""
        self.account_sid = account_sid
        self.new_sid = new_sid
        self.clock = clock
        self._tell = tell
        self._later = later
        self._redact = redact
        self.queues = LocalQueues(new_sid, clock)
        self.conferences = LocalConferences(new_sid, clock, tell)
        self.phones: list[Phone] = []
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

    def make_call(self, order: CallOrder) -> Line:
        """Ring the phone of that number. With nobody there the call fails; in use, the phone is busy."""
        call = Call(self.new_sid("CA"), self.account_sid, order.caller, order.called, self.clock)
        call.status, call.direction = CallStatus.QUEUED, Direction.OUTBOUND_API
        line = self.register(call)
        line.report = order.report
        self._later(0, lambda: self._ring(line, order))
        return line

    def _ring(self, line: Line, order: CallOrder) -> None:
        """The call begins after the request that ordered it has been answered, as Twilio's do."""
        if line.call.status.is_final:
            return
        line.announce()
        there = [phone for phone in self.phones if phone.number == order.called]
        phone = next((phone for phone in there if phone.may_ring), None)
        if phone is None:
            line.end(CallStatus.BUSY if there else CallStatus.FAILED)
            return
        line.carrier = phone.ring(line.call, order.destination)
        line.progress(CallStatus.RINGING)
        self._later(order.timeout_seconds, lambda: _give_up(line))

    def send_text(self, sender: str, recipient: str, body: str) -> Text:
        """Take a text message; it appears on every phone that has that number."""
        text = Text(self.new_sid("SM"), sender, recipient, self._redact(body), self.clock())
        self.texts.append(text)
        for phone in self.phones:
            if phone.number == recipient:
                phone.show(text)
        return text


def _give_up(line: Line) -> None:
    """It has rung long enough."""
    if line.call.status is CallStatus.RINGING:
        line.hang_up()
        line.end(CallStatus.NO_ANSWER)
