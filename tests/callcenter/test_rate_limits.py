"""The library's limits over our own counters, on both engines' tables."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from limits import RateLimitItemPerMinute

from callcenter.rate_limits import SCHEME, SharedCounters, TooMany, take
from data.store import Store

THREE = RateLimitItemPerMinute(3)


def taken(store: Store, at: datetime, amount: int = 1, whose: str = "somebody") -> TooMany | None:
    return store.transaction(lambda tx: take(tx.rate_counters, THREE, whose, at, amount))


def test_there_is_room_for_as_many_as_the_limit_says_and_again_when_its_time_is_over(store: Store, now: datetime) -> None:
    late = now + timedelta(seconds=20)
    assert [taken(store, now), taken(store, now), taken(store, late), taken(store, late)] == [None, None, None, TooMany(40)]
    assert taken(store, late, whose="somebody else") is None
    assert taken(store, now + timedelta(minutes=1)) is None


def test_what_has_no_room_as_a_whole_is_not_counted_at_all(store: Store, now: datetime) -> None:
    assert taken(store, now, 2) is None
    assert taken(store, now, 2) == TooMany(60)
    assert taken(store, now) is None


def test_what_is_rolled_back_was_not_taken(store: Store, now: datetime) -> None:
    def fail(tx: Any) -> None:
        take(tx.rate_counters, THREE, "somebody", now, 3)
        raise LookupError

    with pytest.raises(LookupError):
        store.transaction(fail)
    assert taken(store, now, 3) is None


def test_the_librarys_counters_are_ours(store: Store, now: datetime) -> None:
    counters = SharedCounters(
        f"{SCHEME}://",
        look=lambda work: store.read(lambda tx: work(tx.rate_counters)),
        change=lambda work: store.transaction(lambda tx: work(tx.rate_counters)),
        clock=lambda: now,
    )
    assert [counters.incr("key", 60), counters.incr("key", 60, 2), counters.get("key")] == [1, 3, 3]
    assert counters.get_expiry("key") == pytest.approx(now.timestamp() + 60)
    counters.clear("key")
    assert counters.get("key") == 0
