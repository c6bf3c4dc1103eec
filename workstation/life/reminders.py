"""When a computer that is not activated reminds of it (rows 40, 41): a pure calendar, from a countdown and the logons.

The 2003 generation reminds at every logon and every eight hours. The newer ones remind once a day, at the day's first logon,
until three days remain; then every four hours for two days; on the last day hourly, on the hour. Days are counted back from
the end, 24 hours each.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workstation.computer.traits import OLD_GENERATION

INTERVAL_HOURS = 8
"""The 2003 generation's "regular intervals": the sources name no figure; three a day is ours."""

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


class Occasion(StrEnum):
    """What makes a reminder due."""

    LOGON = "logon"
    INTERVAL = "interval"
    DAILY = "daily"
    FOUR_HOURLY = "every four hours"
    HOURLY = "hourly"


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time that a computer spends unactivated: from `begin` to before `stop`, its countdown ending at `end`."""

    begin: datetime
    stop: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether a reminder may fall on this moment."""
        return self.begin <= moment < min(self.stop, self.end)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: when it is due, why, and the days left then (one begun counted whole)."""

    at: datetime
    occasion: Occasion
    days_left: int


def reminders(generation: str, spell: Spell, logons: Iterable[datetime]) -> tuple[Reminder, ...]:
    """Every reminder of a spell in the order of time."""
    found = _old(spell, logons) if generation == OLD_GENERATION else _newer(spell, sorted(logons))
    due = [(at, occasion) for at, occasion in found if spell.holds(at)]
    return tuple(Reminder(at, occasion, -(-(spell.end - at) // _DAY)) for at, occasion in sorted(due))


def _old(spell: Spell, logons: Iterable[datetime]) -> Iterator[tuple[datetime, Occasion]]:
    yield from ((at, Occasion.LOGON) for at in logons)
    yield from (
        (at, Occasion.INTERVAL) for at in _every(INTERVAL_HOURS * _HOUR, spell.begin + INTERVAL_HOURS * _HOUR, spell.end)
    )


def _newer(spell: Spell, logons: list[datetime]) -> Iterator[tuple[datetime, Occasion]]:
    three_days, last_day = spell.end - 3 * _DAY, spell.end - _DAY
    whole_days = -(-(three_days - spell.begin) // _DAY)
    for day in _every(_DAY, three_days - whole_days * _DAY, three_days):
        begin = max(day, spell.begin)
        yield next((at for at in logons if begin <= at < day + _DAY), begin), Occasion.DAILY
    yield from ((at, Occasion.FOUR_HOURLY) for at in _every(4 * _HOUR, three_days, last_day))
    yield from ((at, Occasion.HOURLY) for at in _every(_HOUR, _next_hour(last_day), spell.end))


def _every(step: timedelta, first: datetime, stop: datetime) -> Iterator[datetime]:
    while first < stop:
        yield first
        first += step


def _next_hour(moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole if whole == moment else whole + _HOUR
