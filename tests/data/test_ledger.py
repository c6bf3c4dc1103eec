"""The sentences of `activation.desk.Ledger`, on both engines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from activation.catalogue import Channel
from activation.claims import Door
from activation.desk import Installed
from activation.rules import KeyRecord, Seat
from data.engine import Engine
from data.ledger import to_text
from data.store import Store
from data.switches import OUTAGE

AddKey = Callable[..., KeyRecord]
HIGHEST_HASH = 2**64 - 1
A_DAY = timedelta(days=1)


@pytest.fixture
def key(add_key: AddKey) -> KeyRecord:
    """A MAK for three computers."""
    return add_key(7, "windows-7-professional", Channel.MAK, 3)


def installed(key: KeyRecord, name: str, hardware: int, at: datetime, issues_allowed: int | None = None) -> Installed:
    return Installed(name, key.serial, key.product, hardware, Door.PHONE, at, issues_allowed)


def take(store: Store, *grants: Installed) -> list[bool]:
    return [store.transaction(lambda tx, one=grant: tx.ledger.take_seat(one)) for grant in grants]


def seat_named(store: Store, key: KeyRecord, name: str) -> Seat:
    return next(seat for seat in store.read(lambda tx: tx.ledger.seats(key.serial, 0, newest=100)) if seat.id == name)


def test_the_service_is_up_unless_an_outage_is_switched_on(store: Store, now: datetime) -> None:
    assert store.read(lambda tx: tx.ledger.service_is_up())
    store.transaction(lambda tx: tx.switches.set(OUTAGE, True, now))
    assert not store.read(lambda tx: tx.ledger.service_is_up())
    store.transaction(lambda tx: tx.switches.set(OUTAGE, False, now))
    assert store.read(lambda tx: tx.ledger.service_is_up())


def test_a_key_is_found_by_its_serial_as_it_was_stored(store: Store, key: KeyRecord) -> None:
    assert store.transaction(lambda tx: tx.ledger.key(key.serial)) == key
    assert store.transaction(lambda tx: tx.ledger.key(8)) is None


def test_a_blocked_key_is_found_as_blocked(store: Store, add_key: AddKey) -> None:
    add_key(9, "windows-7-ultimate", Channel.RETAIL, 1, blocked=True)
    found = store.transaction(lambda tx: tx.ledger.key(9))
    assert found is not None
    assert found.blocked


def test_taking_a_seat_counts_and_records_it(store: Store, key: KeyRecord, now: datetime) -> None:
    assert take(store, installed(key, "one", HIGHEST_HASH, now)) == [True]
    assert store.transaction(lambda tx: tx.ledger.key(key.serial)) == replace(key, used=1)
    assert store.read(lambda tx: tx.ledger.seats(key.serial, 0, newest=5)) == (Seat("one", HIGHEST_HASH, 1, None),)


def test_the_seat_past_the_limit_is_refused_and_leaves_nothing(store: Store, key: KeyRecord, now: datetime) -> None:
    assert take(store, *(installed(key, str(number), number, now) for number in range(4))) == [True, True, True, False]
    assert store.transaction(lambda tx: tx.ledger.key(key.serial)) == replace(key, used=3)
    assert len(store.read(lambda tx: tx.ledger.seats(key.serial, 3, newest=10))) == 3


def test_seats_come_newest_first_and_no_more_than_asked_for(store: Store, key: KeyRecord, now: datetime) -> None:
    take(store, *(installed(key, f"day {day}", day, now + day * A_DAY) for day in (2, 0, 1)))
    names = [seat.id for seat in store.read(lambda tx: tx.ledger.seats(key.serial, 99, newest=2))]
    assert names == ["day 2", "day 1"]


def test_the_seat_of_exactly_this_hardware_is_always_among_them(store: Store, key: KeyRecord, now: datetime) -> None:
    take(store, *(installed(key, f"day {day}", day, now + day * A_DAY) for day in range(3)))
    names = [seat.id for seat in store.read(lambda tx: tx.ledger.seats(key.serial, 0, newest=1))]
    assert names == ["day 2", "day 0"]


def test_seats_of_another_key_are_not_shown(store: Store, key: KeyRecord, add_key: AddKey, now: datetime) -> None:
    other = add_key(8, "vista-business", Channel.MAK, 1)
    take(store, installed(other, "theirs", 5, now))
    assert store.read(lambda tx: tx.ledger.seats(key.serial, 5, newest=10)) == ()


def test_an_issue_again_is_free_and_numbered_from_the_first(store: Store, key: KeyRecord, now: datetime) -> None:
    take(store, installed(key, "one", 1, now))
    seat = seat_named(store, key, "one")
    assert [store.transaction(lambda tx: tx.ledger.reissue(seat, seat.hardware, Door.PHONE, now)) for _ in range(3)] == [
        1,
        2,
        3,
    ]
    assert store.transaction(lambda tx: tx.ledger.key(key.serial)) == replace(key, used=1)
    assert seat_named(store, key, "one").issues == 4


def test_an_issue_again_is_written_down_with_the_hardware_it_went_to_which_the_seat_then_has(
    store: Store, engine: Engine, key: KeyRecord, now: datetime
) -> None:
    take(store, installed(key, "one", 1, now))
    store.transaction(lambda tx: tx.ledger.reissue(Seat("one", 1, 1), HIGHEST_HASH, Door.PHONE, now))
    assert seat_named(store, key, "one") == Seat("one", HIGHEST_HASH, 2, None)
    issues = engine.read(lambda connection: connection.all("SELECT hardware, reason FROM issues ORDER BY number"))
    assert issues == [(to_text(1), "first"), (to_text(HIGHEST_HASH), "again")]


def test_issues_stop_at_what_the_host_may_have(store: Store, key: KeyRecord, now: datetime) -> None:
    take(store, installed(key, "host", 1, now, issues_allowed=2))
    seat = seat_named(store, key, "host")
    assert store.transaction(lambda tx: tx.ledger.reissue(seat, seat.hardware, Door.WEB, now)) == 1
    assert store.transaction(lambda tx: tx.ledger.reissue(seat, seat.hardware, Door.WEB, now)) is None
    assert seat_named(store, key, "host").issues == 2


def test_reissues_are_counted_from_a_moment_on_without_the_first_issue(store: Store, key: KeyRecord, now: datetime) -> None:
    take(store, installed(key, "one", 1, now))
    seat = seat_named(store, key, "one")
    for hours in (0, 5, 30):
        store.transaction(lambda tx, at=now + timedelta(hours=hours): tx.ledger.reissue(seat, seat.hardware, Door.PHONE, at))
    counts = [
        store.read(lambda tx, since=now + timedelta(hours=hours): tx.ledger.reissues_since(seat, since)) for hours in (0, 5, 6)
    ]
    assert counts == [3, 2, 1]


def test_a_replacement_moves_the_seat_to_the_new_hardware(store: Store, key: KeyRecord, now: datetime) -> None:
    take(store, installed(key, "one", 1, now))
    seat = seat_named(store, key, "one")
    assert store.transaction(lambda tx: tx.ledger.replace(seat, HIGHEST_HASH, Door.PHONE, now)) == 1
    assert seat_named(store, key, "one") == Seat("one", HIGHEST_HASH, 2, None)
    assert store.transaction(lambda tx: tx.ledger.key(key.serial)) == replace(key, used=1)


def test_replacements_are_counted_by_key_and_are_no_reissues(store: Store, key: KeyRecord, now: datetime) -> None:
    take(store, installed(key, "one", 1, now), installed(key, "two", 2, now))
    for number, name in enumerate(("one", "two")):
        seat, at = seat_named(store, key, name), now + number * A_DAY
        store.transaction(lambda tx, seat=seat, number=number, at=at: tx.ledger.replace(seat, 10 + number, Door.PHONE, at))
    assert store.read(lambda tx: tx.ledger.replacements_since(key.serial, now)) == 2
    assert store.read(lambda tx: tx.ledger.replacements_since(key.serial, now + A_DAY)) == 1
    assert store.read(lambda tx: tx.ledger.reissues_since(seat_named(store, key, "one"), now)) == 0


def test_what_a_transaction_did_is_undone_when_it_fails(store: Store, key: KeyRecord, now: datetime) -> None:
    def fail_after_counting(tx: object) -> None:
        tx.ledger.take_seat(installed(key, "one", 1, now))  # type: ignore[attr-defined]
        raise LookupError("after the count")

    with pytest.raises(LookupError):
        store.transaction(fail_after_counting)
    assert store.transaction(lambda tx: tx.ledger.key(key.serial)) == key
