"""Rate limits: the library `limits`, with its counters in our own table, where every worker and every machine sees them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from callcenter.floor.records.housekeeping import RateCounters

SCHEME = "shared-counters"

Use = Callable[[Callable[[RateCounters], Any]], Any]
"""Gives the counters of an open transaction to a piece of work, and back what comes of it."""


class SharedCounters(Storage):
    """The library's counters: `look` only reads them, `change` writes."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - declared so by the library
    base_exceptions = ()  # a database that fails is a failed request, not a limit that does not hold

    def __init__(self, uri: str, look: Use, change: Use, clock: Callable[[], datetime]) -> None:
        super().__init__(uri)
        self._look, self._change, self._clock = look, change, clock

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counts on; the counter runs out `expiry` seconds after its first."""
        return int(self._change(lambda counters: counters.increase(key, amount, expiry, self._clock())))

    def get(self, key: str) -> int:
        """The count so far."""
        return int(self._look(lambda counters: counters.count(key, self._clock())))

    def get_expiry(self, key: str) -> float:
        """When the counter runs out, in seconds since 1970."""
        return float(self._look(lambda counters: counters.runs_out_at(key, self._clock()).timestamp()))

    def check(self) -> bool:
        """The database is looked after elsewhere."""
        return True

    def reset(self) -> None:
        """Nobody clears all counters at once."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Forgets what was counted under one key."""
        self._change(lambda counters: counters.clear(key))


@dataclass(frozen=True, slots=True)
class TooMany:
    """More than may be asked for; the seconds after which there may be more."""

    seconds: int


def take(counters: RateCounters, limit: RateLimitItem, whose: str, now: datetime, amount: int = 1) -> TooMany | None:
    """Counts so many within an open transaction; None when there is room for them all, else none of them is counted."""

    def use(work: Callable[[RateCounters], Any]) -> Any:
        return work(counters)

    limiter = FixedWindowRateLimiter(SharedCounters(f"{SCHEME}://", use, use, lambda: now))
    if limiter.test(limit, whose, cost=amount):
        limiter.hit(limit, whose, cost=amount)
        return None
    over_at = limiter.get_window_stats(limit, whose).reset_time
    return TooMany(max(1, ceil(over_at - now.timestamp())))
