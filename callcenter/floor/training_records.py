"""What the trainer's desk works with: stories as people read them, simulated callers, steady traffic; and what keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from callcenter.floor import records


class Switch(StrEnum):
    """What a trainer switches on and off, by the name under which the switch is kept."""

    OUTAGE = "outage"
    CORRECTED_MEDIA = "corrected media"
    """Media handed out from now on are free of the fault of KB 824345 (row 87)."""
    MARK_CALLERS = "mark simulated callers"
    """Agents see on their desk that a caller is simulated, and what they would say."""


class RunStatus(StrEnum):
    """What has become of a simulated caller."""

    WANTED = "wanted"
    UNDER_WAY = "under way"
    ENDED = "ended"
    FAILED = "failed"
    STOPPED = "stopped"


OPEN = frozenset({RunStatus.WANTED, RunStatus.UNDER_WAY})


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be done for the caller of a story."""

    verify: bool
    reason: str
    wrap_ups: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class TrainingStory:
    """A story that simulated callers can play, as people read it; nothing is expected where the line does it all."""

    number: int
    title: str
    told: str
    caller: str
    organisation: str
    says: str
    computers: int
    expected: Expected | None


@dataclass(frozen=True, slots=True)
class Run:
    """One simulated caller. `agreement` is the one they speak for, `serial` the key made for them."""

    id: str
    story: int
    started_by: str
    wanted_at: datetime
    status: RunStatus = RunStatus.WANTED
    doing: str = ""
    call_sid: str | None = None
    serial: int | None = None
    agreement: str | None = None
    is_crowd: bool = False
    stop_wanted: bool = False
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the caller is still to call, or on the line."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Traffic:
    """Steady traffic: `per_hour` calls of these stories in turn; `sent` of them so far."""

    stories: tuple[int, ...]
    per_hour: int
    started_by: str
    since: datetime
    next_at: datetime
    sent: int = 0

    @property
    def pause(self) -> timedelta:
        """From one call to the next."""
        return timedelta(hours=1) / self.per_hour

    @property
    def next_story(self) -> int:
        """The story of the next call."""
        return self.stories[self.sent % len(self.stories)]


class Training(Protocol):
    """What is wanted and what has become of it."""

    def add(self, run: Run) -> None: ...
    def find(self, id: str) -> Run | None: ...
    def of_call(self, call_sid: str) -> Run | None: ...
    def open_runs(self) -> tuple[Run, ...]:
        """Those wanted or under way, the oldest first."""

    def newest(self, how_many: int) -> tuple[Run, ...]: ...
    def want_stop(self, ids: Sequence[str]) -> None: ...
    def claim(self, now: datetime, lease_seconds: float) -> Run | None:
        """The oldest that is wanted, under way from now on; or one whose player has died, whose lease has run out."""

    def renew(self, id: str, until: datetime) -> bool:
        """Goes on playing; False when the trainer wants it stopped."""

    def note(self, id: str, *, doing: str, call_sid: str | None, serial: int | None, agreement: str | None) -> None:
        """What the caller is doing now; None leaves what is known."""

    def end(self, id: str, status: RunStatus, doing: str, at: datetime) -> None: ...
    def mark_call(self, call_sid: str, story: int, at: datetime) -> None: ...
    def story_of_call(self, call_sid: str) -> int | None:
        """The story that a simulated call plays; None for people's calls."""

    def made(self, serial: int, at: datetime) -> None:
        """This key is made for training; its serial is never another's."""

    def take_away(self, before: datetime) -> int:
        """Callers who ended earlier, and the keys and agreements that were made earlier, with every request for them.

        What callers on the line have stays. Returns how many keys were taken away.
        """

    def traffic(self) -> Traffic | None: ...
    def set_traffic(self, traffic: Traffic | None) -> None: ...


class Switches(Protocol):
    """What somebody has switched on."""

    def is_on(self, name: str) -> bool: ...
    def set(self, name: str, is_on: bool, at: datetime) -> None: ...


class Transaction(records.Transaction, Protocol):
    """One open transaction that knows of training as well."""

    @property
    def training(self) -> Training: ...
    @property
    def switches(self) -> Switches: ...
