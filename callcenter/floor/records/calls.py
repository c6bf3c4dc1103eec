"""Calls and cases: the line's calls, the queue, agents' times with calls, what happened, and the floor at one moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from callcenter.floor.calls import CallSummary, Case, Happening, OpenedCase, Snapshot
from callcenter.floor.facts import Facts
from callcenter.floor.queue import Handling, QueueEntry


class CallLog(Protocol):
    """The calls of the line, for people to look at."""

    def live(self) -> tuple[CallSummary, ...]:
        """Every call that is not closed and not given up as silent, by start."""

    def summary(self, sid: str) -> CallSummary | None: ...


class Queue(Protocol):
    """The places in the queue; the database owns the order."""

    def find(self, call_sid: str) -> QueueEntry | None:
        """Held against other writers until the transaction ends."""

    def save(self, entry: QueueEntry) -> None:
        """Adds the entry or replaces the one of the same call."""

    def waiting(self) -> tuple[QueueEntry, ...]:
        """Everybody who waits, in order."""

    def claim(self, call_sid: str, agent: str, at: datetime) -> bool:
        """Gives a waiting entry to an agent, in one statement; False when somebody else was faster or it is gone."""

    def of_case(self, case_number: str) -> QueueEntry | None:
        """The latest entry of a case."""

    def set_callback(self, call_sid: str, number: str) -> None:
        """Keeps the number to call back, encrypted."""

    def callback_number(self, call_sid: str) -> str | None:
        """The number to call back, while it is kept."""

    def erase_callback(self, call_sid: str) -> None: ...
    def move(self, call_sid: str, new_sid: str) -> None:
        """The callback is a call of its own: the entry goes on under its CallSid."""


class Handlings(Protocol):
    """The agents' times with calls."""

    def add(self, handling: Handling) -> None: ...
    def save(self, handling: Handling) -> None:
        """Replaces everything but the `id`; a callback goes on under its own CallSid."""

    def open_of_agent(self, agent: str) -> Handling | None:
        """The one that is not wrapped up yet."""

    def of_call(self, call_sid: str) -> tuple[Handling, ...]:
        """By time of the answer."""

    def talking(self) -> tuple[Handling, ...]:
        """Every one that has not parted."""

    def recent_seconds(self, newest: int) -> tuple[float, ...]:
        """From answer to wrap-up's end, of the newest finished ones."""


class Cases(Protocol):
    """Calls handed to a person."""

    def find(self, number: str) -> Case | None: ...
    def of_call(self, call_sid: str) -> Case | None:
        """The latest case of a call."""

    def of_key(self, serial: int, newest: int) -> tuple[Case, ...]:
        """The key's newest cases, newest first."""

    def newest(self, count: int) -> tuple[OpenedCase, ...]:
        """Newest first."""

    def save_answers(self, number: str, answers: Mapping[str, str]) -> None: ...
    def move(self, call_sid: str, new_sid: str) -> None:
        """A callback goes on under its own CallSid."""


class Timeline(Protocol):
    """Everything that happened in a call, in order."""

    def add(self, call_sid: str, at: datetime, actor: str, kind: str, detail: Mapping[str, Any]) -> None:
        """One more happening of the call."""

    def of_call(self, call_sid: str) -> tuple[Happening, ...]: ...
    def move(self, call_sid: str, new_sid: str) -> None:
        """A callback goes on under its own CallSid."""


class Live(Protocol):
    """The floor as the live pages show it."""

    def snapshot(self, now: datetime) -> Snapshot:
        """Everything at once, cheap enough to be asked for several times a second."""


class Measures(Protocol):
    """What reports are computed from."""

    def facts(self, since: datetime, until: datetime) -> Facts:
        """What happened from `since` on and before `until`; `Facts` says by which moment of each row."""
