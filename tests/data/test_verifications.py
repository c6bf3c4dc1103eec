"""The sentences of `floor.records.Verifications`, on both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from callcenter.floor.customers import Agreement, Passed
from data.store import Store

MINUTE = timedelta(minutes=1)


@pytest.fixture
def number(store: Store, agreement: Agreement, now: datetime) -> str:
    """An agreement whose contact `c1` has a code for ten minutes."""
    store.transaction(lambda tx: tx.verifications.add_code(agreement.number, "c1", "hash one", now + 10 * MINUTE))
    return agreement.number


def use(store: Store, number: str, code_hash: str, at: datetime, contact: str = "c1") -> bool:
    return store.transaction(lambda tx: tx.verifications.use_code(number, contact, code_hash, at))


def fail(store: Store, scope: str, *moments: datetime) -> None:
    for at in moments:
        store.transaction(lambda tx, at=at: tx.verifications.failed(scope, at))


def failures(store: Store, scope: str, since: datetime) -> int:
    return store.read(lambda tx: tx.verifications.failures(scope, since))


def test_a_code_is_good_once(store: Store, number: str, now: datetime) -> None:
    assert [use(store, number, "hash one", now) for _ in range(2)] == [True, False]


def test_a_code_is_good_until_it_expires(store: Store, number: str, now: datetime) -> None:
    assert not use(store, number, "hash one", now + 10 * MINUTE)
    assert use(store, number, "hash one", now + 10 * MINUTE - timedelta(microseconds=1))


def test_a_code_is_its_contacts_alone(store: Store, number: str, now: datetime) -> None:
    assert not use(store, number, "hash one", now, contact="c2")
    assert not use(store, "99999999", "hash one", now)
    assert not use(store, number, "hash two", now)
    assert use(store, number, "hash one", now), "attempts that failed spend nothing"


def test_two_contacts_may_have_the_same_code(store: Store, number: str, now: datetime) -> None:
    store.transaction(lambda tx: tx.verifications.add_code(number, "c2", "hash one", now + MINUTE))
    assert [use(store, number, "hash one", now, contact) for contact in ("c1", "c2")] == [True, True]


@pytest.mark.parametrize("used_before", [False, True])
def test_the_next_code_takes_the_place_of_the_one_before(store: Store, number: str, now: datetime, used_before: bool) -> None:
    if used_before:
        assert use(store, number, "hash one", now)
    store.transaction(lambda tx: tx.verifications.add_code(number, "c1", "hash two", now + 20 * MINUTE))
    assert not use(store, number, "hash one", now)
    assert use(store, number, "hash two", now + 19 * MINUTE)


def test_of_twenty_who_use_one_code_at_once_one_passes(
    store: Store, number: str, at_once: Callable[..., list[bool]], now: datetime
) -> None:
    assert at_once(20, lambda _: use(store, number, "hash one", now)).count(True) == 1


def test_failures_are_counted_by_scope_from_a_moment_on(store: Store, now: datetime) -> None:
    fail(store, "case/100001", now, now, now + MINUTE)
    fail(store, "agreement/40718621", now)
    assert [failures(store, "case/100001", now + minutes * MINUTE) for minutes in (0, 1, 2)] == [3, 1, 0]
    assert failures(store, "agreement/40718621", now) == 1


def test_unlocking_clears_one_scope(store: Store, now: datetime) -> None:
    fail(store, "case/100001", now)
    fail(store, "case/100002", now)
    store.transaction(lambda tx: tx.verifications.clear("case/100001"))
    assert [failures(store, scope, now) for scope in ("case/100001", "case/100002")] == [0, 1]


def test_no_failed_attempt_of_twenty_at_once_is_lost(store: Store, at_once: Callable[..., list[None]], now: datetime) -> None:
    at_once(20, lambda _: fail(store, "case/100001", now))
    assert failures(store, "case/100001", now) == 20


def test_methods_passed_are_a_cases_own_and_come_by_time(store: Store, now: datetime) -> None:
    for minutes, method in ((1, "private fact"), (0, "one-time code from the portal")):
        at = now + minutes * MINUTE
        store.transaction(lambda tx, at=at, how=method: tx.verifications.passed("100001", "40718621", "c1", how, at))
    assert store.read(lambda tx: tx.verifications.passes("100001")) == (
        Passed("40718621", "c1", "one-time code from the portal", now),
        Passed("40718621", "c1", "private fact", now + MINUTE),
    )
    assert store.read(lambda tx: tx.verifications.passes("100002")) == ()
