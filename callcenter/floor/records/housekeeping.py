"""What stands behind every act: the record of acts, limits on attempts, and what is sent later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from callcenter.floor.audit import AuditEntry


class AuditChain(Protocol):
    """The append-only chain of console acts."""

    def head(self) -> AuditEntry | None:
        """The newest entry, held against other writers until the transaction ends."""

    def append(self, entry: AuditEntry, personal_text: str | None) -> None: ...
    def after(self, number: int, limit: int) -> tuple[AuditEntry, ...]:
        """Entries in order, from `number` + 1."""

    def newest(
        self, limit: int, *, subject: str | None = None, actor: str | None = None, act: str | None = None
    ) -> tuple[AuditEntry, ...]:
        """The newest entries first, of one subject, one actor, one act where that is asked for."""

    def personal_text(self, reference: str) -> str | None:
        """What is kept outside the chain; None once erased."""

    def erase_personal_text(self, reference: str) -> bool:
        """Erases it for good; the chain stays whole. False when there is nothing."""


class RateCounters(Protocol):
    """Counters that run out, shared by all workers (for limits on attempts)."""

    def increase(self, key: str, by: int, lasts_seconds: float, now: datetime) -> int:
        """The count after the increase; a counter that has run out starts again."""

    def count(self, key: str, now: datetime) -> int: ...
    def runs_out_at(self, key: str, now: datetime) -> datetime:
        """When the counter starts again; `now` for one that counts nothing."""

    def clear(self, key: str) -> None: ...
    def erase_run_out(self, now: datetime) -> int:
        """Erases every counter that has run out, for their names may hold addresses; returns how many."""


class Outbox(Protocol):
    """What the clerk sends or asks of the telephony side later; payloads are encrypted and erased once done."""

    def add_text_message(self, to: str, body: str, at: datetime) -> None: ...
    def add_call_control(self, command: Mapping[str, str], at: datetime) -> None:
        """One REST act on a call; see `callcenter.service.telephony` for the commands."""
