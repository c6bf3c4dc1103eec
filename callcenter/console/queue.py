"""The live parts that agents see everywhere: their own state and call, the callers who wait, the requests that are held."""

from dataclasses import dataclass
from datetime import datetime

from callcenter.console.fragments import Scene, fragment
from callcenter.console.reasons import reason_for
from callcenter.floor.people import Agent, Availability, Presence
from callcenter.floor.permissions import Action, may
from callcenter.floor.presence import BREAK_REASONS
from callcenter.floor.queue import Handling, QueueEntry
from callcenter.floor.waiting import may_answer, order_for


@dataclass(frozen=True, slots=True)
class Bar:
    """An agent's state, own call, and how many callers wait for the agent."""

    availability: Availability
    reason: str
    since: datetime | None
    handling: Handling | None
    why: str
    waiting: int
    longest_since: datetime | None
    target_seconds: int
    break_reasons: tuple[str, ...] = tuple(reason.value for reason in BREAK_REASONS)

    @property
    def is_free(self) -> bool:
        """Whether the agent can take a call."""
        return self.availability is Availability.AVAILABLE


@dataclass(frozen=True, slots=True)
class Waiting:
    """One caller in the queue, as one agent sees it; `why_not` says why this agent may not answer."""

    position: int
    entry: QueueEntry
    why: str
    kept_for: str
    why_not: str


@dataclass(frozen=True, slots=True)
class QueueList:
    """Everybody who waits, in order."""

    rows: tuple[Waiting, ...]
    target_seconds: int
    may_serve: bool
    can_answer: bool
    """Whether who looks is free for a call."""


@fragment("bar", Action.SERVE_CALLS)
def bar(scene: Scene) -> Bar:
    """The agent's own state and call."""
    presence, handling = presence_of(scene, scene.agent.name), handling_of(scene, scene.agent.name)
    mine = order_for(scene.agent, scene.snapshot.waiting)
    return Bar(
        availability=presence.availability if presence else Availability.OFFLINE,
        reason=presence.reason if presence else "",
        since=presence.since if presence else None,
        handling=handling,
        why=why(scene, handling.case_number) if handling else "",
        waiting=len(mine),
        longest_since=min((entry.entered_at for entry in mine), default=None),
        target_seconds=scene.centre.policy.answer_target_seconds,
    )


@fragment("queue", Action.SEE_CALLS)
def queue(scene: Scene) -> QueueList:
    """Everybody who waits, and whom of them this agent may answer."""
    presence = presence_of(scene, scene.agent.name)
    return QueueList(
        rows=tuple(_row(scene, position, entry) for position, entry in enumerate(scene.snapshot.waiting, start=1)),
        target_seconds=scene.centre.policy.answer_target_seconds,
        may_serve=may(scene.agent.role, Action.SERVE_CALLS),
        can_answer=presence is not None and presence.availability is Availability.AVAILABLE,
    )


@fragment("approvals", Action.SEE_CUSTOMERS)
def approvals(scene: Scene) -> int:
    """How many requests wait for a second person."""
    return scene.snapshot.held_requests


def presence_of(scene: Scene, agent: str) -> Presence | None:
    """What somebody is doing; None for who was never there."""
    return next((presence for presence in scene.snapshot.presences if presence.agent == agent), None)


def handling_of(scene: Scene, agent: str) -> Handling | None:
    """Somebody's call that is not wrapped up yet."""
    return next((handling for handling in scene.snapshot.handlings if handling.agent == agent), None)


def why(scene: Scene, case_number: str) -> str:
    """Why a call came to a person, in a few words."""
    return reason_for(scene.snapshot.reasons.get(case_number, "")).short


def _row(scene: Scene, position: int, entry: QueueEntry) -> Waiting:
    kept_for = scene.glance.full_name(entry.for_agent) if entry.for_agent else "a senior agent" if entry.needs_senior else ""
    return Waiting(position, entry, why(scene, entry.case_number), kept_for, _why_not(entry, scene.agent, kept_for))


def _why_not(entry: QueueEntry, agent: Agent, kept_for: str) -> str:
    if may_answer(entry, agent) or not may(agent.role, Action.SERVE_CALLS):
        return ""
    return "not yours" if kept_for else f"needs {entry.language}"
