"""The people, as the line sees them (`ivr.records.Floor`): the floor's own functions, inside the turn's transaction."""

from dataclasses import dataclass
from datetime import datetime

from callcenter.floor import callers, switchboard
from callcenter.floor.queue import EntryKind, EntryStatus
from callcenter.floor.records import Transaction
from ivr.records import Standing, Whereabouts


@dataclass(frozen=True, slots=True)
class FloorForLine:
    """Tells the line where callers belong, and the floor what callers do."""

    def people(self, transaction: Transaction, language: str, now: datetime) -> int:
        return callers.staff(transaction, language).people

    def enter(self, transaction: Transaction, call_sid: str, case_number: str, language: str, now: datetime) -> None:
        callers.enter(transaction, call_sid, case_number, language, now)

    def leave(self, transaction: Transaction, call_sid: str, now: datetime, *, hung_up: bool) -> None:
        if hung_up:
            switchboard.caller_gone(transaction, call_sid, now)
        else:
            callers.leave(transaction, call_sid, now)

    def whereabouts(self, transaction: Transaction, call_sid: str) -> Whereabouts:
        entry = transaction.queue.find(call_sid)
        if entry is None or entry.kind is EntryKind.CALLBACK:  # who is to be called back waits at home
            return Whereabouts.LINE
        at = {EntryStatus.ANSWERED: Whereabouts.AGENT, EntryStatus.WAITING: Whereabouts.QUEUE}
        return at.get(entry.status, Whereabouts.LINE)

    def standing(self, transaction: Transaction, call_sid: str, queue_sid: str, now: datetime) -> Standing | None:
        standing = callers.standing(transaction, call_sid, queue_sid, now)
        return Standing(*standing) if standing else None

    def book_callback(self, transaction: Transaction, call_sid: str, number: str, now: datetime) -> None:
        callers.book_callback(transaction, call_sid, number, now)

    def called_back(self, transaction: Transaction, call_sid: str, new_sid: str, now: datetime) -> None:
        callers.called_back(transaction, call_sid, new_sid, now)
