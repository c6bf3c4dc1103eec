"""Opening hours: pure, with the moment passed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENGLISH: Mapping[str, str] = {
    "run": "{first} to {last}",
    "each": "{day}",
    "between": "{days}, from {opens} to {closes}",
    "around_the_clock": "{days}, around the clock",
    "midnight": "midnight",
    "one": "1:00",
    "full": "{hour}:00",
    "minutes": "{hour}:{minutes}",
    **{day.lower(): day for day in DAYS},
}
"""How opening hours are told: a run of days, or each of them; the clock by the hour, of which some languages say one and
midnight apart; `clock` is the full hour in words. People at the desk read these; the line brings the caller's language's."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When people are at the desk: local time from `opens` to `closes` (00:00 is midnight) on `days` (0 is Monday)."""

    zone: ZoneInfo
    days: frozenset[int]
    opens: time
    closes: time

    def is_open(self, now: datetime) -> bool:
        """Whether people can be reached at this moment; hours that run past midnight belong to the day they began on."""
        local = now.astimezone(self.zone)
        today, yesterday, clock = local.weekday() in self.days, (local.weekday() - 1) % 7 in self.days, local.time()
        if self.opens < self.closes:
            return today and self.opens <= clock < self.closes
        return (today and clock >= self.opens) or (yesterday and clock < self.closes)

    def sentence(self, words: Mapping[str, str] = ENGLISH) -> str:
        """The hours as they are spoken, in a language's words: "Monday to Friday, from 8:00 to 18:00"."""
        days = self._days(words)
        if self.opens == self.closes:
            return words["around_the_clock"].format(days=days)
        return words["between"].format(days=days, opens=_spoken(self.opens, words), closes=_spoken(self.closes, words))

    def _days(self, words: Mapping[str, str]) -> str:
        days = sorted(self.days)
        names = [words[DAYS[day].lower()] for day in days]
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return words["run"].format(first=names[0], last=names[-1])
        return ", ".join(words["each"].format(day=name) for name in names)


def _spoken(clock: time, words: Mapping[str, str]) -> str:
    if clock == time(0):
        return words["midnight"]
    full = words["one"] if clock.hour == 1 else words["full"].format(hour=clock.hour)
    return words["minutes"].format(clock=full, hour=clock.hour, minutes=f"{clock.minute:02d}") if clock.minute else full
