"""What callers do: enter the queue, leave it, ask where they stand, book a callback and be reached by it."""

from dataclasses import replace
from datetime import datetime, timedelta

from callcenter.floor.desk_calls import DeskCall, close, entry_of, owner_of, part, ring_in
from callcenter.floor.queue import EntryKind, EntryStatus, Parting, QueueEntry
from callcenter.floor.records import Transaction
from callcenter.floor.waiting import Staff, expected_wait_seconds, is_belied, position, staff_for

COMES_BACK_WITHIN = timedelta(minutes=2)
"""Whoever left the queue for the menu and is back so soon has the old place again."""
RECENT_HANDLINGS = 20
_IN_HAND = (EntryStatus.WAITING, EntryStatus.ANSWERED)


def staff(tx: Transaction, language: str) -> Staff:
    """Who is at the desks and speaks the language."""
    return staff_for(language, tx.people.all(), tx.presences.all())


def enter(tx: Transaction, call_sid: str, case_number: str, language: str, now: datetime) -> None:
    """The caller waits from now on. Who waits already keeps the place; who is with an agent stays there."""
    entry = tx.queue.find(call_sid)
    if entry is None or not (entry.status in _IN_HAND or _left_a_moment_ago(entry, now)):
        tx.queue.save(QueueEntry(call_sid, case_number, EntryKind.CALL, language, entered_at=now, place_at=now))
    elif entry.status is not EntryStatus.ANSWERED:
        again = replace(entry, status=EntryStatus.WAITING, case_number=case_number, language=language, closed_at=None)
        tx.queue.save(again)


def leave(tx: Transaction, call_sid: str, now: datetime) -> None:
    """The caller waits no more: back in the menu, or called back and not to be connected. An agent who was faster has a caller
    on the line all the same."""
    entry = tx.queue.find(call_sid)
    if entry is None or entry.status not in _IN_HAND:
        return
    if entry.kind is EntryKind.CALLBACK:
        _give_up(tx, entry, now)
    elif entry.status is EntryStatus.WAITING:
        tx.queue.save(replace(entry, status=EntryStatus.LEFT, closed_at=now))


def standing(tx: Transaction, call_sid: str, queue_sid: str, now: datetime) -> tuple[int, int | None] | None:
    """The waiting caller's place, from 1, and the expected wait in seconds; the telephony side's name of its queue is noted."""
    entry = tx.queue.find(call_sid)
    if entry is None or entry.status is not EntryStatus.WAITING:
        return None
    if queue_sid and queue_sid != entry.queue_sid:
        tx.queue.save(replace(entry, queue_sid=queue_sid))
    place, there = position(tx.queue.waiting(), entry), staff(tx, entry.language)
    recent = tx.handlings.recent_seconds(RECENT_HANDLINGS)
    expected = expected_wait_seconds(place, there.people, recent, free=there.free)
    return place, None if is_belied(expected, (now - entry.entered_at).total_seconds()) else expected


def book_callback(tx: Transaction, call_sid: str, number: str, now: datetime) -> None:
    """The caller keeps the place and hangs up; should an agent have been faster, that agent's part is over."""
    entry = entry_of(tx, call_sid)
    if entry.status is EntryStatus.ANSWERED:
        part(tx, DeskCall(owner_of(tx, entry), entry), Parting.CALLER_HUNG_UP, now)
    waiting = replace(entry, kind=EntryKind.CALLBACK, status=EntryStatus.WAITING, closed_at=None)
    tx.queue.save(replace(waiting, answered_by=None, answered_at=None))
    tx.queue.set_callback(call_sid, number)


def called_back(tx: Transaction, call_sid: str, new_sid: str, now: datetime) -> None:
    """The caller was reached: everything goes on under the new CallSid, and the agent who has the call is rung into it.

    Should nobody have it any more, the caller is next in the queue. A second call to the same person finds nothing to move.
    """
    entry = tx.queue.find(call_sid)
    if entry is None or entry.kind is not EntryKind.CALLBACK:
        return
    tx.queue.erase_callback(call_sid)
    tx.queue.move(call_sid, new_sid)
    tx.cases.move(call_sid, new_sid)
    tx.timeline.move(call_sid, new_sid)
    for handling in tx.handlings.of_call(call_sid):
        tx.handlings.save(replace(handling, call_sid=new_sid))
    has_agent = entry.status is EntryStatus.ANSWERED
    status = EntryStatus.ANSWERED if has_agent else EntryStatus.WAITING
    tx.queue.save(replace(entry_of(tx, new_sid), kind=EntryKind.CALLED_BACK, status=status, closed_at=None, queue_sid=""))
    if has_agent:
        handling = owner_of(tx, entry_of(tx, new_sid))
        if owner := tx.people.find(handling.agent):
            ring_in(tx, owner, handling, now)


def _give_up(tx: Transaction, entry: QueueEntry, now: datetime) -> None:
    """A callback that comes to nothing."""
    if entry.status is EntryStatus.ANSWERED:
        part(tx, DeskCall(owner_of(tx, entry), entry), Parting.CALLER_HUNG_UP, now)
    close(tx, entry, now)


def _left_a_moment_ago(entry: QueueEntry, now: datetime) -> bool:
    return entry.status is EntryStatus.LEFT and entry.closed_at is not None and now - entry.closed_at <= COMES_BACK_WITHIN
