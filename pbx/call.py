"""The facts of one call, as Twilio names them. Identifiers and the clock are passed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum

API_VERSION = "2010-04-01"


class CallStatus(StrEnum):
    """Where a call stands. Source: https://www.twilio.com/docs/voice/twiml, CallStatus."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        return self not in (CallStatus.QUEUED, CallStatus.RINGING, CallStatus.IN_PROGRESS)


class Direction(StrEnum):
    """Who began a call: somebody outside, the REST API, or the Dial of another call."""

    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


class Whereabouts(StrEnum):
    """Where a caller waits for somebody, when not with the line itself."""

    QUEUE = "queue"
    CONFERENCE = "conference"


class Ending(StrEnum):
    """How a call ended, with the sentence that tells the caller."""

    sentence: str

    def __new__(cls, word: str, sentence: str) -> "Ending":
        member = str.__new__(cls, word)
        member._value_ = word
        member.sentence = sentence
        return member

    BY_LINE = "hung-up-by-line", "The line hung up."
    BY_CALLER = "hung-up-by-caller", "You hung up."
    WAITING = "waiting", "You hung up while waiting in the queue."
    REJECTED = "rejected", "The line did not take the call."
    FAILED = "failed", "The line failed and hung up."


@dataclass(slots=True)
class Call:
    """One call: who, to whom, and how far it has come."""

    sid: str
    account_sid: str
    caller: str
    called: str
    clock: Callable[[], datetime]
    status: CallStatus = CallStatus.RINGING
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    direction: Direction = Direction.INBOUND
    parent_sid: str | None = None
    """The call whose Dial made this one."""
    caller_name: str | None = None
    """The name that the caller's phone gave."""
    leg_parameters: Mapping[str, str] = field(default_factory=dict)
    """What is told of such a phone beyond the standard parameters: SipCallId and the like."""
    whereabouts: Whereabouts | None = None
    """In a queue or a conference, and for ever after if the call ended there."""
    on_progress: Callable[[], None] = field(default=lambda: None, repr=False)
    """Told when the call has been answered or is over."""

    def answer(self) -> None:
        self.status = CallStatus.IN_PROGRESS
        self.answered_at = self.clock()
        self.on_progress()

    def end(self, status: CallStatus = CallStatus.COMPLETED) -> None:
        """Close the call; only the first close counts."""
        if self.ended_at is None:
            self.status = status
            self.ended_at = self.clock()
            self.on_progress()

    def hang_up(self) -> None:
        """Its caller ends it: as completed or, if it was never answered, as canceled.

        Source: Twilio's support article 223132547, "What are the possible call statuses".
        """
        self.end(CallStatus.CANCELED if self.answered_at is None else CallStatus.COMPLETED)

    @property
    def duration_seconds(self) -> int:
        """Whole seconds from the answer to the end; 0 for a call that was never answered."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return int((self.ended_at - self.answered_at).total_seconds())

    def parameters(self) -> Mapping[str, str]:
        """The parameters of every request. Source: https://www.twilio.com/docs/voice/twiml#request-parameters."""
        told = {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.caller,
            "To": self.called,
            "Caller": self.caller,
            "Called": self.called,
            "CallStatus": self.status,
            "Direction": self.direction,
            "ApiVersion": API_VERSION,
            **self.leg_parameters,
        }
        if self.parent_sid is not None:
            told["ParentCallSid"] = self.parent_sid
        if self.caller_name:
            told["CallerName"] = self.caller_name
        return told

    def completion_parameters(self) -> Mapping[str, str]:
        """What the status callback at the end of the call adds; it is the only one an inbound number sends."""
        return {
            "CallDuration": str(self.duration_seconds),
            "Timestamp": format_datetime(self.clock()),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": "0",
        }
