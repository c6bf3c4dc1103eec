"""The measures of the centre as values (requirements E2): what is counted, with the words for it.

Every share keeps its two numbers, so that a page can show of how many it is; what cannot be said (a share of nothing, an
average of no calls) is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum


class ShortAbandons(StrEnum):
    """How callers count for the service level who hang up within the target time."""

    IGNORE = "ignored"
    AGAINST = "counted against"
    FOR = "counted as answered in time"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """None of nothing."""
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class HandleTime:
    """The time agents spent per handled call, in seconds: talking, on hold, wrapping up."""

    calls: int = 0
    talk_seconds: float = 0.0
    hold_seconds: float = 0.0
    wrap_up_seconds: float = 0.0

    @property
    def average_seconds(self) -> float | None:
        """The average handle time; the parts are averages already."""
        return self.talk_seconds + self.hold_seconds + self.wrap_up_seconds if self.calls else None


@dataclass(frozen=True, slots=True)
class Waits:
    """How long callers waited, in seconds, answered or not; the longest is that of a caller who waits still, if it is."""

    count: int
    average_seconds: float | None
    longest_seconds: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Every measure over some of the facts."""

    calls: int
    contained: Share
    """Ended on the line without an agent, of all that came in."""
    truly_contained: Share
    """Those of them that got what they called for, and did not call again within a day."""
    line_seconds: float | None
    """Average time with the line, before the queue or the end."""
    hung_up_on_line: Mapping[str, int]
    """Unserved callers who hung up on the line, by place."""
    queued: int
    abandoned: Share
    """Hung up in the queue, of those who waited there; callbacks do not count."""
    callbacks: int
    hung_up_on_hold: int
    service_level: Share
    waits: Waits
    handle_time: HandleTime
    reasked_per_call: float | None
    """Groups asked again, per call in which digits of an ID came."""
    first_digit_seconds: float | None
    activation_seconds: float | None
    transfers: Mapping[str, int]
    """Calls handed to a person, by reason (a sentence key)."""
    limit_requests: Mapping[str, int]
    """Requests for a raise or a decrease, by what became of them."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about: from `since` on and before `until`, looked at `now`, with days and hours of `zone`."""

    since: datetime
    until: datetime
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period, of its days and of the hours of the day, and the rules they were made by."""

    period: Period
    target_seconds: int
    short_abandons: ShortAbandons
    total: Figures
    by_day: Mapping[date, Figures]
    by_hour: Mapping[int, Figures]
