"""How the floor changes counts (`floor.records.Keys`), on both engines; activations compete for them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from activation.catalogue import Channel
from activation.claims import Door
from activation.desk import Installed
from activation.rules import KeyRecord, Seat
from callcenter.floor.customers import Agreement
from callcenter.floor.keys import FloorKey, Host
from data.store import Store

AddKey = Callable[..., KeyRecord]
A_DAY = timedelta(days=1)


@pytest.fixture
def key(add_key: AddKey) -> KeyRecord:
    """A MAK for ten computers."""
    return add_key(7, "windows-7-professional", Channel.MAK, 10)


def install(store: Store, serial: int, machine: int, at: datetime, issues_allowed: int | None = None) -> bool:
    installed = Installed(f"seat-{machine}", serial, 33, 0xABCD0000 + machine, Door.PHONE, at, issues_allowed)
    return store.transaction(lambda tx: tx.ledger.take_seat(installed))


def counts(store: Store) -> tuple[int, int]:
    key = store.read(lambda tx: tx.keys.get(7))
    assert key is not None
    return key.record.used, key.record.allowed


def raise_allowed(store: Store, by: int, serial: int = 7) -> bool:
    return store.transaction(lambda tx: tx.keys.raise_allowed(serial, by))


def lower_allowed(store: Store, to: int, serial: int = 7) -> bool:
    return store.transaction(lambda tx: tx.keys.lower_allowed(serial, to))


def raise_issues(store: Store, seat: str, by: int) -> bool:
    return store.transaction(lambda tx: tx.keys.raise_issues(seat, by))


def test_a_raise_adds_to_what_is_allowed(store: Store, key: KeyRecord) -> None:
    assert raise_allowed(store, 25)
    assert counts(store) == (0, 35)


def test_an_unknown_key_cannot_be_changed(store: Store, key: KeyRecord) -> None:
    assert not raise_allowed(store, 25, serial=8)
    assert not lower_allowed(store, 1, serial=8)
    assert not store.transaction(lambda tx: tx.keys.set_blocked(8, blocked=True))


def test_a_raise_never_lowers_and_a_decrease_never_raises(store: Store, key: KeyRecord) -> None:
    assert not raise_allowed(store, -1)
    assert not lower_allowed(store, 11)
    assert counts(store) == (0, 10)


def test_a_count_can_be_lowered_to_what_is_used_and_not_below(store: Store, key: KeyRecord, now: datetime) -> None:
    for machine in range(3):
        install(store, 7, machine, now)
    assert [lower_allowed(store, 2), lower_allowed(store, 3), lower_allowed(store, 3)] == [False, True, True]
    assert counts(store) == (3, 3)


def test_a_key_is_blocked_and_unblocked(store: Store, key: KeyRecord) -> None:
    for blocked in (True, False):
        assert store.transaction(lambda tx, blocked=blocked: tx.keys.set_blocked(7, blocked=blocked))
        found = store.read(lambda tx: tx.keys.get(7))
        assert found is not None
        assert found.record == replace(key, blocked=blocked)


def test_only_a_host_with_a_limit_gets_more_activations(store: Store, add_key: AddKey, now: datetime) -> None:
    add_key(7, "windows-7-professional", Channel.KMS, 6)
    install(store, 7, 1, now, issues_allowed=1)
    install(store, 7, 2, now)
    host = Seat("seat-1", 0xABCD0001, 1, 1)
    assert store.transaction(lambda tx: tx.ledger.reissue(host, host.hardware, Door.PHONE, now)) is None
    assert [raise_issues(store, seat, 4) for seat in ("seat-1", "seat-2", "seat-3")] == [True, False, False]
    assert not raise_issues(store, "seat-1", -1)
    assert store.transaction(lambda tx: tx.ledger.reissue(host, host.hardware, Door.PHONE, now)) == 1


def test_hosts_come_newest_first_with_the_tail_of_their_hash(store: Store, key: KeyRecord, now: datetime) -> None:
    for machine in (1, 2, 3):
        install(store, 7, machine, now + machine * A_DAY, issues_allowed=9 if machine == 3 else None)
    assert store.read(lambda tx: tx.keys.hosts(7, newest=2)) == (
        Host("seat-3", "0003", 1, 9, now + 3 * A_DAY),
        Host("seat-2", "0002", 1, None, now + 2 * A_DAY),
    )


def test_issues_are_counted_from_a_moment_on_whatever_their_reason(store: Store, key: KeyRecord, now: datetime) -> None:
    install(store, 7, 1, now)
    seat = Seat("seat-1", 0xABCD0001, 1)
    store.transaction(lambda tx: tx.ledger.reissue(seat, seat.hardware, Door.PHONE, now + A_DAY))
    assert [store.read(lambda tx, at=now + days * A_DAY: tx.keys.issues_since(7, at)) for days in (0, 1, 2)] == [2, 1, 0]


def test_a_new_key_gets_the_next_serial_and_is_found_by_its_agreement(
    store: Store, key: KeyRecord, agreement: Agreement, now: datetime
) -> None:
    assert store.read(lambda tx: tx.keys.next_serial()) == 8
    first = store.read(lambda tx: tx.keys.get(7))
    assert first is not None
    new = FloorKey(replace(first.key, serial=8), replace(key, serial=8, agreement=agreement.number), now)
    store.transaction(lambda tx: tx.keys.add(new, "B2C3D"))
    assert store.read(lambda tx: tx.keys.of_agreement(agreement.number)) == (new,)
    assert store.read(lambda tx: tx.search.keys_ending("B2C3D", 5)) == (new,)


def test_the_first_key_of_a_database_has_a_serial_too(store: Store) -> None:
    assert store.read(lambda tx: tx.keys.next_serial()) == 0


def test_twenty_keys_issued_at_once_get_twenty_serials(
    store: Store, key: KeyRecord, at_once: Callable[..., list[int]], now: datetime
) -> None:
    first = store.read(lambda tx: tx.keys.get(7))
    assert first is not None

    def issue(tx: object) -> int:
        serial: int = tx.keys.next_serial()  # type: ignore[attr-defined]
        new = FloorKey(replace(first.key, serial=serial), replace(key, serial=serial), now)
        tx.keys.add(new, "B2C3D")  # type: ignore[attr-defined]
        return serial

    assert sorted(at_once(20, lambda _: store.transaction(issue))) == list(range(8, 28))


def test_no_raise_of_twenty_at_once_is_lost(store: Store, key: KeyRecord, at_once: Callable[..., list[bool]]) -> None:
    assert all(at_once(20, lambda _: raise_allowed(store, 5)))
    assert counts(store) == (0, 110)


def test_a_decrease_that_competes_with_activations_never_cuts_off_one_that_was_granted(
    store: Store, key: KeyRecord, at_once: Callable[..., list[bool]], now: datetime
) -> None:
    def act(number: int) -> bool:
        return lower_allowed(store, 4) if number % 2 else install(store, 7, number, now)

    results = at_once(24, act)
    granted, lowered = sum(results[0::2]), any(results[1::2])
    used, allowed = counts(store)
    assert used == granted <= allowed
    assert allowed == (4 if lowered else 10)
