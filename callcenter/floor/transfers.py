"""Passing a caller on: cold (the caller waits for somebody else) and warm (a colleague is consulted first)."""

from dataclasses import replace
from http import HTTPStatus

from callcenter.floor import call_commands
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.call_commands import Mode
from callcenter.floor.desk_calls import (
    NO_CALL,
    DeskCall,
    consulted_in,
    end_consultation_of,
    entry_of,
    name_of,
    next_part_id,
    note,
    own_call,
    owner_of,
    part,
    reached_call,
    requeue,
    ring_in,
    send_away,
    supervising,
    unhold,
    wrap_up_later,
)
from callcenter.floor.people import Agent, Availability
from callcenter.floor.permissions import Action, may
from callcenter.floor.presence import become, presence_of, supervision_of
from callcenter.floor.queue import Handling, Parting
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal

NO_TARGET = Refusal(
    "calls.no_target", "Choose a colleague or the senior agents to transfer to.", HTTPStatus.UNPROCESSABLE_ENTITY
)
YOURSELF = Refusal("calls.yourself", "That is you; choose somebody else.", HTTPStatus.UNPROCESSABLE_ENTITY)
NO_COLLEAGUE = Refusal(
    "calls.no_colleague", "Nobody with this name serves calls here; choose a colleague.", HTTPStatus.UNPROCESSABLE_ENTITY
)
NO_SENIOR = Refusal("calls.no_senior", "No other senior agent or supervisor is at the desk now.")
NOBODY_CONSULTED = Refusal("calls.nobody_consulted", "You are not consulting anybody.")
CONSULTING_ALREADY = Refusal("calls.consulting", "You are consulting a colleague already; end that consultation first.")


def transfer(tx: Transaction, acting: Acting, *, to_agent: str | None, to_seniors: bool) -> Handling | Refusal:
    """Cold: the caller waits for a colleague, or for any senior agent, at the place of old."""
    call = own_call(tx, acting.agent)
    if isinstance(call, Refusal):
        return call
    if refusal := _target_fault(tx, acting, to_agent, to_seniors):
        return refusal
    handling = part(tx, call, Parting.TRANSFERRED, acting.now)
    requeue(tx, call.entry, acting.now, for_agent=to_agent or None, needs_senior=not to_agent)
    note(tx, acting, call.entry.call_sid, Act.TRANSFERRED, {"to": to_agent or "senior agents"})
    return handling


def consult(tx: Transaction, acting: Acting, other: str) -> Handling | Refusal:
    """Warm: the caller is put on hold and a free colleague is rung in, who has a part in the call from now on."""
    call = reached_call(tx, acting.agent)
    if isinstance(call, Refusal):
        return call
    if consulted_in(tx, call.entry):
        return CONSULTING_ALREADY
    colleague = _colleague(tx, acting, other)
    if isinstance(colleague, Refusal):
        return colleague
    if presence_of(tx, colleague.name, acting.now).availability is not Availability.AVAILABLE:
        return _not_free(tx, acting, colleague)
    _bring_in(tx, acting, call, colleague)
    note(tx, acting, call.entry.call_sid, Act.CONSULTED, {"colleague": colleague.name})
    return _held(tx, acting, call.handling)


def complete_transfer(tx: Transaction, acting: Acting) -> Handling | Refusal:
    """The consulted colleague has the caller from now on; the supervisors who are there stay."""
    call = own_call(tx, acting.agent)
    if isinstance(call, Refusal):
        return call
    consulted = consulted_in(tx, call.entry)
    if consulted is None:
        return NOBODY_CONSULTED
    handling = wrap_up_later(tx, unhold(tx, call.handling, acting.now), Parting.TRANSFERRED, acting.now)
    tx.queue.save(replace(call.entry, answered_by=consulted.agent))
    send_away(tx, acting.agent.name, call.entry.call_sid, acting.now)
    coach_instead(tx, acting, call.entry.call_sid, consulted.agent)
    note(tx, acting, call.entry.call_sid, Act.TRANSFER_COMPLETED, {"to": consulted.agent})
    return handling


def end_consultation(tx: Transaction, acting: Acting) -> Handling | Refusal:
    """Either of the two ends the consultation; the caller hears the agent again."""
    own = tx.handlings.open_of_agent(acting.agent.name)
    if own is None or own.parted_at is not None:
        return NO_CALL
    entry = entry_of(tx, own.call_sid)
    consulted = consulted_in(tx, entry)
    if consulted is None:
        return NOBODY_CONSULTED
    end_consultation_of(tx, consulted, acting.now)
    send_away(tx, consulted.agent, entry.call_sid, acting.now)
    note(tx, acting, entry.call_sid, Act.CONSULTATION_ENDED, {"colleague": consulted.agent})
    return unhold(tx, owner_of(tx, entry), acting.now)


def coach_instead(tx: Transaction, acting: Acting, call_sid: str, agent: str) -> None:
    """Whoever coached the agent before coaches this one now."""
    coached = tx.people.find(agent)
    for presence in supervising(tx, call_sid):
        part, supervisor = supervision_of(presence), tx.people.find(presence.agent)
        if part and part.mode is Mode.COACH and supervisor and coached:
            command = call_commands.change_mode(call_sid, supervisor, Mode.COACH, coached)
            tx.outbox.add_call_control(command, acting.now)


def _bring_in(tx: Transaction, acting: Acting, call: DeskCall, colleague: Agent) -> None:
    become(tx, colleague.name, Availability.ON_CALL, acting.now)
    part_id, case_number = next_part_id(tx, call.handling), call.entry.case_number
    consulted = Handling(part_id, call.entry.call_sid, case_number, colleague.name, acting.now)
    tx.handlings.add(consulted)
    ring_in(tx, colleague, consulted, acting.now)


def _held(tx: Transaction, acting: Acting, handling: Handling) -> Handling:
    if handling.held_since is not None:
        return handling
    held = replace(handling, held_since=acting.now)
    tx.handlings.save(held)
    tx.outbox.add_call_control(call_commands.hold(held.call_sid, on=True), acting.now)
    return held


def _target_fault(tx: Transaction, acting: Acting, to_agent: str | None, to_seniors: bool) -> Refusal | None:
    if to_agent:
        colleague = _colleague(tx, acting, to_agent)
        if isinstance(colleague, Refusal):
            return colleague
        is_away = presence_of(tx, colleague.name, acting.now).availability is Availability.OFFLINE
        return _not_free(tx, acting, colleague) if is_away else None
    if not to_seniors:
        return NO_TARGET
    return None if _is_senior_there(tx, acting) else NO_SENIOR


def _is_senior_there(tx: Transaction, acting: Acting) -> bool:
    at_work = {one.agent for one in tx.presences.all() if one.availability is not Availability.OFFLINE}
    seniors = (agent for agent in tx.people.all() if may(agent.role, Action.HANDLE_EXCEPTIONS) and not agent.is_disabled)
    return any(agent.name in at_work for agent in seniors if agent.name != acting.agent.name)


def _colleague(tx: Transaction, acting: Acting, name: str) -> Agent | Refusal:
    if name == acting.agent.name:
        return YOURSELF
    agent = tx.people.find(name)
    if agent is None or agent.is_disabled or not may(agent.role, Action.SERVE_CALLS):
        return NO_COLLEAGUE
    return agent


def _not_free(tx: Transaction, acting: Acting, colleague: Agent) -> Refusal:
    doing = presence_of(tx, colleague.name, acting.now).availability
    return Refusal("calls.colleague_busy", f"{name_of(tx, colleague.name)} is {_DOING[doing]} now.")


_DOING = {
    Availability.AVAILABLE: "available",
    Availability.ON_CALL: "on a call",
    Availability.WRAP_UP: "wrapping up a call",
    Availability.BREAK: "on a break",
    Availability.OFFLINE: "offline",
    Availability.SUPERVISING: "supervising a call",
}
