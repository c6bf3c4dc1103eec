"""What the conversation keeps and looks up, as protocols; `data/` implements them over one open transaction.

Phone numbers arrive here as keyed hashes. Times are UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a call has come, for lists and reports: the place, whether it was handed to a person, whether the caller got what
    they called for, how many groups had to be asked again, whether digits came and whether an activation was granted."""

    place: str
    handed_over: bool
    completed: bool
    reasked: int
    keyed: bool
    granted: bool


class Calls(Protocol):
    """The calls of the line."""

    def find(self, sid: str) -> CallRecord | None:
        """The call, held against other writers until the transaction ends."""

    def open(self, call: NewCall) -> bool:
        """Records a new call; False when a webhook that arrived at the same moment has recorded it already."""

    def save(self, record: CallRecord, progress: Progress, *, unfinished: bool, waiting: bool, at: datetime) -> None:
        """Keeps a turn. `unfinished`: worth resuming if it drops now; `waiting`: in the queue or to be called back, so that its
        state is kept even after the phone is down. The first moments of digits and of a grant are kept with it."""

    def close(self, sid: str, at: datetime) -> None:
        """Notes that the phone is down; nothing is erased yet, for the call may be resumed. The first time is kept."""

    def resumable(self, caller_hash: str, *, active_since: datetime, quiet_since: datetime) -> tuple[CallRecord, ...]:
        """The caller's unfinished calls with a turn after `active_since` that nobody waits with (no callback is booked) and
        that are closed, or had no turn after `quiet_since`."""

    def forget(self, sid: str) -> None:
        """Erases a call's state and answer and makes it finished: another call took over, or its time is up."""

    def forget_stale(self, before: datetime, waiting_before: datetime) -> int:
        """Forgets every call with state left that closed or (not waiting) had its last turn before `before`, and every waiting
        call without a turn since `waiting_before`; returns how many."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a person needs to go on with a call: why the line stopped (`reason`, a sentence key) and everything collected.

    `collected` never holds digits that did not authenticate; those stay in the state of the call. `serial` is of the key, where
    an authentic installation ID told it.
    """

    call_sid: str
    reason: str
    language: str
    collected: Mapping[str, Any]
    serial: int | None = None


class OpenedCase(Protocol):
    """What the line reads of a case again, when its caller is called back."""

    @property
    def call_sid(self) -> str: ...
    @property
    def language(self) -> str: ...


class Cases(Protocol):
    """Calls that the line hands to a person."""

    def open(self, case: NewCase, at: datetime) -> str:
        """Records the case and returns its number, six digits; a call that asks again for the very same keeps it."""

    def find(self, number: str) -> OpenedCase | None:
        """The case with this number."""


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


class Timeline(Protocol):
    """Everything that happened in a call, in order."""

    def add(self, call_sid: str, at: datetime, actor: str, kind: str, detail: Mapping[str, Any]) -> None:
        """One more happening. `detail` holds sentence keys, verdicts and counts; never a digit of an ID."""


class Whereabouts(StrEnum):
    """Where the people want a caller to be."""

    LINE = "line"
    QUEUE = "queue"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Standing:
    """A caller's place in the queue, from 1, and the expected wait in seconds (None: nobody can tell)."""

    position: int
    expected_seconds: int | None


Tx = TypeVar("Tx", contravariant=True)


class Floor(Protocol[Tx]):
    """The people, as the line sees them. Everything happens inside the turn's own transaction, so nothing is said that is not
    so."""

    def people(self, transaction: Tx, language: str, now: datetime) -> int:
        """How many people who speak the language are at their desks."""

    def enter(self, transaction: Tx, call_sid: str, case_number: str, language: str, now: datetime) -> None:
        """The caller waits from now on; who left the queue a moment ago, or was lost by an agent, has the old place again."""

    def leave(self, transaction: Tx, call_sid: str, now: datetime, *, hung_up: bool) -> None:
        """The caller waits no more, or is gone from the agent too."""

    def whereabouts(self, transaction: Tx, call_sid: str) -> Whereabouts:
        """Where the caller should be now."""

    def standing(self, transaction: Tx, call_sid: str, queue_sid: str, now: datetime) -> Standing | None:
        """The caller's place; `queue_sid` is noted, for the telephony side is asked by it."""

    def book_callback(self, transaction: Tx, call_sid: str, number: str, now: datetime) -> None:
        """The caller keeps the place without waiting on the line; `number` was given by consent."""

    def called_back(self, transaction: Tx, call_sid: str, new_sid: str, now: datetime) -> None:
        """The caller was reached: everything of the old call goes on under the new CallSid, and the number is erased."""


class Transaction(Protocol):
    """One open transaction over everything the line needs."""

    @property
    def timeline(self) -> Timeline: ...

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
