"""The order of the queue as each agent may serve it, and how long a caller may expect to wait."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from callcenter.floor.people import Agent, Availability, Presence
from callcenter.floor.permissions import Action, may
from callcenter.floor.queue import QueueEntry

SHORT_WAIT_SECONDS = 60
"""Less than a minute, in the words of the line."""
_AT_DESK = (Availability.AVAILABLE, Availability.ON_CALL, Availability.WRAP_UP)


@dataclass(frozen=True, slots=True)
class Staff:
    """How many people are at their desks for a caller: free to answer, and busy with another call."""

    free: int
    busy: int

    @property
    def people(self) -> int:
        """All of them."""
        return self.free + self.busy


def may_answer(entry: QueueEntry, agent: Agent) -> bool:
    """Whether this agent may answer this caller: kept for somebody, for seniors, or for whoever speaks the language."""
    if not _serves(agent):
        return False
    if entry.for_agent:
        return entry.for_agent == agent.name
    if entry.needs_senior and not may(agent.role, Action.HANDLE_EXCEPTIONS):
        return False
    return entry.language in agent.languages


def order_for(agent: Agent, entries: Iterable[QueueEntry]) -> tuple[QueueEntry, ...]:
    """The callers this agent may answer, the next one first: those kept for the agent, then everybody by place."""
    answerable = (entry for entry in entries if may_answer(entry, agent))
    return tuple(sorted(answerable, key=lambda entry: (entry.for_agent is None, entry.place_at, entry.call_sid)))


def position(entries: Iterable[QueueEntry], entry: QueueEntry) -> int:
    """The caller's place, from 1, among those who wait for people of the same language."""
    mine = (entry.place_at, entry.call_sid)
    return 1 + sum(other.language == entry.language and (other.place_at, other.call_sid) < mine for other in entries)


def staff_for(language: str, agents: Iterable[Agent], presences: Iterable[Presence]) -> Staff:
    """Who is at the desks and speaks the language; people on a break count no more than those who went home."""
    speakers = {agent.name for agent in agents if _serves(agent) and language in agent.languages}
    at_desk = [one.availability for one in presences if one.agent in speakers and one.availability in _AT_DESK]
    free = at_desk.count(Availability.AVAILABLE)
    return Staff(free, len(at_desk) - free)


def expected_wait_seconds(position: int, people: int, recent_seconds: Sequence[float], *, free: int = 0) -> int | None:
    """Seconds until the caller at `position` is answered, as far as anybody can tell (None: nobody can).

    `recent_seconds` are recent handle times: people who take that long on average answer one caller each in that time. As
    many callers as there are `free` people are next at once.
    """
    if people < 1:
        return None
    behind = max(0, position - free)
    if not behind:
        return 0
    return ceil(behind * sum(recent_seconds) / len(recent_seconds) / people) if recent_seconds else None


def is_belied(expected_seconds: int | None, waited_seconds: float) -> bool:
    """Whether less than a minute is expected for a caller who has waited longer: people who are free do not answer, and to be
    told so again and again helps nobody."""
    return expected_seconds is not None and expected_seconds < SHORT_WAIT_SECONDS < waited_seconds


def _serves(agent: Agent) -> bool:
    return not agent.is_disabled and may(agent.role, Action.SERVE_CALLS)
