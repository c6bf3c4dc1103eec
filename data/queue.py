"""The places in the queue (`floor.records.Queue`): who waits, in which order, and who has answered."""

from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken

from callcenter.floor.queue import EntryKind, EntryStatus, QueueEntry
from data.engine import Connection, Row
from data.times import to_microseconds, to_microseconds_if_any, to_moment, to_moment_if_any

_SELECT = """
    SELECT
        call_sid, case_number, kind, language, entered_at, place_at, status, queue_sid,
        for_agent, needs_senior, answered_by, answered_at, closed_at
    FROM queue_entries
"""
_FIND = f"{_SELECT} WHERE call_sid = :call_sid"
_WAITING = f"{_SELECT} WHERE status = 'waiting' ORDER BY place_at, entered_at, call_sid"
_ENTERED = f"{_SELECT} WHERE entered_at >= :since AND entered_at < :until ORDER BY entered_at, call_sid"
_OF_CASE = f"{_SELECT} WHERE case_number = :case_number ORDER BY entered_at DESC LIMIT 1"
_SAVE = """
    INSERT INTO queue_entries (
        call_sid, case_number, kind, language, entered_at, place_at, status, queue_sid,
        for_agent, needs_senior, answered_by, answered_at, closed_at
    )
    VALUES (
        :call_sid, :case_number, :kind, :language, :entered_at, :place_at, :status, :queue_sid,
        :for_agent, :needs_senior, :answered_by, :answered_at, :closed_at
    )
    ON CONFLICT (call_sid) DO UPDATE SET
        case_number = excluded.case_number, kind = excluded.kind, language = excluded.language,
        entered_at = excluded.entered_at, place_at = excluded.place_at, status = excluded.status,
        queue_sid = excluded.queue_sid, for_agent = excluded.for_agent, needs_senior = excluded.needs_senior,
        answered_by = excluded.answered_by, answered_at = excluded.answered_at, closed_at = excluded.closed_at,
        callback_number =
            CASE WHEN excluded.status IN ('waiting', 'answered') THEN queue_entries.callback_number ELSE NULL END
"""
_CLAIM = """
    UPDATE queue_entries SET status = 'answered', answered_by = :agent, answered_at = :at
    WHERE call_sid = :call_sid AND status = 'waiting'
"""
_SET_CALLBACK = "UPDATE queue_entries SET callback_number = :number WHERE call_sid = :call_sid"
_CALLBACK = "SELECT callback_number FROM queue_entries WHERE call_sid = :call_sid"
_ERASE_CALLBACK = "UPDATE queue_entries SET callback_number = NULL WHERE call_sid = :call_sid"
_MOVE = "UPDATE queue_entries SET call_sid = :new_sid WHERE call_sid = :call_sid"


class QueueTable:
    """The queue of one open transaction; `seal` encrypts the numbers to call back."""

    def __init__(self, connection: Connection, seal: Fernet) -> None:
        self._connection, self._seal = connection, seal

    def find(self, call_sid: str) -> QueueEntry | None:
        row = self._connection.one(_FIND + self._connection.hold_row, call_sid=call_sid)
        return _entry(row) if row else None

    def save(self, entry: QueueEntry) -> None:
        """Adds the entry or replaces the one of the same call; a place that is given up takes its callback number along."""
        self._connection.run(
            _SAVE,
            call_sid=entry.call_sid,
            case_number=entry.case_number,
            kind=entry.kind.value,
            language=entry.language,
            entered_at=to_microseconds(entry.entered_at),
            place_at=to_microseconds(entry.place_at),
            status=entry.status.value,
            queue_sid=entry.queue_sid,
            for_agent=entry.for_agent,
            needs_senior=int(entry.needs_senior),
            answered_by=entry.answered_by,
            answered_at=to_microseconds_if_any(entry.answered_at),
            closed_at=to_microseconds_if_any(entry.closed_at),
        )

    def waiting(self) -> tuple[QueueEntry, ...]:
        return tuple(map(_entry, self._connection.all(_WAITING)))

    def claim(self, call_sid: str, agent: str, at: datetime) -> bool:
        return self._connection.run(_CLAIM, call_sid=call_sid, agent=agent, at=to_microseconds(at)) == 1

    def of_case(self, case_number: str) -> QueueEntry | None:
        row = self._connection.one(_OF_CASE, case_number=case_number)
        return _entry(row) if row else None

    def entered_between(self, since: datetime, until: datetime) -> tuple[QueueEntry, ...]:
        """By time, those of `since` but not of `until`."""
        rows = self._connection.all(_ENTERED, since=to_microseconds(since), until=to_microseconds(until))
        return tuple(map(_entry, rows))

    def set_callback(self, call_sid: str, number: str) -> None:
        sealed = self._seal.encrypt(number.encode()).decode()
        self._connection.run(_SET_CALLBACK, call_sid=call_sid, number=sealed)

    def callback_number(self, call_sid: str) -> str | None:
        row = self._connection.one(_CALLBACK, call_sid=call_sid)
        try:
            return self._seal.decrypt(row[0]).decode() if row and row[0] else None
        except InvalidToken:  # written under other secrets: nobody can read it any more
            return None

    def erase_callback(self, call_sid: str) -> None:
        self._connection.run(_ERASE_CALLBACK, call_sid=call_sid)

    def move(self, call_sid: str, new_sid: str) -> None:
        self._connection.run(_MOVE, call_sid=call_sid, new_sid=new_sid)


def _entry(row: Row) -> QueueEntry:
    call_sid, case_number, kind, language, entered_at, place_at, status, queue_sid = row[:8]
    for_agent, needs_senior, answered_by, answered_at, closed_at = row[8:]
    return QueueEntry(
        call_sid=call_sid,
        case_number=case_number,
        kind=EntryKind(kind),
        language=language,
        entered_at=to_moment(entered_at),
        place_at=to_moment(place_at),
        status=EntryStatus(status),
        queue_sid=queue_sid,
        for_agent=for_agent,
        needs_senior=bool(needs_senior),
        answered_by=answered_by,
        answered_at=to_moment_if_any(answered_at),
        closed_at=to_moment_if_any(closed_at),
    )
