"""The floor at one moment (`floor.records.Live`), on both engines."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callcenter.floor.calls import Snapshot
from callcenter.floor.people import Agent, Availability, Presence
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, QueueEntry
from callcenter.floor.requests import Change, ReasonCode, Request
from data.store import Store, Transaction
from ivr.records import CallRecord, NewCall, NewCase, Progress

SECOND = timedelta(seconds=1)
CALLS, WAITING, OVER = 200, 20, 2000
"""A busy floor: live calls, those of them who wait, and calls that are over whose state is still kept."""


def snapshot(store: Store, now: datetime) -> Snapshot:
    return store.read(lambda tx: tx.live.snapshot(now))


def keep_turn(tx: Transaction, sid: str, place: str, at: datetime, turn: int = 1) -> None:
    progress = Progress(place, handed_over=False, completed=False, reasked=0, keyed=False, granted=False)
    record = CallRecord(sid, turn, b'{"kept": "' + b"x" * 1200 + b'"}', "<Response/>" * 60)
    tx.calls.save(record, progress, unfinished=True, waiting=False, at=at)


def hand_over(tx: Transaction, sid: str, at: datetime) -> QueueEntry:
    """A call that waits for a person."""
    tx.calls.open(NewCall(sid, None, "42", "+448081570142", at))
    keep_turn(tx, sid, "queue", at)
    number = tx.cases.open(NewCase(sid, "agent.mak_limit", "en", {}), at)
    entry = QueueEntry(sid, number, EntryKind.CALL, "en", at, at)
    tx.queue.save(entry)
    return entry


@pytest.fixture
def floor(store: Store, agents: dict[str, Agent], now: datetime) -> Snapshot:
    """One caller with Amira, one waiting, one in the menu, a request held: as it should be seen."""

    def fill(tx: Transaction) -> Snapshot:
        answered, waiting = hand_over(tx, "CA1", now), hand_over(tx, "CA2", now + SECOND)
        tx.calls.open(NewCall("CA3", None, "", "+448081570142", now + 2 * SECOND))
        keep_turn(tx, "CA3", "entry", now + 2 * SECOND)
        tx.queue.claim("CA1", "amira", now)
        handling = Handling("H1", "CA1", answered.case_number, "amira", now)
        tx.handlings.add(handling)
        presence = Presence("amira", Availability.ON_CALL, "", now, now)
        tx.presences.set(presence)
        tx.requests.add(Request("R1", Change.EXCEPTION, "amira", now, ReasonCode.HARDWARE_FAILURE))
        return Snapshot(
            at=now,
            waiting=(waiting,),
            presences=(presence,),
            handlings=(handling,),
            live=tx.call_log.live(),
            reasons={answered.case_number: "agent.mak_limit", waiting.case_number: "agent.mak_limit"},
            held_requests=1,
            newest=tx.cases.newest(8),
        )

    return store.transaction(fill)


def test_an_empty_floor_is_seen_as_empty(store: Store, now: datetime) -> None:
    assert snapshot(store, now) == Snapshot(now, (), (), (), (), {}, 0, ())


def test_everything_that_moves_is_seen_at_once(store: Store, floor: Snapshot, now: datetime) -> None:
    assert snapshot(store, now) == floor
    assert [(call.sid, call.place) for call in floor.live] == [("CA1", "queue"), ("CA2", "queue"), ("CA3", "entry")]


def test_time_and_signs_of_life_alone_make_no_other_picture(store: Store, floor: Snapshot, now: datetime) -> None:
    later = now + 10 * SECOND
    store.transaction(lambda tx: tx.presences.seen("amira", later))
    seen = snapshot(store, later)
    assert seen == floor
    assert (seen.at, seen.presences[0].seen_at) == (later, later)


@pytest.mark.parametrize(
    "change",
    [
        lambda tx, now: hand_over(tx, "CA4", now),
        lambda tx, now: tx.queue.claim("CA2", "bruno", now),
        lambda tx, now: tx.presences.set(Presence("amira", Availability.WRAP_UP, "", now, now)),
        lambda tx, now: tx.handlings.save(replace(tx.handlings.open_of_agent("amira"), held_since=now)),
        lambda tx, now: keep_turn(tx, "CA3", "readback", now, turn=2),
        lambda tx, now: tx.calls.close("CA3", now),
        lambda tx, now: tx.requests.add(Request("R2", Change.EXCEPTION, "amira", now, ReasonCode.HARDWARE_FAILURE)),
    ],
    ids=["a caller more", "answered", "another state", "on hold", "a step further", "hung up", "a request more"],
)
def test_whatever_changes_makes_another_picture(
    store: Store, floor: Snapshot, now: datetime, change: Callable[[Transaction, datetime], object]
) -> None:
    store.transaction(lambda tx: change(tx, now))
    assert snapshot(store, now) != floor


def test_what_is_over_is_seen_no_more(store: Store, floor: Snapshot, now: datetime) -> None:
    def end(tx: Transaction) -> None:
        tx.handlings.save(replace(floor.handlings[0], parted_at=now, wrapped_at=now, outcome="done"))
        tx.queue.save(replace(floor.waiting[0], status=EntryStatus.ABANDONED))
        for call in floor.live:
            tx.calls.close(call.sid, now)

    store.transaction(end)
    seen = snapshot(store, now)
    assert (seen.waiting, seen.handlings, seen.live, seen.reasons) == ((), (), (), {})


def test_a_busy_floor_is_seen_in_milliseconds_however_much_is_over(store: Store, now: datetime) -> None:
    def fill(tx: Transaction) -> None:
        for number in range(CALLS + OVER):
            sid = f"CA{number}"
            if number < WAITING:
                hand_over(tx, sid, now)
            else:
                tx.calls.open(NewCall(sid, None, "42", "+448081570142", now))
                keep_turn(tx, sid, "entry", now)
            if number >= CALLS:
                tx.calls.close(sid, now)

    store.transaction(fill)
    seen = snapshot(store, now)
    assert (len(seen.live), len(seen.waiting)) == (CALLS, WAITING)
    assert min(seconds_of_a_snapshot(store, now) for _ in range(20)) < 0.025, "it takes 3 ms on an idle machine"


def seconds_of_a_snapshot(store: Store, now: datetime) -> float:
    begin = time.perf_counter()
    snapshot(store, now)
    return time.perf_counter() - begin
