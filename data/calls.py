"""The calls of the line (`ivr.records.Calls`). A turn costs one SELECT and one UPDATE; the rest happens once a call."""

from datetime import datetime

from data.engine import Connection, Row
from data.times import to_microseconds
from ivr.records import CallRecord, NewCall, Progress

_FIND = "SELECT sid, turn, state, answer FROM calls WHERE sid = :sid"
_OPEN = """
    INSERT INTO calls (
        sid, caller_hash, caller_hint, number_dialled, started_at, turn, state, answer, kept, unfinished, waiting, last_turn_at
    )
    VALUES (:sid, :caller_hash, :caller_hint, :number_dialled, :at, 0, '', '', 0, 0, 0, :at)
    ON CONFLICT DO NOTHING
"""
_SAVE = """
    UPDATE calls SET
        turn = :turn, state = :state, answer = :answer, kept = 1,
        unfinished = :unfinished, waiting = :waiting, last_turn_at = :at,
        place = :place, handed_over = :handed_over, completed = :completed, reasked = :reasked,
        keyed_at = coalesce(keyed_at, :keyed_at), granted_at = coalesce(granted_at, :granted_at)
    WHERE sid = :sid
"""
_CLOSE = "UPDATE calls SET closed_at = :at WHERE sid = :sid AND closed_at IS NULL"
_RESUMABLE = """
    SELECT sid, turn, state, answer FROM calls
    WHERE caller_hash = :caller_hash AND kept = 1 AND unfinished = 1 AND last_turn_at > :active_since
    AND waiting = 0 AND (closed_at IS NOT NULL OR last_turn_at <= :quiet_since)
    ORDER BY last_turn_at DESC
"""
_FORGET = "UPDATE calls SET state = '', answer = '', kept = 0, unfinished = 0, waiting = 0"
_STALE = """
    WHERE kept = 1
    AND (
        (waiting = 0 AND (closed_at < :before OR last_turn_at < :before))
        OR (waiting = 1 AND last_turn_at < :waiting_before)
    )
"""


class CallsTable:
    """The calls of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, sid: str) -> CallRecord | None:
        row = self._connection.one(_FIND + self._connection.hold_row, sid=sid)
        return _record(row) if row else None

    def open(self, call: NewCall) -> bool:
        inserted = self._connection.run(
            _OPEN,
            sid=call.sid,
            caller_hash=call.caller_hash,
            caller_hint=call.caller_hint,
            number_dialled=call.number_dialled,
            at=to_microseconds(call.started_at),
        )
        return inserted == 1

    def save(self, record: CallRecord, progress: Progress, *, unfinished: bool, waiting: bool, at: datetime) -> None:
        moment = to_microseconds(at)
        self._connection.run(
            _SAVE,
            sid=record.sid,
            turn=record.turn,
            state=record.state.decode(),
            answer=record.answer,
            unfinished=int(unfinished),
            waiting=int(waiting),
            at=moment,
            place=progress.place,
            handed_over=int(progress.handed_over),
            completed=int(progress.completed),
            reasked=progress.reasked,
            keyed_at=moment if progress.keyed else None,
            granted_at=moment if progress.granted else None,
        )

    def close(self, sid: str, at: datetime) -> None:
        self._connection.run(_CLOSE, sid=sid, at=to_microseconds(at))

    def resumable(self, caller_hash: str, *, active_since: datetime, quiet_since: datetime) -> tuple[CallRecord, ...]:
        rows = self._connection.all(
            _RESUMABLE,
            caller_hash=caller_hash,
            active_since=to_microseconds(active_since),
            quiet_since=to_microseconds(quiet_since),
        )
        return tuple(_record(row) for row in rows)

    def forget(self, sid: str) -> None:
        self._connection.run(_FORGET + " WHERE sid = :sid", sid=sid)

    def forget_stale(self, before: datetime, waiting_before: datetime) -> int:
        return self._connection.run(
            _FORGET + _STALE, before=to_microseconds(before), waiting_before=to_microseconds(waiting_before)
        )


def _record(row: Row) -> CallRecord:
    sid, turn, state, answer = row
    return CallRecord(sid, turn, state.encode(), answer)
