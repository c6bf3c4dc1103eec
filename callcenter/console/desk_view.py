"""Everything a call's page shows, as values: what the caller gave, why the line stopped, the key, the risks."""

from dataclasses import dataclass
from datetime import datetime

from activation.confirmation_id import BLOCK_LETTERS
from callcenter.console.reasons import Reason
from callcenter.floor.calls import CallSummary, Case, Happening
from callcenter.floor.customers import Agreement, Contact, Passed
from callcenter.floor.key_facts import KeyFacts
from callcenter.floor.keys import Host
from callcenter.floor.queue import Handling, QueueEntry
from callcenter.floor.requests import Change, Request, RequestStatus
from callcenter.floor.signals import Signal
from ivr.state import State

_TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group of the installation ID on the pad: its place, its length, and how it stands. Never its digits."""

    number: int
    length: int
    accepted: bool
    failures: int

    @property
    def verdict(self) -> str:
        """`accepted`, `failed` or empty, for the page's colours."""
        return "accepted" if self.accepted else "failed" if self.failures else ""

    @property
    def words(self) -> str:
        """How the group stands, in words."""
        failed = f"failed {_TIMES.get(self.failures, f'{self.failures} times')}" if self.failures else ""
        if self.accepted:
            return f"accepted, after it {failed}" if failed else "accepted"
        return failed or "missing"


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """An earlier call about the same key."""

    number: str
    opened_at: datetime
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller already asked the line for: agreement keyed, product group, how many more."""

    agreement: str = ""
    group: str = ""
    group_name: str = ""
    add: int | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """One call on its page. `handling` is the reader's own open part in it; `holder` is whoever had it last.

    `agreement` is the one the caller told and that was found (`has_told_agreement`), else the one behind the key.
    """

    case: Case
    reason: Reason
    summary: CallSummary | None
    entry: QueueEntry | None
    handling: Handling | None
    holder: Handling | None
    state: State | None
    groups: tuple[GroupLine, ...]
    product: str
    key: KeyFacts | None
    wanted: Wanted
    agreement: Agreement | None
    has_told_agreement: bool
    agreement_keys: tuple[KeyFacts, ...]
    contacts: tuple[Contact, ...]
    passes: tuple[Passed, ...]
    signals: tuple[Signal, ...]
    requests: tuple[Request, ...]
    earlier: tuple[EarlierCase, ...]
    hosts: tuple[Host, ...]
    happenings: tuple[Happening, ...]

    @property
    def is_mine(self) -> bool:
        """Whether the reader has this call on the line, or still has to wrap it up."""
        return self.handling is not None

    @property
    def is_talking(self) -> bool:
        """Whether the reader is with the caller now."""
        return self.handling is not None and self.handling.parted_at is None

    @property
    def is_gone(self) -> bool:
        """Whether the caller's phone is down."""
        return self.summary is not None and self.summary.closed_at is not None

    @property
    def is_complete(self) -> bool:
        """Whether every group is there."""
        return self.state is not None and self.state.entry.is_complete

    @property
    def is_authentic(self) -> bool:
        """Whether the installation ID is whole and genuine."""
        return self.is_complete and self.state is not None and self.state.entry.authentic

    @property
    def whole_words(self) -> str:
        """How the installation ID stands as a whole."""
        if self.is_authentic:
            return "This is a genuine installation ID."
        missing = sum(not group.accepted for group in self.groups)
        return (
            f"{missing} of {len(self.groups)} groups to go." if missing else "Every group is there, but not genuine together."
        )

    @property
    def has_confirmation(self) -> bool:
        """Whether a confirmation ID has been issued in this call and not been taken down yet."""
        return self.state is not None and self.state.readback is not None and not self.state.accepted

    @property
    def blocks(self) -> tuple[str, ...]:
        """The letters of the confirmation ID's blocks."""
        readback = self.state.readback if self.state else None
        return tuple(BLOCK_LETTERS[: len(readback.blocks)]) if readback else ()

    @property
    def waited_seconds(self) -> float | None:
        """From entering the queue to the answer."""
        entry = self.entry
        return (entry.answered_at - entry.entered_at).total_seconds() if entry and entry.answered_at else None

    @property
    def held_request(self) -> Request | None:
        """The newest change of this call that waits for a second person."""
        return next((each for each in self.requests if each.status is RequestStatus.HELD), None)

    @property
    def exception(self) -> Request | None:
        """The newest exception asked for in this call."""
        return next((each for each in self.requests if each.change is Change.EXCEPTION), None)
