"""Calls at the desks: answering, holding, handing back, hanging up. Every act is one transaction.

What an act changes is the same everywhere: the caller's place, the agents' parts, what everybody is doing, the call's timeline
and the record; the telephony side follows through the outbox. Transfers are in `transfers`, what
follows a call in `wrapping_up`, lost agents in `upkeep`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from callcenter.floor import call_commands
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.calls import Happening
from callcenter.floor.desk_calls import (
    NO_CALL,
    DeskCall,
    close,
    entry_of,
    name_of,
    note,
    own_call,
    owner_of,
    part,
    reached_call,
    ring_in,
    unhold,
)
from callcenter.floor.outcomes import OUTCOMES, Outcome
from callcenter.floor.people import Availability
from callcenter.floor.permissions import Action, may
from callcenter.floor.presence import (
    BREAK_REASONS,
    SERVES_NO_CALLS,
    WHY_NOT_FREE,
    become,
    presence_of,
    set_availability,
)
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting, QueueEntry
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.transfers import complete_transfer, consult, end_consultation, transfer
from callcenter.floor.upkeep import find_lost, phone_gone
from callcenter.floor.waiting import may_answer
from callcenter.floor.wrapping_up import keep_note, wrap_up

__all__ = [
    "BREAK_REASONS",
    "OUTCOMES",
    "Outcome",
    "answer",
    "back_to_line",
    "caller_gone",
    "complete_transfer",
    "consult",
    "end_consultation",
    "find_lost",
    "hang_up",
    "hold",
    "is_muted",
    "keep_note",
    "mute",
    "phone_gone",
    "set_availability",
    "transfer",
    "wrap_up",
]

TOLD_WITHIN = timedelta(seconds=2)
"""Of one another, the ends of a call's phones."""

UNKNOWN_CALL = Refusal("calls.unknown", "There is no such call in the queue.", HTTPStatus.NOT_FOUND)
HUNG_UP = Refusal("calls.abandoned", "The caller has hung up.")
LEFT = Refusal("calls.left", "The caller has gone back to the menu.")
OVER = Refusal("calls.closed", "This call is over.")
NO_NUMBER = Refusal("calls.no_number", "The number to call back is not kept any more, so this callback was closed.")


def answer(tx: Transaction, acting: Acting, call_sid: str, new_id: Callable[[], str]) -> Handling | Refusal:
    """Gives a waiting caller to the agent, exactly once whoever else presses at the same moment."""
    agent, now = acting.agent, acting.now
    already = tx.handlings.open_of_agent(agent.name)
    if already and already.call_sid == call_sid and already.parted_at is None:
        return already  # pressed twice
    availability = presence_of(tx, agent.name, now).availability
    if availability is not Availability.AVAILABLE:
        return WHY_NOT_FREE[availability]
    entry = tx.queue.find(call_sid)
    if refusal := _why_not(tx, acting, entry):
        return refusal
    if not tx.queue.claim(call_sid, agent.name, now):
        return _why_gone(tx, entry_of(tx, call_sid))
    entry = entry_of(tx, call_sid)
    handling = Handling(new_id(), call_sid, entry.case_number, agent.name, now)
    if not _reach(tx, acting, entry, handling):
        close(tx, entry, now)
        return NO_NUMBER
    become(tx, agent.name, Availability.ON_CALL, now)
    tx.handlings.add(handling)
    note(tx, acting, call_sid, Act.ANSWERED, {"waited_seconds": int((now - entry.entered_at).total_seconds())})
    return handling


def hold(tx: Transaction, acting: Acting, *, on: bool) -> Handling | Refusal:
    """The caller hears music, or the agent again; what is so already stays so."""
    call = reached_call(tx, acting.agent)
    if isinstance(call, Refusal) or on is (call.handling.held_since is not None):
        return call if isinstance(call, Refusal) else call.handling
    if on:
        handling = replace(call.handling, held_since=acting.now)
        tx.handlings.save(handling)
        tx.outbox.add_call_control(call_commands.hold(handling.call_sid, on=True), acting.now)
    else:
        handling = unhold(tx, call.handling, acting.now)
    note(tx, acting, handling.call_sid, Act.HELD if on else Act.RESUMED)
    return handling


def mute(tx: Transaction, acting: Acting, *, on: bool) -> Handling | Refusal:
    """The agent, or a consulted colleague, is not heard, or heard again."""
    handling = tx.handlings.open_of_agent(acting.agent.name)
    if handling is None or handling.parted_at is not None:
        return NO_CALL
    if acting.agent.rung_at:
        tx.outbox.add_call_control(call_commands.mute(handling.call_sid, acting.agent, on=on), acting.now)
    note(tx, acting, handling.call_sid, Act.MUTED if on else Act.UNMUTED)
    return handling


def is_muted(timeline: tuple[Happening, ...], agent: str) -> bool:
    """Whether the agent is muted in the call, as its timeline tells."""
    begin_or_change = (Act.ANSWERED, Act.MUTED, Act.UNMUTED)
    kinds = [one.kind for one in timeline if one.actor == agent and one.kind in begin_or_change]
    return kinds[-1:] == [Act.MUTED]


def back_to_line(tx: Transaction, acting: Acting) -> Handling | Refusal:
    """The caller goes on with the line where it stopped, or hears the confirmation ID just issued."""
    call = reached_call(tx, acting.agent)
    if isinstance(call, Refusal):
        return call
    return _end(tx, acting, call, Parting.BACK_TO_LINE, Act.BACK_TO_LINE, call_commands.redirect(call.entry.call_sid))


def hang_up(tx: Transaction, acting: Acting) -> Handling | Refusal:
    """The call ends; a caller who could not be reached by callback is given up."""
    call = own_call(tx, acting.agent)
    if isinstance(call, Refusal):
        return call
    is_on_line = call.entry.kind is not EntryKind.CALLBACK
    command = call_commands.hang_up(call.entry.call_sid) if is_on_line else None
    return _end(tx, acting, call, Parting.AGENT_HUNG_UP, Act.HUNG_UP, command)


def caller_gone(tx: Transaction, call_sid: str, now: datetime) -> None:
    """The caller's phone is down. Whoever booked a callback keeps the place; everybody else's is over."""
    entry = tx.queue.find(call_sid)
    if entry is None or entry.kind is EntryKind.CALLBACK:
        return
    if entry.status is EntryStatus.WAITING:
        _gone_from_queue(tx, entry, now)
    elif entry.status is EntryStatus.ANSWERED:
        owner = owner_of(tx, entry)
        parting = Parting.HUNG_UP_ON_HOLD if owner.held_since else Parting.CALLER_HUNG_UP
        part(tx, DeskCall(owner, entry), parting, now)
        close(tx, entry, now)
        tx.timeline.add(call_sid, now, owner.agent, Act.CALLER_GONE.value, {"parting": parting.value})


def _gone_from_queue(tx: Transaction, entry: QueueEntry, now: datetime) -> None:
    """The end of a call is told of each of its phones, in any order: an agent's that seemed lost a moment ago went with it."""
    last = next(reversed(tx.handlings.of_call(entry.call_sid)), None)
    if last and last.parting is Parting.LOST and last.parted_at == entry.entered_at and now - entry.entered_at <= TOLD_WITHIN:
        tx.handlings.save(replace(last, parting=Parting.CALLER_HUNG_UP))
        close(tx, replace(entry, answered_by=last.agent), now)
    else:
        close(tx, entry, now, EntryStatus.ABANDONED)


def _end(
    tx: Transaction, acting: Acting, call: DeskCall, parting: Parting, act: Act, command: call_commands.Command | None
) -> Handling:
    handling = part(tx, call, parting, acting.now)
    close(tx, call.entry, acting.now)
    if command:
        tx.outbox.add_call_control(command, acting.now)
    note(tx, acting, call.entry.call_sid, act)
    return handling


def _reach(tx: Transaction, acting: Acting, entry: QueueEntry, handling: Handling) -> bool:
    """Has the agent and the caller brought together; False when nobody knows where to call the caller back."""
    if entry.kind is not EntryKind.CALLBACK:
        ring_in(tx, acting.agent, handling, acting.now)  # the agent first, so that no caller meets an empty room
        tx.outbox.add_call_control(call_commands.dequeue(entry.call_sid, entry.queue_sid), acting.now)
        return True
    number = tx.queue.callback_number(entry.call_sid)
    if number is None:
        return False
    tx.outbox.add_call_control(call_commands.call_back(number, entry.case_number), acting.now)
    return True


def _why_not(tx: Transaction, acting: Acting, entry: QueueEntry | None) -> Refusal | None:
    """Why this agent cannot answer this caller."""
    if not may(acting.agent.role, Action.SERVE_CALLS):
        return SERVES_NO_CALLS
    if entry is None:
        return UNKNOWN_CALL
    if entry.status is not EntryStatus.WAITING:
        return _why_gone(tx, entry)
    if may_answer(entry, acting.agent):
        return None
    return _not_yours(tx, entry)


def _why_gone(tx: Transaction, entry: QueueEntry) -> Refusal:
    if entry.status is EntryStatus.ANSWERED:
        return Refusal("calls.taken", f"{name_of(tx, entry.answered_by)} was faster and has this call.")
    return {EntryStatus.ABANDONED: HUNG_UP, EntryStatus.LEFT: LEFT}.get(entry.status, OVER)


def _not_yours(tx: Transaction, entry: QueueEntry) -> Refusal:
    if entry.for_agent:
        return Refusal("calls.for_other", f"This caller waits for {name_of(tx, entry.for_agent)}.", HTTPStatus.FORBIDDEN)
    if entry.needs_senior:
        return Refusal("calls.needs_senior", "This caller waits for a senior agent.", HTTPStatus.FORBIDDEN)
    return Refusal(
        "calls.language", f"This caller speaks {entry.language!r}, which is not among your languages.", HTTPStatus.FORBIDDEN
    )
