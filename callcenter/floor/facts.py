"""What the measures are computed from: rows as the database has them, nothing personal among them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callcenter.floor.queue import Handling, QueueEntry
from callcenter.floor.requests import Request

REPEAT_WINDOW = timedelta(hours=24)
"""Who calls again within this time was not helped (requirements E2, true containment)."""


@dataclass(frozen=True, slots=True)
class CallFact:
    """A call of the line. `caller_hash` is None for withheld numbers; `place` is the last one before the end of the call;
    `keyed_at` and `granted_at` are the moments of the first digits of an ID and of the first grant."""

    sid: str
    caller_hash: str | None
    started_at: datetime
    closed_at: datetime | None
    place: str
    handed_over: bool
    completed: bool
    reasked: int
    keyed_at: datetime | None
    granted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A call handed to a person, and why (a sentence key)."""

    opened_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened from one moment on and before another.

    Entries by `entered_at`, cases by `opened_at`, requests by `asked_at`. Calls (by `started_at`) and handlings (by
    `answered_at`) reach `REPEAT_WINDOW` further than the end, so that repeated calls and late answers are seen too.
    """

    calls: tuple[CallFact, ...] = ()
    entries: tuple[QueueEntry, ...] = ()
    handlings: tuple[Handling, ...] = ()
    cases: tuple[CaseFact, ...] = ()
    requests: tuple[Request, ...] = ()
