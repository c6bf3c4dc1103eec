"""The measures of the centre, defined as in requirements E2, computed from facts and from nothing else."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from callcenter.floor.facts import REPEAT_WINDOW, CallFact, Facts
from callcenter.floor.figures import Figures, HandleTime, Period, Report, Share, ShortAbandons, Waits
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting, QueueEntry
from callcenter.floor.requests import Change

__all__ = ["Facts", "Figures", "HandleTime", "Period", "Report", "Share", "ShortAbandons", "Waits", "report"]

Key = TypeVar("Key", bound=Hashable)
One = TypeVar("One")


def report(facts: Facts, period: Period, target_seconds: int, short_abandons: ShortAbandons = ShortAbandons.IGNORE) -> Report:
    """The report of a period from its facts (`records.Measures.facts(period.since, period.until)`)."""
    rules = _Rules(facts, period, target_seconds, short_abandons)
    within = _only(facts, lambda at: period.since <= at < period.until)
    by_day = _grouped(within, lambda at: at.astimezone(period.zone).date())
    by_hour = _grouped(within, lambda at: at.astimezone(period.zone).hour)
    return Report(
        period,
        target_seconds,
        short_abandons,
        rules.figures(within),
        {day: rules.figures(some) for day, some in sorted(by_day.items())},
        {hour: rules.figures(some) for hour, some in sorted(by_hour.items())},
    )


class _Rules:
    """What the figures of any part of the facts need of the whole."""

    def __init__(self, facts: Facts, period: Period, target_seconds: int, short_abandons: ShortAbandons) -> None:
        self._now, self._target, self._short = period.now, target_seconds, short_abandons
        self._repeated = _repeated(facts.calls)
        self._entry_of = {entry.call_sid: entry for entry in facts.entries}
        self._answers: dict[str, list[datetime]] = {}
        for handling in facts.handlings:
            self._answers.setdefault(handling.call_sid, []).append(handling.answered_at)

    def figures(self, facts: Facts) -> Figures:
        """Every measure over these facts."""
        contained = [call for call in facts.calls if call.closed_at and not call.handed_over]
        helped = [call for call in contained if call.completed and call.sid not in self._repeated]
        on_line = [entry for entry in facts.entries if entry.kind is EntryKind.CALL]
        abandoned = [entry for entry in on_line if entry.status is EntryStatus.ABANDONED]
        keyed = [call for call in facts.calls if call.keyed_at]
        limits = [request for request in facts.requests if request.change in (Change.RAISE, Change.LOWER)]
        return Figures(
            calls=len(facts.calls),
            contained=Share(len(contained), len(facts.calls)),
            truly_contained=Share(len(helped), len(facts.calls)),
            line_seconds=_average(seconds for call in facts.calls if (seconds := self._line_seconds(call)) is not None),
            hung_up_on_line=Counter(call.place for call in contained if not call.completed),
            queued=len(on_line),
            abandoned=Share(len(abandoned), len(on_line)),
            callbacks=len(facts.entries) - len(on_line),
            hung_up_on_hold=sum(one.parting is Parting.HUNG_UP_ON_HOLD for one in facts.handlings),
            service_level=self._service_level(on_line),
            waits=self._waits(on_line),
            handle_time=_handle_time(facts.handlings),
            reasked_per_call=_average(call.reasked for call in keyed),
            first_digit_seconds=_average_until(facts.calls, lambda call: call.keyed_at),
            activation_seconds=_average_until(facts.calls, lambda call: call.granted_at),
            transfers=Counter(case.reason for case in facts.cases),
            limit_requests=Counter(request.status.value for request in limits),
        )

    def _line_seconds(self, call: CallFact) -> float | None:
        entry = self._entry_of.get(call.sid)
        until = entry.place_at if entry and entry.place_at >= call.started_at else call.closed_at
        return _seconds(call.started_at, until) if until else None

    def _wait_seconds(self, entry: QueueEntry) -> float:
        """From entering first to the first answer after it; to the end of the place, or until now, where there is none."""
        answers = [at for at in self._answers.get(entry.call_sid, ()) if at >= entry.place_at]
        return _seconds(entry.place_at, min(answers) if answers else entry.closed_at or self._now)

    def _was_answered(self, entry: QueueEntry) -> bool:
        return any(at >= entry.place_at for at in self._answers.get(entry.call_sid, ()))

    def _waits(self, entries: Iterable[QueueEntry]) -> Waits:
        """The average is over the waits that are over; the longest may be one that is not, of a first or a later stay."""
        known = list(entries)
        waiting = [entry for entry in known if entry.status is EntryStatus.WAITING]
        over = [self._wait_seconds(entry) for entry in known if self._was_answered(entry) or entry not in waiting]
        so_far = [_seconds(entry.entered_at, self._now) for entry in waiting]
        return Waits(len(over), _average(over), max([*over, *so_far], default=None))

    def _service_level(self, entries: Iterable[QueueEntry]) -> Share:
        """A call counts as soon as it is answered, is abandoned, or has waited past the target."""
        in_time = counted = 0
        for entry in entries:
            is_within, was_answered = self._wait_seconds(entry) <= self._target, self._was_answered(entry)
            is_short_abandon = is_within and not was_answered and entry.status is EntryStatus.ABANDONED
            in_time += is_within and (was_answered or (is_short_abandon and self._short is ShortAbandons.FOR))
            counted += not is_within or was_answered or (is_short_abandon and self._short is not ShortAbandons.IGNORE)
        return Share(in_time, counted)


def _repeated(calls: Iterable[CallFact]) -> frozenset[str]:
    """The calls whose caller (by hash; withheld numbers cannot be told apart) called again within a day."""
    by_caller = _by((call for call in calls if call.caller_hash), lambda call: call.caller_hash)
    return frozenset(
        earlier.sid
        for theirs in by_caller.values()
        for earlier, later in pairwise(sorted(theirs, key=lambda call: call.started_at))
        if later.started_at - earlier.started_at <= REPEAT_WINDOW
    )


def _handle_time(handlings: Iterable[Handling]) -> HandleTime:
    """Over the finished parts of agents whose call it was; several parts in one call are one handled call."""
    finished = [one for one in handlings if one.wrapped_at and one.parted_at and one.parting is not Parting.CONSULTED]
    calls = len({one.call_sid for one in finished})
    if not calls:
        return HandleTime()
    held = sum(one.held_seconds for one in finished)
    with_caller = sum(_seconds(one.answered_at, one.parted_at) for one in finished if one.parted_at)
    wrapping = sum(_seconds(one.parted_at, one.wrapped_at) for one in finished if one.parted_at and one.wrapped_at)
    return HandleTime(calls, (with_caller - held) / calls, held / calls, wrapping / calls)


def _only(facts: Facts, is_within: Callable[[datetime], bool]) -> Facts:
    """The facts whose own moments are within."""
    return Facts(
        calls=tuple(one for one in facts.calls if is_within(one.started_at)),
        entries=tuple(one for one in facts.entries if is_within(one.entered_at)),
        handlings=tuple(one for one in facts.handlings if is_within(one.answered_at)),
        cases=tuple(one for one in facts.cases if is_within(one.opened_at)),
        requests=tuple(one for one in facts.requests if is_within(one.asked_at)),
    )


def _grouped(facts: Facts, key_of: Callable[[datetime], Key]) -> Mapping[Key, Facts]:
    """The facts by the day or the hour of their own moments; times without any facts are left out."""
    calls = _by(facts.calls, lambda one: key_of(one.started_at))
    entries = _by(facts.entries, lambda one: key_of(one.entered_at))
    handlings = _by(facts.handlings, lambda one: key_of(one.answered_at))
    cases = _by(facts.cases, lambda one: key_of(one.opened_at))
    requests = _by(facts.requests, lambda one: key_of(one.asked_at))
    keys = {*calls, *entries, *handlings, *cases, *requests}
    return {
        key: Facts(
            tuple(calls.get(key, ())),
            tuple(entries.get(key, ())),
            tuple(handlings.get(key, ())),
            tuple(cases.get(key, ())),
            tuple(requests.get(key, ())),
        )
        for key in keys
    }


def _by(ones: Iterable[One], key_of: Callable[[One], Key]) -> Mapping[Key, list[One]]:
    groups: dict[Key, list[One]] = {}
    for one in ones:
        groups.setdefault(key_of(one), []).append(one)
    return groups


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _average_until(calls: Iterable[CallFact], moment_of: Callable[[CallFact], datetime | None]) -> float | None:
    """Seconds from the beginning of the call, over the calls that have come to this moment."""
    return _average(_seconds(call.started_at, moment) for call in calls if (moment := moment_of(call)))


def _average(numbers: Iterable[float]) -> float | None:
    known = list(numbers)
    return sum(known) / len(known) if known else None
