"""What is seen to without anybody pressing anything, so that nobody hangs between people: lost agents and lost phones,
callers kept for somebody who is gone."""

from dataclasses import replace
from datetime import datetime, timedelta

from callcenter.floor.audit import Act
from callcenter.floor.desk_calls import (
    DeskCall,
    close,
    end_consultation_of,
    entry_of,
    finished,
    owner_of,
    part,
    requeue,
    send_away,
    unhold,
)
from callcenter.floor.outcomes import Outcome
from callcenter.floor.people import Agent, Availability, Presence
from callcenter.floor.permissions import Action, may
from callcenter.floor.policy import Policy
from callcenter.floor.presence import become, presence_of, supervision_of
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting, QueueEntry
from callcenter.floor.records import Transaction

KEPT_FOR = timedelta(minutes=1)
"""How long a caller waits for one colleague before everybody may answer again."""
STALE_AFTER = timedelta(hours=24)
"""Nobody waits for longer; the line has erased the call's state by then (`ivr.conversation.WAITING_AT_MOST`)."""

_MAY_BE_SILENT = (Availability.OFFLINE, Availability.BREAK)
"""Nothing depends on somebody who is not at the desk."""


def find_lost(tx: Transaction, policy: Policy, now: datetime) -> tuple[str, ...]:
    """Agents whose pages have been silent for too long go offline, by name; the callers they had go back to the head of the
    queue, and a wrap-up that nobody can finish is closed without a code."""
    silent_since = now - policy.lost_after
    silent = [one for one in tx.presences.all() if one.seen_at < silent_since and one.availability not in _MAY_BE_SILENT]
    for presence in silent:
        _lose(tx, presence, now)
    return tuple(presence.agent for presence in silent)


def open_reserved(tx: Transaction, now: datetime) -> int:
    """Callers kept for a colleague who is offline or takes too long, or for seniors of whom none is there, may be answered by
    everybody who speaks their language; returns how many there were."""
    kept = [entry for entry in tx.queue.waiting() if entry.for_agent or entry.needs_senior]
    if not kept:
        return 0
    at_work = {one.agent for one in tx.presences.all() if one.availability is not Availability.OFFLINE}
    seniors = {agent.name for agent in tx.people.all() if _is_senior(agent)}
    in_vain = [entry for entry in kept if _waits_in_vain(tx, entry, at_work, seniors, now)]
    for entry in in_vain:
        tx.queue.save(replace(entry, for_agent=None, needs_senior=False))
    return len(in_vain)


def close_stale(tx: Transaction, now: datetime) -> int:
    """Closes the places of callers who have waited for a day, numbers to call back included; returns how many there were."""
    stale = [entry for entry in tx.queue.waiting() if entry.place_at < now - STALE_AFTER]
    for entry in stale:
        was_booked = entry.kind is EntryKind.CALLBACK
        close(tx, entry, now, EntryStatus.CLOSED if was_booked else EntryStatus.ABANDONED)
    return len(stale)


def _lose(tx: Transaction, presence: Presence, now: datetime) -> None:
    handling = tx.handlings.open_of_agent(presence.agent)
    if handling and handling.parted_at is None:
        _lose_call(tx, handling, now)
    if handling:
        lost = finished(handling, Parting.LOST, now)
        tx.handlings.save(replace(lost, outcome=Outcome.NOT_CODED))
    if supervision := supervision_of(presence):
        send_away(tx, presence.agent, supervision.call_sid, now)
    tx.presences.set(replace(presence, availability=Availability.OFFLINE, reason="", since=now))


def _lose_call(tx: Transaction, handling: Handling, now: datetime) -> None:
    if not _requeued(tx, handling, now):
        send_away(tx, handling.agent, handling.call_sid, now)


def _requeued(tx: Transaction, handling: Handling, now: datetime) -> bool:
    """The caller of a lost agent goes back to the queue; one with whom a colleague was consulted, now lost, stays."""
    tx.timeline.add(handling.call_sid, now, handling.agent, Act.LOST.value, {})
    entry = entry_of(tx, handling.call_sid)
    if entry.answered_by != handling.agent:
        return False
    part(tx, DeskCall(handling, entry), Parting.LOST, now)
    requeue(tx, entry, now)
    return True


def phone_gone(tx: Transaction, call_sid: str, agent: str, part_id: str, now: datetime) -> None:
    """The phone on which somebody had a part in a call is down, or was never picked up.

    The caller of an agent goes back to the head of the queue, and the agent to the wrap-up; a consulted colleague or a
    supervisor has left. Of a part that was over before, this is no news.
    """
    handling = tx.handlings.open_of_agent(agent)
    if handling is None or handling.call_sid != call_sid:
        _stop_supervising(tx, call_sid, agent, now)
    elif handling.parted_at is None and part_id in ("", handling.id):
        _lose_phone(tx, handling, now)


def _stop_supervising(tx: Transaction, call_sid: str, agent: str, now: datetime) -> None:
    supervision = supervision_of(presence_of(tx, agent, now))
    if supervision and supervision.call_sid == call_sid:
        become(tx, agent, Availability.OFFLINE, now)


def _lose_phone(tx: Transaction, handling: Handling, now: datetime) -> None:
    if not _requeued(tx, handling, now):
        end_consultation_of(tx, handling, now)
        unhold(tx, owner_of(tx, entry_of(tx, handling.call_sid)), now)


def _is_senior(agent: Agent) -> bool:
    return not agent.is_disabled and may(agent.role, Action.HANDLE_EXCEPTIONS)


def _waits_in_vain(tx: Transaction, entry: QueueEntry, at_work: set[str], seniors: set[str], now: datetime) -> bool:
    if entry.for_agent is None:
        return not at_work & seniors
    parted = [handling.parted_at for handling in tx.handlings.of_call(entry.call_sid) if handling.parted_at]
    return entry.for_agent not in at_work or max(parted, default=entry.place_at) < now - KEPT_FOR
