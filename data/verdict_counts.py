"""Counts of verdicts by day and kind, for statistics (`activation.desk.Ledger.tally`); nothing personal in them (row 25)."""

from datetime import date
from threading import get_native_id

from activation.claims import Door
from activation.tally import Tally
from data.engine import Connection, Row

_SHARDS = 16
_COUNT = """
    INSERT INTO verdict_counts (day, door, channel, product, country, code, shard, count)
    VALUES (:day, :door, :channel, :product, :country, :code, :shard, 1)
    ON CONFLICT (day, door, channel, product, country, code, shard) DO UPDATE SET count = verdict_counts.count + 1
"""
_BETWEEN = """
    SELECT day, door, channel, product, country, code, sum(count) FROM verdict_counts
    WHERE day >= :first AND day <= :last GROUP BY day, door, channel, product, country, code
    ORDER BY day, door, channel, product, country, code
"""


class VerdictCountsTable:
    """The counts of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, tally: Tally) -> None:
        """One more. Threads that decide at the same moment count in different rows, so that none has to try again."""
        self._connection.run(
            _COUNT,
            day=tally.day.isoformat(),
            door=tally.door.value,
            channel=tally.channel,
            product=tally.product,
            country=tally.country,
            code=tally.code,
            shard=get_native_id() % _SHARDS,
        )

    def between(self, first: date, last: date) -> tuple[tuple[Tally, int], ...]:
        """Every kind of verdict with its count, from the first day to the last, both included."""
        rows = self._connection.all(_BETWEEN, first=first.isoformat(), last=last.isoformat())
        return tuple(map(_counted, rows))


def _counted(row: Row) -> tuple[Tally, int]:
    day, door, channel, product, country, code, count = row
    return Tally(date.fromisoformat(day), Door(door), channel, product, country, code), int(count)
