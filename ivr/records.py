"""What the conversation keeps and looks up, as protocols; `data/` implements them over one open transaction.

Phone numbers arrive here as keyed hashes. Times are UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from activation.desk import Ledger

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call at its first webhook. `caller_hash` is None for withheld numbers; `caller_hint` is the last two digits."""

    sid: str
    caller_hash: str | None
    caller_hint: str
    number_dialled: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call between two turns: the turn expected next, the state (JSON) and the TwiML last given; empty once erased."""

    sid: str
    turn: int
    state: bytes
    answer: str


class Calls(Protocol):
    """The calls of the line."""

    def find(self, sid: str) -> CallRecord | None:
        """The call, held against other writers until the transaction ends."""

    def open(self, call: NewCall) -> bool:
        """Records a new call; False when a webhook that arrived at the same moment has recorded it already."""

    def save(self, record: CallRecord, *, unfinished: bool, waiting: bool, at: datetime) -> None:
        """Keeps a turn. `unfinished`: worth resuming if it drops now; `waiting`: in the queue, so not abandoned."""

    def close(self, sid: str, at: datetime) -> None:
        """Notes that the phone is down; nothing is erased yet, for the call may be resumed. The first time is kept."""

    def resumable(self, caller_hash: str, *, active_since: datetime, quiet_since: datetime) -> tuple[CallRecord, ...]:
        """The caller's unfinished calls with a turn after `active_since` that are closed, or neither wait in the queue nor
        had a turn after `quiet_since`."""

    def forget(self, sid: str) -> None:
        """Erases a call's state and answer and makes it finished: another call took over, or its time is up."""

    def forget_stale(self, before: datetime, waiting_before: datetime) -> int:
        """Forgets every call with state left that closed or (not waiting) had its last turn before `before`, and every waiting
        call without a turn since `waiting_before`; returns how many."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a person needs to go on with a call: why the line stopped (`reason`, a sentence key) and everything collected.

    `collected` never holds digits that did not authenticate; those stay in the call's own state.
    """

    call_sid: str
    reason: str
    language: str
    collected: Mapping[str, Any]


class Cases(Protocol):
    """Calls that the line hands to a person."""

    def open(self, case: NewCase, at: datetime) -> str:
        """Records the case and returns its number, six digits; a call that asks again for the very same keeps it."""


@dataclass(frozen=True, slots=True)
class VolumeGroup:
    """One MAK of an agreement: the product group's short name and title, and its count."""

    name: str
    title: str
    allowed: int
    used: int


@dataclass(frozen=True, slots=True)
class VolumeAgreement:
    """An active volume agreement and its MAKs, by product group in a stable order."""

    number: str
    groups: tuple[VolumeGroup, ...]


class Agreements(Protocol):
    """The volume agreements."""

    def find(self, number: str) -> VolumeAgreement | None:
        """The active agreement with this number (solid digits)."""


class Outbox(Protocol):
    """What is to be said to the outside world later, by the clerk; a REST call never sits inside a turn's transaction."""

    def add_text_message(self, to: str, body: str, at: datetime) -> None:
        """Queues one text message; number and body are kept encrypted and erased once sent."""


class Transaction(Protocol):
    """One open transaction over everything the line needs."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def calls(self) -> Calls: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def outbox(self) -> Outbox: ...


class Store(Protocol):
    """The database."""

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in one serialisable transaction and commits; on a conflict again, so `work` has no other effects."""

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` on one consistent picture of the database without holding up writers; it cannot write."""
