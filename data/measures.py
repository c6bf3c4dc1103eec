"""What reports are computed from (`floor.records.Measures`): plain rows; every definition stands in `callcenter.floor`."""

from datetime import datetime, timedelta

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
_CASES = """
    SELECT opened_at, reason, call_sid FROM cases WHERE opened_at >= :since AND opened_at < :until ORDER BY opened_at, number
"""
_SIMULATED = "SELECT call_sid FROM simulated_calls WHERE marked_at >= :since AND marked_at < :until"

LONGEST_CALL = timedelta(days=2)
"""A call is marked when it begins; what happens in it may be asked for later."""


class MeasuresTables:
    """The facts of one open transaction."""

    def __init__(self, connection: Connection, queue: QueueTable) -> None:
        self._connection, self._queue = connection, queue

    def facts(self, since: datetime, until: datetime) -> Facts:
        """What people's calls came to; those of simulated callers are left out."""
        seen_until = until + REPEAT_WINDOW
        calls = tuple(map(_call, self._rows(_CALLS, since, seen_until)))
        entries = self._queue.entered_between(since, until)
        handlings = HandlingsTable(self._connection).answered_between(since, seen_until)
        cases = self._rows(_CASES, since, until)
        requests = RequestsTable(self._connection).asked_between(since, until)
        simulated = {sid for (sid,) in self._rows(_SIMULATED, since - LONGEST_CALL, seen_until)}
        return Facts(
            calls=tuple(each for each in calls if each.sid not in simulated),
            entries=tuple(each for each in entries if each.call_sid not in simulated),
            handlings=tuple(each for each in handlings if each.call_sid not in simulated),
            cases=tuple(CaseFact(to_moment(at), reason) for at, reason, sid in cases if sid not in simulated),
            requests=tuple(each for each in requests if each.call_sid not in simulated),
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
