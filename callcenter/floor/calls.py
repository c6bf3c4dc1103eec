"""Calls as the people of the floor see them: cases, what happened, and the line of a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callcenter.floor.people import Presence
from callcenter.floor.queue import Handling, QueueEntry


@dataclass(frozen=True, slots=True)
class Case:
    """A call handed to a person: why the line stopped (`reason`, a sentence key), what was `collected`, the `answers` to the
    agents' guided questions. `serial` is the key's, where an authentic installation ID told it."""

    number: str
    call_sid: str
    reason: str
    language: str
    collected: Mapping[str, Any]
    opened_at: datetime
    serial: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a call's timeline: who did what. `detail` holds sentence keys, verdicts, counts; never a digit of an ID."""

    call_sid: str
    at: datetime
    actor: str
    kind: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call as lists show it: nothing personal but the hint (two digits of the caller's number)."""

    sid: str
    caller_hint: str
    number_dialled: str
    started_at: datetime
    closed_at: datetime | None
    place: str
    """Where the conversation stands; empty once erased."""
    case_number: str | None


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as the list of the newest shows it; `reason` is a sentence key."""

    number: str
    reason: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole floor at one moment, for live pages. Snapshots are equal when a page made of them would look the same: neither
    the moment nor an agent's sign of life counts."""

    at: datetime = field(compare=False)
    waiting: tuple[QueueEntry, ...]
    """Everybody who waits, in order."""
    presences: tuple[Presence, ...]
    """What the agents are doing, by name; who was never there has none."""
    handlings: tuple[Handling, ...]
    """The agents' calls that are not wrapped up yet, by the time of the answer; those with `parted_at` are in wrap-up."""
    live: tuple[CallSummary, ...]
    """The calls whose phone is not down, by start."""
    reasons: Mapping[str, str]
    """Why the line stopped (a sentence key), by case number, for everybody in `waiting` and `handlings`."""
    held_requests: int
    """How many requests wait for a second person."""
    newest: tuple[OpenedCase, ...]
    """The newest cases, newest first, whether their callers wait still or not."""
