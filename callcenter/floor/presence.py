"""What an agent is doing, and how that changes: by the agent's own wish here, by calls in `switchboard`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType

from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act
from callcenter.floor.call_commands import Mode
from callcenter.floor.people import Agent, Availability, Presence
from callcenter.floor.permissions import Action, may
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal


class BreakReason(StrEnum):
    """Why somebody is not at the desk."""

    MEAL = "meal"
    REST = "short break"
    TRAINING = "training"
    MEETING = "meeting"
    BACK_OFFICE = "work without calls"


BREAK_REASONS = tuple(BreakReason)


@dataclass(frozen=True, slots=True)
class Supervision:
    """A supervisor's part in another agent's call; kept as the reason of being `SUPERVISING`, so that every page can see it."""

    mode: Mode
    call_sid: str

    @property
    def reason(self) -> str:
        """As a presence keeps it."""
        return f"{self.mode} {self.call_sid}"


def supervision_of(presence: Presence) -> Supervision | None:
    """Whose call a supervisor is with, and how; None for everybody else."""
    if presence.availability is not Availability.SUPERVISING:
        return None
    mode, _, call_sid = presence.reason.partition(" ")
    return Supervision(Mode(mode), call_sid)


SERVES_NO_CALLS = Refusal(
    "presence.role", "Your role does not serve calls; agents, senior agents and supervisors do.", HTTPStatus.FORBIDDEN
)
NO_BREAK_REASON = Refusal(
    "presence.break_reason", f"Choose what the break is for: {', '.join(BREAK_REASONS)}.", HTTPStatus.UNPROCESSABLE_ENTITY
)
NOT_CHOSEN = Refusal(
    "presence.not_chosen",
    "Choose available, break or offline; the rest follows from your calls.",
    HTTPStatus.UNPROCESSABLE_ENTITY,
)

WHY_NOT_FREE: Mapping[Availability, Refusal] = MappingProxyType(
    {
        Availability.ON_CALL: Refusal("presence.on_call", "You are on a call; finish it first."),
        Availability.WRAP_UP: Refusal("presence.wrap_up", "Your last call has no wrap-up code yet; give it one first."),
        Availability.BREAK: Refusal("presence.on_break", "You are on a break; say that you are available first."),
        Availability.OFFLINE: Refusal("presence.offline", "You are offline; say that you are available first."),
        Availability.SUPERVISING: Refusal("presence.supervising", "You are with another agent's call; leave it first."),
    }
)
"""What somebody hears who wants a call and cannot have one."""


def presence_of(tx: Transaction, agent: str, now: datetime) -> Presence:
    """What the agent is doing, held until the transaction ends; who was never there is offline."""
    return tx.presences.find(agent) or Presence(agent, Availability.OFFLINE, "", now, now)


def become(tx: Transaction, agent: str, availability: Availability, now: datetime, reason: str = "") -> Presence:
    """The agent does something else from now on."""
    presence = Presence(agent, availability, reason, since=now, seen_at=now)
    tx.presences.set(presence)
    return presence


def be_free(tx: Transaction, agent: str, now: datetime) -> Presence:
    """The agent is done with a call: the break asked for meanwhile begins, or the agent is available."""
    wished = presence_of(tx, agent, now).reason
    return become(tx, agent, Availability.BREAK if wished else Availability.AVAILABLE, now, wished)


def set_availability(tx: Transaction, acting: Acting, wanted: Availability, reason: str) -> Presence | Refusal:
    """The agent's own wish. During a call a break is noted and begins after wrap-up, being available withdraws it, and going
    offline is refused."""
    if refusal := _fault(acting.agent, wanted, reason):
        return refusal
    reason = reason if wanted is Availability.BREAK else ""
    before = presence_of(tx, acting.agent.name, acting.now)
    if (before.availability, before.reason) == (wanted, reason):
        return before
    after = _next(before, wanted, reason, acting.now)
    if isinstance(after, Presence):
        tx.presences.set(after)
        detail = {"before": before.availability.value, "wanted": wanted.value, "reason": reason}
        record(tx, acting, Act.SET_AVAILABILITY, f"agent/{acting.agent.name}", detail)
    return after


def _next(before: Presence, wanted: Availability, reason: str, now: datetime) -> Presence | Refusal:
    is_busy = before.availability in (Availability.ON_CALL, Availability.WRAP_UP)
    is_about_break = wanted is Availability.BREAK or (wanted is Availability.AVAILABLE and before.reason != "")
    if is_busy and is_about_break:
        return Presence(before.agent, before.availability, reason, before.since, now)
    if is_busy or before.availability is Availability.SUPERVISING:
        return WHY_NOT_FREE[before.availability]
    return Presence(before.agent, wanted, reason, now, now)


def _fault(agent: Agent, wanted: Availability, reason: str) -> Refusal | None:
    if wanted not in (Availability.AVAILABLE, Availability.BREAK, Availability.OFFLINE):
        return NOT_CHOSEN
    if not may(agent.role, Action.SERVE_CALLS):
        return SERVES_NO_CALLS
    return NO_BREAK_REASON if wanted is Availability.BREAK and reason not in BREAK_REASONS else None
