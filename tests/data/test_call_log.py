"""The sentences of `floor.records.CallLog`, on both engines."""

from datetime import datetime, timedelta

import pytest

from callcenter.floor.calls import CallSummary
from data.store import Store
from ivr.records import CallRecord, NewCall, NewCase, Progress

MINUTE = timedelta(minutes=1)


def start(store: Store, sid: str, at: datetime, place: str | None = "entry") -> None:
    """A call and, unless `place` is None, its first turn."""
    store.transaction(lambda tx: tx.calls.open(NewCall(sid, "caller", "42", "+448081570142", at)))
    if place is not None:
        progress = Progress(place, handed_over=False, completed=False, reasked=0, keyed=False, granted=False)
        record = CallRecord(sid, 1, b"{}", "<Response/>")
        store.transaction(lambda tx: tx.calls.save(record, progress, unfinished=True, waiting=False, at=at))


def summary(store: Store, sid: str) -> CallSummary | None:
    return store.read(lambda tx: tx.call_log.summary(sid))


def live(store: Store) -> list[str]:
    return [call.sid for call in store.read(lambda tx: tx.call_log.live())]


@pytest.fixture
def call(store: Store, now: datetime) -> str:
    """A call in the middle of its digits."""
    start(store, "CA1", now)
    return "CA1"


def test_a_call_is_shown_with_where_it_stands_and_two_digits_of_its_number(store: Store, call: str, now: datetime) -> None:
    assert summary(store, call) == CallSummary(call, "42", "+448081570142", now, None, "entry", None)
    assert summary(store, "CA9") is None


def test_a_call_is_shown_with_its_latest_case(store: Store, call: str, now: datetime) -> None:
    for reason in ("agent.asked", "agent.mak_limit"):
        number = store.transaction(lambda tx, reason=reason: tx.cases.open(NewCase(call, reason, "en", {}), now))
    shown = summary(store, call)
    assert shown is not None
    assert shown.case_number == number


def test_live_calls_come_by_their_start(store: Store, call: str, now: datetime) -> None:
    start(store, "CA3", now + MINUTE)
    start(store, "CA2", now - MINUTE)
    assert live(store) == ["CA2", call, "CA3"]


def test_a_call_whose_phone_is_down_is_not_live_and_still_shown(store: Store, call: str, now: datetime) -> None:
    store.transaction(lambda tx: tx.calls.close(call, now + MINUTE))
    assert live(store) == []
    assert summary(store, call) == CallSummary(call, "42", "+448081570142", now, now + MINUTE, "entry", None)


def test_a_call_given_up_as_silent_is_not_live_and_stands_nowhere(store: Store, call: str, now: datetime) -> None:
    store.transaction(lambda tx: tx.calls.forget_stale(now + MINUTE, now))
    assert live(store) == []
    assert summary(store, call) == CallSummary(call, "42", "+448081570142", now, None, "", None)


def test_a_call_before_its_first_turn_is_not_live(store: Store, now: datetime) -> None:
    start(store, "CA1", now, place=None)
    assert live(store) == []
