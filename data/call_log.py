"""The calls of the line as people look at them (`floor.records.CallLog`): never their state, never a number."""

from callcenter.floor.calls import CallSummary
from data.engine import Connection, Row
from data.times import to_moment, to_moment_if_any

_SELECT = """
    SELECT
        sid, caller_hint, number_dialled, started_at, closed_at, CASE WHEN kept = 1 THEN place ELSE '' END,
        (SELECT max(number) FROM cases WHERE cases.call_sid = calls.sid)
    FROM calls
"""
_LIVE = f"{_SELECT} WHERE closed_at IS NULL AND kept = 1 ORDER BY started_at, sid"
_FIND = f"{_SELECT} WHERE sid = :sid"


class CallLogTable:
    """The log of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def live(self) -> tuple[CallSummary, ...]:
        """Every call whose phone is not known to be down; what has had no turn for long is forgotten by the clerk."""
        return tuple(map(_summary, self._connection.all(_LIVE)))

    def summary(self, sid: str) -> CallSummary | None:
        row = self._connection.one(_FIND, sid=sid)
        return _summary(row) if row else None


def _summary(row: Row) -> CallSummary:
    sid, caller_hint, number_dialled, started_at, closed_at, place, case_number = row
    return CallSummary(sid, caller_hint, number_dialled, to_moment(started_at), to_moment_if_any(closed_at), place, case_number)
