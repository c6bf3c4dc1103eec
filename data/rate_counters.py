"""Counters that run out, shared by all workers (`floor.records.RateCounters`)."""

from datetime import datetime, timedelta

from data.engine import Connection
from data.times import to_microseconds, to_moment

_INCREASE = """
    INSERT INTO rate_counters (name, count, runs_out_at) VALUES (:name, :by, :runs_out_at)
    ON CONFLICT (name) DO UPDATE SET
        count = CASE WHEN rate_counters.runs_out_at > :now THEN rate_counters.count ELSE 0 END + excluded.count,
        runs_out_at = CASE WHEN rate_counters.runs_out_at > :now THEN rate_counters.runs_out_at ELSE excluded.runs_out_at END
    RETURNING count
"""
_FIND = "SELECT count, runs_out_at FROM rate_counters WHERE name = :name AND runs_out_at > :now"
_CLEAR = "DELETE FROM rate_counters WHERE name = :name"
_ERASE_RUN_OUT = "DELETE FROM rate_counters WHERE runs_out_at <= :now"


class RateCountersTable:
    """The counters of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def increase(self, key: str, by: int, lasts_seconds: float, now: datetime) -> int:
        """The count after the increase, in one statement; a counter that has run out starts again."""
        runs_out_at = to_microseconds(now + timedelta(seconds=lasts_seconds))
        row = self._connection.one(_INCREASE, name=key, by=by, runs_out_at=runs_out_at, now=to_microseconds(now))
        assert row is not None  # the row that was written
        return int(row[0])

    def count(self, key: str, now: datetime) -> int:
        row = self._connection.one(_FIND, name=key, now=to_microseconds(now))
        return int(row[0]) if row else 0

    def runs_out_at(self, key: str, now: datetime) -> datetime:
        """When the counter starts again: `now` for one that counts nothing."""
        row = self._connection.one(_FIND, name=key, now=to_microseconds(now))
        return to_moment(row[1]) if row else now

    def clear(self, key: str) -> None:
        self._connection.run(_CLEAR, name=key)

    def erase_run_out(self, now: datetime) -> int:
        return self._connection.run(_ERASE_RUN_OUT, now=to_microseconds(now))
