"""What the exchange knows: calls, numbers, queues, conferences, text messages, and the phones it can ring."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pbx.call import API_VERSION, Call, CallStatus, Direction
from pbx.exchange.numbers import NO_NUMBERS, Numbers
from pbx.line import Carrier, Line, ProgressReport, Timer
from pbx.recording import RecordingPlan
from pbx.request import Destination, WebhookRequest
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.queues import LocalQueues
from pbx.rooms.sound import RoomSound
from pbx.shelf import RecordingShelf

LONGEST_CALL_SECONDS = 14400
"""Source: https://www.twilio.com/docs/voice/api/call-resource, TimeLimit."""
BUFFER_SECONDS = 5
"""What Twilio adds to the timeout of a call that is made by REST."""
GRAIN_SECONDS = 0.01
"""An event loop's timers may come a moment early; a call that may last a second lasts one."""
REMEMBERED = 500
"""Calls that are over, and text messages, that can still be looked up."""
TIDIED_EVERY = 50
"""So many calls may come before those that are over are counted again."""


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
    recording: RecordingPlan | None = None
    shown_caller: str = ""
    """What the phone shows instead of the caller."""
    shown_name: str = ""


class Phone(Protocol):
    """A phone attached to this exchange."""

    @property
    def number(self) -> str: ...

    @property
    def may_ring(self) -> bool:
        """Whether it waits for a call."""

    def ring(self, call: Call, order: "CallOrder") -> Carrier:
        """Ring for this call; whoever answers goes where the order says."""

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
        later: Callable[[float, Callable[[], None]], Timer],
        redact: Callable[[str], str],
        shelf: RecordingShelf,
        numbers: Numbers = NO_NUMBERS,
        new_sound: Callable[[], RoomSound | None] = lambda: None,
    ) -> None:
        """`tell` sends a status callback; `later` calls something after so many seconds; `redact` cleans what is kept;
        `shelf` keeps recordings; `numbers` can be called here; `new_sound` gives each conference its sound."""
        self.account_sid = account_sid
        self.new_sid = new_sid
        self.clock = clock
        self._tell = tell
        self._later = later
        self._redact = redact
        self.queues = LocalQueues(new_sid, clock)
        self.conferences = LocalConferences(new_sid, clock, tell, new_sound, shelf)
        self.shelf = shelf
        self.numbers = numbers
        self.phones: list[Phone] = []
        self.carried: CarriedPhones | None = None
        """None where only phones are known that carry their calls themselves."""
        self.texts: deque[Text] = deque(maxlen=REMEMBERED)
        self._lines: dict[str, Line] = {}
        self._crowded_at = REMEMBERED

    def __iter__(self) -> Iterator[Line]:
        """Every call, the latest first."""
        return reversed(self._lines.values())

    def line(self, sid: str) -> Line | None:
        return self._lines.get(sid)

    def register(self, call: Call, carrier: Carrier | None = None) -> Line:
        """The call is known from now on."""
        if len(self._lines) >= self._crowded_at:
            self._tidy()
        now = self.clock()
        line = self._lines[call.sid] = Line(call, self._tell, now, now, carrier)
        return line

    def _tidy(self) -> None:
        """Forget the oldest calls that are over. All are looked at for it, so that this must not be done for each."""
        over = [sid for sid, line in self._lines.items() if line.call.status.is_final]
        for sid in over[: max(0, len(over) - REMEMBERED)]:
            del self._lines[sid]
        self._crowded_at = len(self._lines) + TIDIED_EVERY

    def forget(self, line: Line) -> None:
        """A call that is over is known no more."""
        del self._lines[line.call.sid]

    def make_call(self, order: CallOrder) -> Line:
        """Ring the phone of that number. With nobody there the call fails; in use, the phone is busy."""
        call = Call(self.new_sid("CA"), self.account_sid, order.caller, order.called, self.clock)
        call.status, call.direction = CallStatus.QUEUED, Direction.OUTBOUND_API
        line = self.register(call)
        line.report = order.report
        self.limit(line, order.limit_seconds)
        self._later(0, lambda: self._ring(line, order))
        return line

    def limit(self, line: Line, seconds: int) -> None:
        """The call lasts so long at most, counted from its answer; only the latest limit counts."""
        answered_at = line.call.answered_at
        if answered_at is None:
            line.on_answer = lambda: self.limit(line, seconds)
            return
        if line.time_limit is not None:
            line.time_limit.cancel()
        left_seconds = max(0.0, seconds - (self.clock() - answered_at).total_seconds())
        line.time_limit = self._later(left_seconds + GRAIN_SECONDS, lambda: _run_out(line))

    def _ring(self, line: Line, order: CallOrder) -> None:
        """The call begins after the request that ordered it has been answered, as Twilio's do."""
        if line.call.status.is_final:
            return
        line.announce()
        there = [phone for phone in self.phones if phone.number == order.called]
        phone = next((phone for phone in there if phone.may_ring), None)
        if phone is not None:
            line.carrier = phone.ring(line.call, order)
            line.progress(CallStatus.RINGING)
        elif there:
            line.end(CallStatus.BUSY)
        elif self.carried is None or not self.carried.ring(line, order):
            line.end(CallStatus.FAILED)
        self._later(order.timeout_seconds + BUFFER_SECONDS, lambda: _give_up(line))

    def send_text(self, sender: str, recipient: str, body: str, callback: str | None = None) -> Text:
        """Take a text message; it appears on every phone that has that number, and the callback is told that it is sent."""
        text = Text(self.new_sid("SM"), sender, recipient, self._redact(body), self.clock())
        self.texts.append(text)
        for phone in self.phones:
            if phone.number == recipient:
                phone.show(text)
        if self.carried is not None:
            self.carried.show(text)
        if callback is not None:
            self._tell(WebhookRequest(callback, parameters=self._sent_parameters(text)))
        return text

    def _sent_parameters(self, text: Text) -> Mapping[str, str]:
        """Source: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks."""
        names = {"MessageSid": text.sid, "SmsSid": text.sid, "MessageStatus": "sent", "SmsStatus": "sent"}
        standing = {"AccountSid": self.account_sid, "ApiVersion": API_VERSION, "From": text.sender, "To": text.recipient}
        return {**standing, **names}


def _run_out(line: Line) -> None:
    """It has lasted as long as it may."""
    if not line.call.status.is_final:
        line.hang_up()


def _give_up(line: Line) -> None:
    """It has rung long enough."""
    if line.call.status in (CallStatus.QUEUED, CallStatus.RINGING):
        line.hang_up()
        line.end(CallStatus.NO_ANSWER)
