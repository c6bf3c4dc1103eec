"""Statistics of verdicts: counts by day and by kind, put together from the daily counters; nothing else is known (row 25)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from activation.claims import Door
from activation.tally import GRANTED, GRANTED_FREE, Tally

CountedTallies = Iterable[tuple[Tally, int]]


class Answer(StrEnum):
    """What a verdict came to, in words."""

    COUNTED = "activated, counted"
    FREE = "activated, free"
    ELSE = "not activated"


@dataclass(frozen=True, slots=True)
class Statistics:
    """The verdicts of some days: how many in all, by what they came to on each day, and by each kind on all of them."""

    days: tuple[date, ...]
    total: Mapping[Answer, int]
    by_day: Mapping[Answer, tuple[int, ...]]
    doors_by_day: Mapping[str, tuple[int, ...]]
    by_licence: tuple[tuple[str, int], ...]
    by_door: tuple[tuple[str, int], ...]
    by_product: tuple[tuple[str, int], ...]
    by_country: tuple[tuple[str, int], ...]
    refusals: tuple[tuple[str, int], ...]


def put_together(counted: CountedTallies, first: date, last: date) -> Statistics:
    """The statistics of the days from `first` to `last`, those on which nothing happened too."""
    tallies = list(counted)
    days = tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
    return Statistics(
        days=days,
        total={answer: sum(count for tally, count in tallies if answer_of(tally) is answer) for answer in Answer},
        by_day={answer: _daily(tallies, days, lambda tally, it=answer: answer_of(tally) is it) for answer in Answer},  # type: ignore[misc]
        doors_by_day=_doors(tallies, days),
        by_licence=_by(tallies, lambda tally: tally.channel),
        by_door=_by(tallies, lambda tally: tally.door.value),
        by_product=_by(tallies, lambda tally: tally.product),
        by_country=_by(tallies, lambda tally: tally.country),
        refusals=_by([each for each in tallies if answer_of(each[0]) is Answer.ELSE], lambda tally: tally.code),
    )


def answer_of(tally: Tally) -> Answer:
    """What this verdict came to."""
    return {GRANTED: Answer.COUNTED, GRANTED_FREE: Answer.FREE}.get(tally.code, Answer.ELSE)


def _doors(tallies: CountedTallies, days: tuple[date, ...]) -> Mapping[str, tuple[int, ...]]:
    return {door.value: _daily(tallies, days, lambda tally, it=door: tally.door is it) for door in Door}  # type: ignore[misc]


def _daily(tallies: CountedTallies, days: tuple[date, ...], belongs: Callable[[Tally], bool]) -> tuple[int, ...]:
    counts: Counter[date] = Counter()
    for tally, count in tallies:
        if belongs(tally):
            counts[tally.day] += count
    return tuple(counts[day] for day in days)


def _by(tallies: CountedTallies, kind: Callable[[Tally], str]) -> tuple[tuple[str, int], ...]:
    """The counts by one kind, the most frequent first; what is not known of a verdict is counted under nothing."""
    counts: Counter[str] = Counter()
    for tally, count in tallies:
        counts[kind(tally)] += count
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
