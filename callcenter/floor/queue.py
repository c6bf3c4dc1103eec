"""Who waits for a person, in which order, and for how long."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """How the caller waits."""

    CALL = "call"
    """On the line."""
    CALLBACK = "callback"
    """To be called back at their turn, on a number given by consent."""
    CALLED_BACK = "called back"
    """Was called back and is on the line."""


class EntryStatus(StrEnum):
    """What has become of a place in the queue."""

    WAITING = "waiting"
    ANSWERED = "answered"
    """An agent has it."""
    LEFT = "left"
    """Back in the menu by the caller's own wish."""
    ABANDONED = "abandoned"
    """Hung up while waiting."""
    CLOSED = "closed"
    """An agent had it, and it is over."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One call's place. The order is that of `place_at`: the time of entering first, kept by whoever comes back through no
    fault of their own. `entered_at` is when the present stay began: talking to an agent is no waiting. `for_agent` and
    `needs_senior` narrow who may answer; `queue_sid` is the telephony side's name of its queue."""

    call_sid: str
    case_number: str
    kind: EntryKind
    language: str
    entered_at: datetime
    place_at: datetime
    status: EntryStatus = EntryStatus.WAITING
    queue_sid: str = ""
    for_agent: str | None = None
    needs_senior: bool = False
    answered_by: str | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None


class Parting(StrEnum):
    """How an agent's part in a call ended."""

    BACK_TO_LINE = "back to the line"
    CALLER_HUNG_UP = "caller hung up"
    HUNG_UP_ON_HOLD = "caller hung up on hold"
    AGENT_HUNG_UP = "agent hung up"
    TRANSFERRED = "transferred"
    LOST = "agent lost"
    """The agent's browser or phone died; the caller went back to the head of the queue."""
    CONSULTED = "consultation ended"
    """Was asked by the agent whose call it stayed."""
    TAKEN_OVER = "taken over"
    """A supervisor has the call now."""


@dataclass(frozen=True, slots=True)
class Handling:
    """One agent's time with one call, from the answer over `parted_at` to the end of wrap-up. `held_seconds` sums finished
    holds; `held_since` is set while the caller is on hold. `outcome` is the wrap-up code."""

    id: str
    call_sid: str
    case_number: str
    agent: str
    answered_at: datetime
    held_seconds: float = 0.0
    held_since: datetime | None = None
    parted_at: datetime | None = None
    parting: Parting | None = None
    wrapped_at: datetime | None = None
    outcome: str = ""
    note: str = ""
    follow_up: str = ""
