"""A call in an agent's hands: whose it is, and how every way of parting from it leaves the books.

An entry that is ANSWERED belongs to the agent it names. Another agent's handling of the same call that has not parted is a
consultation. The conference ends when the caller leaves it, and with it everybody else's part.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from callcenter.floor import call_commands
from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act
from callcenter.floor.outcomes import Outcome
from callcenter.floor.people import Agent, Availability, Presence
from callcenter.floor.presence import be_free, become, presence_of, supervision_of
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting, QueueEntry
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal

Detail = Mapping[str, str | int | bool | None]

NO_CALL = Refusal("calls.none", "You have no call.")
CALL_OVER = Refusal("calls.over", "The caller is gone already; give the call its wrap-up code.")
NOT_REACHED = Refusal("calls.not_reached", "The caller has not been reached yet.")


@dataclass(frozen=True, slots=True)
class DeskCall:
    """A call that an agent has: the agent's part, and the caller's place."""

    handling: Handling
    entry: QueueEntry


def own_call(tx: Transaction, agent: Agent) -> DeskCall | Refusal:
    """The call that is this agent's to decide about; a refusal where there is none, it is over, or it is somebody else's."""
    handling = tx.handlings.open_of_agent(agent.name)
    if handling is None:
        return NO_CALL
    if handling.parted_at is not None:
        return CALL_OVER
    entry = entry_of(tx, handling.call_sid)
    if entry.answered_by != agent.name:
        return Refusal("calls.consulted", f"This call is {name_of(tx, entry.answered_by)}'s; you are being consulted.")
    return DeskCall(handling, entry)


def reached_call(tx: Transaction, agent: Agent) -> DeskCall | Refusal:
    """The agent's own call with the caller on the line, not one that is still to be called back."""
    call = own_call(tx, agent)
    return NOT_REACHED if isinstance(call, DeskCall) and call.entry.kind is EntryKind.CALLBACK else call


def entry_of(tx: Transaction, call_sid: str) -> QueueEntry:
    """The place of a call that has one. Raises LookupError for any other."""
    entry = tx.queue.find(call_sid)
    if entry is None:
        raise LookupError(f"The call {call_sid} has no place in the queue.")
    return entry


def owner_of(tx: Transaction, entry: QueueEntry) -> Handling:
    """The part of the agent who has an answered call. Raises LookupError when nobody has it."""
    for handling in tx.handlings.of_call(entry.call_sid):
        if handling.agent == entry.answered_by and handling.parted_at is None:
            return handling
    raise LookupError(f"Nobody has the call {entry.call_sid}.")


def consulted_in(tx: Transaction, entry: QueueEntry) -> Handling | None:
    """The part of the colleague who is being consulted about an answered call."""
    talking = (handling for handling in tx.handlings.of_call(entry.call_sid) if handling.parted_at is None)
    return next((handling for handling in talking if handling.agent != entry.answered_by), None)


def name_of(tx: Transaction, agent: str | None) -> str:
    """The name that people know somebody by."""
    person = tx.people.find(agent) if agent else None
    return person.full_name if person else agent or "somebody else"


def note(tx: Transaction, acting: Acting, call_sid: str, act: Act, detail: Detail | None = None) -> None:
    """An act at the desk stands in the call's timeline and on the record."""
    tx.timeline.add(call_sid, acting.now, acting.agent.name, act.value, detail or {})
    record(tx, acting, act, f"call/{call_sid}", detail or {})


def part(tx: Transaction, call: DeskCall, parting: Parting, now: datetime) -> Handling:
    """The agent has the caller no more: wrap-up begins, and whoever was consulted or supervising is free. What becomes of the
    caller's place is for the caller of this to say."""
    _quiet_phones(tx, call, now)
    if consulted := consulted_in(tx, call.entry):
        end_consultation_of(tx, consulted, now)
    for presence in supervising(tx, call.entry.call_sid):
        become(tx, presence.agent, Availability.OFFLINE, now)
    return wrap_up_later(tx, call.handling, parting, now)


def _quiet_phones(tx: Transaction, call: DeskCall, now: datetime) -> None:
    """A phone that still rings for this call would bring its person into an empty room, or to the next agent's caller."""
    if call.entry.kind is EntryKind.CALLBACK:
        return  # nobody is rung before the caller is reached
    consulted = consulted_in(tx, call.entry)
    names = [call.handling.agent, *([consulted.agent] if consulted else [])]
    for name in names + [presence.agent for presence in supervising(tx, call.entry.call_sid)]:
        send_away(tx, name, call.entry.call_sid, now)


def wrap_up_later(tx: Transaction, handling: Handling, parting: Parting, now: datetime) -> Handling:
    """This agent's part is over and wants its code; a break asked for meanwhile is not forgotten."""
    parted = replace(end_hold(handling, now), parted_at=now, parting=parting)
    tx.handlings.save(parted)
    become(tx, handling.agent, Availability.WRAP_UP, now, presence_of(tx, handling.agent, now).reason)
    return parted


def end_consultation_of(tx: Transaction, consulted: Handling, now: datetime) -> None:
    """The consulted colleague is free, without a code to give."""
    tx.handlings.save(replace(finished(consulted, Parting.CONSULTED, now), outcome=Outcome.CONSULTED))
    be_free(tx, consulted.agent, now)


def finished(handling: Handling, parting: Parting, now: datetime) -> Handling:
    """The part over and wrapped up at once; one that had parted keeps how and when."""
    if handling.parted_at is None:
        handling = replace(end_hold(handling, now), parted_at=now, parting=parting)
    return replace(handling, wrapped_at=now)


def end_hold(handling: Handling, now: datetime) -> Handling:
    """The time on hold added up, if the caller is on hold."""
    if handling.held_since is None:
        return handling
    held_seconds = handling.held_seconds + (now - handling.held_since).total_seconds()
    return replace(handling, held_seconds=held_seconds, held_since=None)


def unhold(tx: Transaction, handling: Handling, now: datetime) -> Handling:
    """The caller hears the people again."""
    if handling.held_since is None:
        return handling
    tx.outbox.add_call_control(call_commands.hold(handling.call_sid, on=False), now)
    talking = end_hold(handling, now)
    tx.handlings.save(talking)
    return talking


def close(tx: Transaction, entry: QueueEntry, now: datetime, status: EntryStatus = EntryStatus.CLOSED) -> None:
    """The caller's place is over; a number to call back is erased with it."""
    if entry.kind is EntryKind.CALLBACK:
        tx.queue.erase_callback(entry.call_sid)
    tx.queue.save(replace(entry, status=status, for_agent=None, needs_senior=False, closed_at=now))


def requeue(
    tx: Transaction, entry: QueueEntry, now: datetime, *, for_agent: str | None = None, needs_senior: bool = False
) -> None:
    """The caller waits again, from now on but at the place of old; whoever is on the line goes back to the music."""
    tx.queue.save(
        replace(
            entry,
            status=EntryStatus.WAITING,
            entered_at=now,
            for_agent=for_agent,
            needs_senior=needs_senior,
            answered_by=None,
            answered_at=None,
            closed_at=None,
        )
    )
    if entry.kind is not EntryKind.CALLBACK:
        tx.outbox.add_call_control(call_commands.redirect(entry.call_sid), now)


def next_part_id(tx: Transaction, handling: Handling) -> str:
    """An identifier for one more part in a call; no part is ever taken away, so that their number is new every time."""
    return f"{handling.id}-{len(tx.handlings.of_call(handling.call_sid))}"


def ring_in(tx: Transaction, person: Agent, handling: Handling, now: datetime) -> None:
    """The person's phone, where there is one, rings and joins the conference for their part in the call."""
    if person.rung_at:
        tx.outbox.add_call_control(call_commands.ring(handling.call_sid, person, part=handling.id), now)


def send_away(tx: Transaction, name: str, call_sid: str, now: datetime) -> None:
    """The person's leg, where there is a phone, leaves the conference."""
    person = tx.people.find(name)
    if person and person.rung_at:
        tx.outbox.add_call_control(call_commands.drop(call_sid, person), now)


def supervising(tx: Transaction, call_sid: str) -> tuple[Presence, ...]:
    """The supervisors who are with this call."""
    everybody = tx.presences.all()
    return tuple(one for one in everybody if (part := supervision_of(one)) and part.call_sid == call_sid)
