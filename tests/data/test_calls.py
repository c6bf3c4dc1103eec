"""The sentences of `ivr.records.Calls`, on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callcenter.floor.facts import CallFact
from data.store import Store
from ivr.records import CallRecord, NewCall, Progress

STATE = '{"groups":["123456"],"said":"größer"}'.encode()
MINUTE = timedelta(minutes=1)
ENTERING = Progress("entry", handed_over=False, completed=False, reasked=0, keyed=False, granted=False)


def new_call(sid: str, at: datetime, caller_hash: str | None = "caller") -> NewCall:
    return NewCall(sid, caller_hash, "42", "+448081570142", at)


def keep_turn(
    store: Store,
    sid: str,
    at: datetime,
    progress: Progress = ENTERING,
    *,
    unfinished: bool = True,
    waiting: bool = False,
    turn: int = 1,
) -> None:
    record = CallRecord(sid, turn, STATE, "<Response/>")
    store.transaction(lambda tx: tx.calls.save(record, progress, unfinished=unfinished, waiting=waiting, at=at))


def progress_of(store: Store, sid: str, now: datetime) -> CallFact:
    """How far the call has come, as reports see it."""
    calls = store.read(lambda tx: tx.measures.facts(now, now + MINUTE)).calls
    return next(call for call in calls if call.sid == sid)


@pytest.fixture
def call(store: Store, now: datetime) -> str:
    """A call that has had its first turn."""
    store.transaction(lambda tx: tx.calls.open(new_call("CA1", now)))
    keep_turn(store, "CA1", now)
    return "CA1"


def found(store: Store, sid: str) -> CallRecord | None:
    return store.transaction(lambda tx: tx.calls.find(sid))


def resumable(store: Store, now: datetime, caller_hash: str = "caller") -> list[str]:
    """Calls one could resume now: with a turn in the last 30 minutes, closed or without a turn for one."""
    records = store.transaction(
        lambda tx: tx.calls.resumable(caller_hash, active_since=now - 30 * MINUTE, quiet_since=now - MINUTE)
    )
    return [record.sid for record in records]


def forget_stale(store: Store, before: datetime, waiting_before: datetime) -> int:
    return store.transaction(lambda tx: tx.calls.forget_stale(before, waiting_before))


def test_an_unknown_call_is_not_found(store: Store) -> None:
    assert found(store, "CA-nobody") is None


def test_a_call_is_opened_once_only(store: Store, now: datetime) -> None:
    assert store.transaction(lambda tx: tx.calls.open(new_call("CA1", now)))
    assert not store.transaction(lambda tx: tx.calls.open(new_call("CA1", now)))
    assert found(store, "CA1") == CallRecord("CA1", 0, b"", "")


def test_a_turn_is_found_as_it_was_kept(store: Store, call: str) -> None:
    assert found(store, call) == CallRecord(call, 1, STATE, "<Response/>")


def test_a_call_without_a_number_can_be_kept(store: Store, now: datetime) -> None:
    store.transaction(lambda tx: tx.calls.open(new_call("CA2", now, caller_hash=None)))
    keep_turn(store, "CA2", now)
    assert found(store, "CA2") is not None


def test_a_quiet_unfinished_call_can_be_resumed(store: Store, call: str, now: datetime) -> None:
    assert resumable(store, now + 30 * timedelta(seconds=1)) == [], "its caller may still be on the line"
    assert resumable(store, now + MINUTE) == [call]
    assert resumable(store, now + 30 * MINUTE) == [], "too long ago"


def test_a_closed_call_can_be_resumed_at_once(store: Store, call: str, now: datetime) -> None:
    store.transaction(lambda tx: tx.calls.close(call, now))
    assert resumable(store, now + timedelta(seconds=1)) == [call]


def test_a_call_cannot_be_resumed_while_it_waits_in_the_queue_or_to_be_called_back(
    store: Store, call: str, now: datetime
) -> None:
    keep_turn(store, call, now, waiting=True)
    assert resumable(store, now + 10 * MINUTE) == []
    store.transaction(lambda tx: tx.calls.close(call, now + 10 * MINUTE))
    assert resumable(store, now + 10 * MINUTE) == [], "its phone is down, and people will call back"
    keep_turn(store, call, now + 10 * MINUTE)
    assert resumable(store, now + 10 * MINUTE) == [call]


def test_only_the_same_caller_may_resume(store: Store, call: str, now: datetime) -> None:
    assert resumable(store, now + MINUTE, "another caller") == []


def test_a_finished_call_cannot_be_resumed(store: Store, call: str, now: datetime) -> None:
    keep_turn(store, call, now, unfinished=False)
    assert resumable(store, now + MINUTE) == []


def test_the_latest_call_comes_first(store: Store, call: str, now: datetime) -> None:
    store.transaction(lambda tx: tx.calls.open(new_call("CA2", now)))
    keep_turn(store, "CA2", now + MINUTE)
    assert resumable(store, now + 2 * MINUTE) == ["CA2", call]


def test_a_forgotten_call_keeps_neither_state_nor_answer_and_cannot_be_resumed(store: Store, call: str, now: datetime) -> None:
    store.transaction(lambda tx: tx.calls.forget(call))
    assert found(store, call) == CallRecord(call, 1, b"", "")
    assert resumable(store, now + MINUTE) == []


def test_closing_twice_keeps_the_first_time(store: Store, call: str, now: datetime) -> None:
    for minutes in (0, 10):
        store.transaction(lambda tx, at=now + minutes * MINUTE: tx.calls.close(call, at))
    keep_turn(store, call, now + 20 * MINUTE)
    assert forget_stale(store, now + MINUTE, now) == 1, "closed at the first time, before the limit"


def test_a_closed_call_goes_stale_by_its_closing(store: Store, call: str, now: datetime) -> None:
    store.transaction(lambda tx: tx.calls.close(call, now))
    assert forget_stale(store, now, now) == 0
    assert forget_stale(store, now + MINUTE, now) == 1
    assert found(store, call) == CallRecord(call, 1, b"", "")


def test_an_open_call_goes_stale_by_its_last_turn(store: Store, call: str, now: datetime) -> None:
    keep_turn(store, call, now + MINUTE, turn=2)
    assert forget_stale(store, now + MINUTE, now) == 0
    assert forget_stale(store, now + 2 * MINUTE, now) == 1


def test_a_waiting_call_has_a_limit_of_its_own(store: Store, call: str, now: datetime) -> None:
    keep_turn(store, call, now, waiting=True)
    assert forget_stale(store, now + MINUTE, now) == 0
    assert forget_stale(store, now + MINUTE, now + MINUTE) == 1


def test_a_call_that_is_to_be_called_back_keeps_its_state_after_the_phone_is_down(
    store: Store, call: str, now: datetime
) -> None:
    keep_turn(store, call, now, waiting=True)
    store.transaction(lambda tx: tx.calls.close(call, now))
    assert forget_stale(store, now + 24 * 60 * MINUTE, now) == 0
    assert found(store, call) == CallRecord(call, 1, STATE, "<Response/>")
    assert forget_stale(store, now + 25 * 60 * MINUTE, now + 24 * 60 * MINUTE) == 1, "nobody waits for ever"


def test_a_turn_keeps_how_far_the_call_has_come(store: Store, call: str, now: datetime) -> None:
    keep_turn(store, call, now, Progress("queue", handed_over=True, completed=True, reasked=3, keyed=True, granted=True))
    store.transaction(lambda tx: tx.calls.close(call, now + MINUTE))
    assert progress_of(store, call, now) == CallFact(
        sid=call,
        caller_hash="caller",
        started_at=now,
        closed_at=now + MINUTE,
        place="queue",
        handed_over=True,
        completed=True,
        reasked=3,
        keyed_at=now,
        granted_at=now,
    )


def test_the_first_moments_of_digits_and_of_a_grant_are_kept(store: Store, call: str, now: datetime) -> None:
    for minutes, (keyed, granted) in enumerate([(False, False), (True, False), (True, True), (True, True), (False, False)]):
        keep_turn(store, call, now + minutes * MINUTE, replace(ENTERING, keyed=keyed, granted=granted))
    fact = progress_of(store, call, now)
    assert (fact.keyed_at, fact.granted_at) == (now + MINUTE, now + 2 * MINUTE)


def test_a_forgotten_call_is_still_counted_where_it_ended(store: Store, call: str, now: datetime) -> None:
    store.transaction(lambda tx: tx.calls.forget(call))
    assert progress_of(store, call, now).place == "entry"


def test_a_call_is_forgotten_once(store: Store, call: str, now: datetime) -> None:
    assert [forget_stale(store, now + MINUTE, now) for _ in range(2)] == [1, 0]
