"""Opening hours: pure, with the moment passed in."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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

    def sentence(self) -> str:
        """The hours as they are spoken: "Monday to Friday, from 8:00 to 18:00"."""
        days = sorted(self.days)
        run = days == list(range(days[0], days[-1] + 1)) and len(days) > 2 if days else False
        named = f"{DAYS[days[0]]} to {DAYS[days[-1]]}" if run else ", ".join(DAYS[day] for day in days)
        if self.opens == self.closes:
            return f"{named}, around the clock"
        return f"{named}, from {_spoken(self.opens)} to {_spoken(self.closes)}"


def _spoken(clock: time) -> str:
    return f"{clock.hour}:{clock.minute:02d}"
