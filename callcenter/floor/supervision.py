"""Supervisors in other people's calls: listening, coaching, barging in, taking over (E1.11); every use is on the record.

A supervisor is with one call at a time and answers none meanwhile. The call ends a supervisor's part when its agent's ends.
"""

from dataclasses import replace

from callcenter.floor import call_commands
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.call_commands import Mode
from callcenter.floor.desk_calls import (
    NOT_REACHED,
    DeskCall,
    next_part_id,
    note,
    owner_of,
    send_away,
    unhold,
    wrap_up_later,
)
from callcenter.floor.people import Agent, Availability
from callcenter.floor.presence import WHY_NOT_FREE, Supervision, become, presence_of, supervision_of
from callcenter.floor.queue import EntryKind, EntryStatus, Handling, Parting
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.transfers import coach_instead

NOT_ANSWERED = Refusal("supervision.not_answered", "No agent has this call now.")
YOUR_OWN = Refusal("supervision.own", "This is your own call.")
OTHER_CALL = Refusal("supervision.other_call", "You are with another call; leave it first.")
NOT_THERE = Refusal("supervision.none", "You are with nobody's call.")
NOBODY_TO_COACH = Refusal("supervision.nobody_to_coach", "The agent of this call has no phone, so nobody would hear you.")
NO_PHONE = Refusal("supervision.no_phone", "You have no phone to be rung on; set one in your profile first.")

_ACTS = {Mode.LISTEN: Act.LISTENED, Mode.COACH: Act.COACHED, Mode.TALK: Act.BARGED_IN}


def listen(tx: Transaction, acting: Acting, call_sid: str) -> Supervision | Refusal:
    """The supervisor hears everybody and is heard by nobody."""
    return _attend(tx, acting, call_sid, Mode.LISTEN)


def coach(tx: Transaction, acting: Acting, call_sid: str) -> Supervision | Refusal:
    """The supervisor hears everybody and is heard by the agent alone."""
    return _attend(tx, acting, call_sid, Mode.COACH)


def barge(tx: Transaction, acting: Acting, call_sid: str) -> Supervision | Refusal:
    """The supervisor talks with agent and caller."""
    return _attend(tx, acting, call_sid, Mode.TALK)


def leave(tx: Transaction, acting: Acting, call_sid: str) -> Supervision | Refusal:
    """The supervisor leaves the call, and is offline until saying otherwise."""
    supervision = supervision_of(presence_of(tx, acting.agent.name, acting.now))
    if supervision is None or supervision.call_sid != call_sid:
        return NOT_THERE
    become(tx, acting.agent.name, Availability.OFFLINE, acting.now)
    send_away(tx, acting.agent.name, call_sid, acting.now)
    note(tx, acting, call_sid, Act.LEFT_CALL)
    return supervision


def take_over(tx: Transaction, acting: Acting, call_sid: str) -> Handling | Refusal:
    """The call is the supervisor's from now on; the agent has only the wrap-up left, a consulted colleague stays."""
    call = _call_of_other(tx, acting, call_sid)
    if isinstance(call, Refusal):
        return call
    was_there = supervision_of(presence_of(tx, acting.agent.name, acting.now)) is not None
    loser = call.handling.agent
    wrap_up_later(tx, unhold(tx, call.handling, acting.now), Parting.TAKEN_OVER, acting.now)
    tx.queue.save(replace(call.entry, answered_by=acting.agent.name))
    become(tx, acting.agent.name, Availability.ON_CALL, acting.now)
    handling = Handling(next_part_id(tx, call.handling), call_sid, call.entry.case_number, acting.agent.name, acting.now)
    tx.handlings.add(handling)
    _come_in(tx, acting, call_sid, Mode.TALK, was_there=was_there)
    send_away(tx, loser, call_sid, acting.now)
    coach_instead(tx, acting, call_sid, acting.agent.name)
    note(tx, acting, call_sid, Act.TOOK_OVER, {"from": loser})
    return handling


def _attend(tx: Transaction, acting: Acting, call_sid: str, mode: Mode) -> Supervision | Refusal:
    call = _call_of_other(tx, acting, call_sid)
    if isinstance(call, Refusal):
        return call
    if not acting.agent.rung_at:
        return NO_PHONE
    agent = tx.people.find(call.handling.agent)
    if mode is Mode.COACH and not (agent and agent.rung_at):
        return NOBODY_TO_COACH
    before = supervision_of(presence_of(tx, acting.agent.name, acting.now))
    wanted = Supervision(mode, call_sid)
    if before == wanted:
        return wanted
    become(tx, acting.agent.name, Availability.SUPERVISING, acting.now, wanted.reason)
    _come_in(tx, acting, call_sid, mode, was_there=before is not None, coached=agent)
    note(tx, acting, call_sid, _ACTS[mode], {"agent": call.handling.agent})
    return wanted


def _call_of_other(tx: Transaction, acting: Acting, call_sid: str) -> DeskCall | Refusal:
    """The answered call of another agent, if this supervisor is free to join it."""
    presence = presence_of(tx, acting.agent.name, acting.now)
    supervision = supervision_of(presence)
    if supervision and supervision.call_sid != call_sid:
        return OTHER_CALL
    entry = tx.queue.find(call_sid)
    if entry is None or entry.status is not EntryStatus.ANSWERED:
        return NOT_ANSWERED
    if entry.answered_by == acting.agent.name:
        return YOUR_OWN
    if presence.availability in (Availability.ON_CALL, Availability.WRAP_UP):
        return WHY_NOT_FREE[presence.availability]
    return NOT_REACHED if entry.kind is EntryKind.CALLBACK else DeskCall(owner_of(tx, entry), entry)


def _come_in(
    tx: Transaction, acting: Acting, call_sid: str, mode: Mode, *, was_there: bool, coached: Agent | None = None
) -> None:
    join = call_commands.change_mode if was_there else call_commands.ring
    if acting.agent.rung_at:
        tx.outbox.add_call_control(join(call_sid, acting.agent, mode, coached if mode is Mode.COACH else None), acting.now)
