"""The sentences of `floor.records.Queue`, on both engines."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from callcenter.floor.queue import EntryKind, EntryStatus, QueueEntry
from data.catalogue import load_catalogue
from data.engine import Connection, Engine
from data.store import Store, open_store

MINUTE = timedelta(minutes=1)
NUMBER = "+447700900142"


def entry(call_sid: str, at: datetime, **rest: object) -> QueueEntry:
    return QueueEntry(call_sid, "100001", EntryKind.CALL, "en", at, at, **rest)  # type: ignore[arg-type]


def save(store: Store, *entries: QueueEntry) -> None:
    for each in entries:
        store.transaction(lambda tx, each=each: tx.queue.save(each))


def found(store: Store, call_sid: str) -> QueueEntry | None:
    return store.transaction(lambda tx: tx.queue.find(call_sid))


def waiting(store: Store) -> list[str]:
    return [each.call_sid for each in store.read(lambda tx: tx.queue.waiting())]


def callback_number(store: Store, call_sid: str = "CA1") -> str | None:
    return store.read(lambda tx: tx.queue.callback_number(call_sid))


@pytest.fixture
def callback(store: Store, now: datetime) -> QueueEntry:
    """Somebody who is to be called back, on a number given by consent."""
    callback = replace(entry("CA1", now), kind=EntryKind.CALLBACK)
    save(store, callback)
    store.transaction(lambda tx: tx.queue.set_callback("CA1", NUMBER))
    return callback


def test_an_entry_is_found_as_it_was_saved(store: Store, now: datetime) -> None:
    everything = QueueEntry(
        call_sid="CA1",
        case_number="100007",
        kind=EntryKind.CALLBACK,
        language="de",
        entered_at=now,
        place_at=now - MINUTE,
        status=EntryStatus.CLOSED,
        queue_sid="QU1",
        for_agent="amira",
        needs_senior=True,
        answered_by="bruno",
        answered_at=now + MINUTE,
        closed_at=now + 2 * MINUTE,
    )
    save(store, everything)
    assert found(store, "CA1") == everything


def test_a_call_that_never_waited_has_no_entry(store: Store) -> None:
    assert found(store, "CA1") is None


def test_saving_again_replaces_everything_and_leaves_one_entry(store: Store, now: datetime) -> None:
    answered = replace(entry("CA1", now), status=EntryStatus.ANSWERED, answered_by="bruno", answered_at=now, queue_sid="QU1")
    back = replace(entry("CA1", now), case_number="100002", language="de", for_agent="amira", needs_senior=True)
    save(store, answered, back)
    assert store.read(lambda tx: tx.queue.waiting()) == (back,)


def test_the_order_is_that_of_places_not_of_entering(store: Store, now: datetime) -> None:
    save(store, entry("CA1", now), entry("CA2", now + MINUTE), replace(entry("CA3", now + 2 * MINUTE), place_at=now - MINUTE))
    assert waiting(store) == ["CA3", "CA1", "CA2"]


@pytest.mark.parametrize("status", [status for status in EntryStatus if status is not EntryStatus.WAITING])
def test_only_who_waits_is_waiting_and_can_be_claimed(store: Store, now: datetime, status: EntryStatus) -> None:
    save(store, entry("CA1", now, status=status))
    assert waiting(store) == []
    assert not store.transaction(lambda tx: tx.queue.claim("CA1", "amira", now))
    assert found(store, "CA1") == entry("CA1", now, status=status)


def test_a_claimed_entry_is_its_agents(store: Store, now: datetime) -> None:
    save(store, entry("CA1", now), entry("CA2", now))
    assert store.transaction(lambda tx: tx.queue.claim("CA1", "amira", now + MINUTE))
    assert found(store, "CA1") == entry("CA1", now, status=EntryStatus.ANSWERED, answered_by="amira", answered_at=now + MINUTE)
    assert waiting(store) == ["CA2"]


def test_nobody_can_claim_who_never_waited(store: Store, now: datetime) -> None:
    assert not store.transaction(lambda tx: tx.queue.claim("CA1", "amira", now))


def test_the_entry_of_a_case_is_its_latest(store: Store, now: datetime) -> None:
    later = entry("CA1", now + MINUTE)
    save(store, later, entry("CA2", now), replace(entry("CA3", now + 2 * MINUTE), case_number="100002"))
    assert store.read(lambda tx: (tx.queue.of_case("100001"), tx.queue.of_case("100003"))) == (later, None)


def test_a_number_to_call_back_is_kept_while_the_caller_waits_and_is_called(
    store: Store, callback: QueueEntry, now: datetime
) -> None:
    assert callback_number(store) == NUMBER
    store.transaction(lambda tx: tx.queue.claim("CA1", "amira", now))
    assert callback_number(store) == NUMBER
    save(store, replace(callback, for_agent="bruno"))
    assert callback_number(store) == NUMBER, "back in the queue after the agent was lost"


@pytest.mark.parametrize("status", [EntryStatus.LEFT, EntryStatus.ABANDONED, EntryStatus.CLOSED])
def test_who_gives_up_the_place_takes_the_number_along(store: Store, callback: QueueEntry, status: EntryStatus) -> None:
    save(store, replace(callback, status=status))
    save(store, callback)
    assert callback_number(store) is None


def test_an_erased_number_is_gone_and_the_place_stays(store: Store, callback: QueueEntry) -> None:
    store.transaction(lambda tx: tx.queue.erase_callback("CA1"))
    assert callback_number(store) is None
    assert found(store, "CA1") == callback


def test_there_is_no_number_of_a_call_that_gave_none(store: Store, now: datetime) -> None:
    save(store, entry("CA2", now))
    assert [callback_number(store, call_sid) for call_sid in ("CA2", "CA3")] == [None, None]


def test_a_number_is_not_readable_in_the_database(store: Store, engine: Engine, callback: QueueEntry) -> None:
    def kept(connection: Connection) -> str:
        return str(connection.all("SELECT * FROM queue_entries"))

    assert "gAAAAA" in engine.read(kept), "every Fernet token begins so"
    assert NUMBER not in engine.read(kept)


def test_a_number_kept_under_other_secrets_is_no_number(store: Store, database_url: str, callback: QueueEntry) -> None:
    stranger = open_store(database_url, catalogue=load_catalogue(), payload_key=bytes(32))
    assert callback_number(stranger) is None
    stranger.close()


def test_the_database_itself_keeps_no_number_of_somebody_who_is_gone(
    store: Store, engine: Engine, callback: QueueEntry
) -> None:
    def write(connection: Connection) -> None:
        connection.run("UPDATE queue_entries SET status = 'left'")

    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        engine.write(write)


def test_a_callback_goes_on_under_its_own_call(store: Store, callback: QueueEntry) -> None:
    store.transaction(lambda tx: tx.queue.move("CA1", "CA9"))
    assert (found(store, "CA1"), found(store, "CA9")) == (None, replace(callback, call_sid="CA9"))
    assert callback_number(store, "CA9") == NUMBER


def test_fifty_agents_press_answer_and_one_gets_the_call(
    store: Store, at_once: Callable[..., list[bool]], now: datetime
) -> None:
    save(store, entry("CA1", now))
    claims = at_once(50, lambda number: store.transaction(lambda tx: tx.queue.claim("CA1", f"agent {number}", now)))
    assert claims.count(True) == 1
    answered = found(store, "CA1")
    assert answered is not None
    assert answered.answered_by == f"agent {claims.index(True)}"
