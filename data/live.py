"""The floor at one moment (`floor.records.Live`), for the live pages: seven statements, a few times a second."""

from datetime import datetime

from callcenter.floor.calls import Snapshot
from data.call_log import CallLogTable
from data.cases import CasesTable
from data.engine import Connection
from data.handlings import HandlingsTable
from data.presences import PresencesTable
from data.queue import QueueTable
from data.requests import RequestsTable

_NEWEST_CASES = 8

_REASONS = """
    SELECT number, reason FROM cases WHERE number IN (
        SELECT case_number FROM queue_entries WHERE status = 'waiting'
        UNION SELECT case_number FROM handlings WHERE wrapped_at IS NULL
    )
    ORDER BY number
"""


class LiveTables:
    """Everything that moves, out of the tables of one open transaction."""

    def __init__(self, connection: Connection, queue: QueueTable) -> None:
        self._connection, self._queue = connection, queue

    def snapshot(self, now: datetime) -> Snapshot:
        return Snapshot(
            at=now,
            waiting=self._queue.waiting(),
            presences=PresencesTable(self._connection).all(),
            handlings=HandlingsTable(self._connection).unwrapped(),
            live=CallLogTable(self._connection).live(),
            reasons=dict(self._connection.all(_REASONS)),
            held_requests=RequestsTable(self._connection).count_held(),
            newest=CasesTable(self._connection).newest(_NEWEST_CASES),
        )
