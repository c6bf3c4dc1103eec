"""What reports are computed from (`floor.records.Measures`): plain rows; every definition stands in `callcenter.floor`."""

from datetime import datetime

from callcenter.floor.facts import REPEAT_WINDOW, CallFact, CaseFact, Facts
from data.engine import Connection, Row
from data.handlings import HandlingsTable
from data.queue import QueueTable
from data.requests import RequestsTable
from data.times import to_microseconds, to_moment, to_moment_if_any

_CALLS = """
    SELECT
        sid, caller_hash, started_at, closed_at, place, handed_over, completed, reasked, keyed_at, granted_at
    FROM calls WHERE started_at >= :since AND started_at < :until ORDER BY started_at, sid
"""
_CASES = "SELECT opened_at, reason FROM cases WHERE opened_at >= :since AND opened_at < :until ORDER BY opened_at, number"


class MeasuresTables:
    """The facts of one open transaction."""

    def __init__(self, connection: Connection, queue: QueueTable) -> None:
        self._connection, self._queue = connection, queue

    def facts(self, since: datetime, until: datetime) -> Facts:
        seen_until = until + REPEAT_WINDOW
        return Facts(
            calls=tuple(map(_call, self._rows(_CALLS, since, seen_until))),
            entries=self._queue.entered_between(since, until),
            handlings=HandlingsTable(self._connection).answered_between(since, seen_until),
            cases=tuple(CaseFact(to_moment(at), reason) for at, reason in self._rows(_CASES, since, until)),
            requests=RequestsTable(self._connection).asked_between(since, until),
        )

    def _rows(self, statement: str, since: datetime, until: datetime) -> list[Row]:
        return self._connection.all(statement, since=to_microseconds(since), until=to_microseconds(until))


def _call(row: Row) -> CallFact:
    sid, caller_hash, started_at, closed_at, place, handed_over, completed, reasked, keyed_at, granted_at = row
    return CallFact(
        sid=sid,
        caller_hash=caller_hash,
        started_at=to_moment(started_at),
        closed_at=to_moment_if_any(closed_at),
        place=place,
        handed_over=bool(handed_over),
        completed=bool(completed),
        reasked=reasked,
        keyed_at=to_moment_if_any(keyed_at),
        granted_at=to_moment_if_any(granted_at),
    )
