"""The sentences of `floor.records.RateCounters`, on both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta

from data.store import Store

MINUTE = timedelta(minutes=1)


def increase(store: Store, at: datetime, key: str = "sign-in/amira", by: int = 1) -> int:
    return store.transaction(lambda tx: tx.rate_counters.increase(key, by, 60, at))


def count(store: Store, at: datetime, key: str = "sign-in/amira") -> int:
    return store.read(lambda tx: tx.rate_counters.count(key, at))


def test_a_counter_adds_up_and_every_key_has_its_own(store: Store, now: datetime) -> None:
    assert [increase(store, now, by=by) for by in (1, 2)] == [1, 3]
    assert increase(store, now, "sign-in/bruno") == 1
    assert (count(store, now), count(store, now, "nobody")) == (3, 0)


def test_a_counter_that_has_run_out_counts_nothing_and_starts_again(store: Store, now: datetime) -> None:
    increase(store, now, by=5)
    assert [count(store, now + MINUTE - timedelta(microseconds=1)), count(store, now + MINUTE)] == [5, 0]
    assert increase(store, now + MINUTE) == 1
    assert count(store, now + 2 * MINUTE - timedelta(microseconds=1)) == 1, "its time starts again too"


def test_an_increase_does_not_make_a_counter_last_longer(store: Store, now: datetime) -> None:
    increase(store, now)
    increase(store, now + MINUTE / 2)
    assert store.read(lambda tx: tx.rate_counters.runs_out_at("sign-in/amira", now + MINUTE / 2)) == now + MINUTE


def test_a_counter_that_counts_nothing_starts_again_at_once(store: Store, now: datetime) -> None:
    assert store.read(lambda tx: tx.rate_counters.runs_out_at("sign-in/amira", now)) == now
    increase(store, now)
    later = now + 2 * MINUTE
    assert store.read(lambda tx: tx.rate_counters.runs_out_at("sign-in/amira", later)) == later


def test_a_cleared_counter_starts_again(store: Store, now: datetime) -> None:
    increase(store, now)
    increase(store, now, "sign-in/bruno")
    store.transaction(lambda tx: tx.rate_counters.clear("sign-in/amira"))
    assert (count(store, now), count(store, now, "sign-in/bruno")) == (0, 1)


def test_those_that_have_run_out_are_erased_and_the_others_stay(store: Store, now: datetime) -> None:
    increase(store, now, "192.0.2.7")
    increase(store, now + MINUTE, "192.0.2.8")
    assert store.transaction(lambda tx: tx.rate_counters.erase_run_out(now + MINUTE)) == 1
    assert count(store, now, "192.0.2.7") == 0, "as if it had never been"
    assert count(store, now + MINUTE, "192.0.2.8") == 1


def test_no_increase_of_fifty_at_once_is_lost(store: Store, at_once: Callable[..., list[int]], now: datetime) -> None:
    assert sorted(at_once(50, lambda _: increase(store, now))) == list(range(1, 51))
