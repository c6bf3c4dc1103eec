"""Everything that happened in a call, in order (`ivr.records.Timeline`, `floor.records.Timeline`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from callcenter.floor.calls import Happening
from data.documents import read_document, write_document
from data.engine import Connection, Row
from data.times import order_told, to_microseconds, to_moment

_ADD = """
    INSERT INTO timeline (call_sid, at, number, actor, kind, detail) VALUES (:call_sid, :at, :number, :actor, :kind, :detail)
"""
_OF_CALL = "SELECT call_sid, at, actor, kind, detail FROM timeline WHERE call_sid = :call_sid ORDER BY at, number"
_MOVE = "UPDATE timeline SET call_sid = :new_sid WHERE call_sid = :call_sid"


class TimelineTable:
    """The timeline of one open transaction. Adding reads nothing, so that nobody who adds stands in another's way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, call_sid: str, at: datetime, actor: str, kind: str, detail: Mapping[str, Any]) -> None:
        self._connection.run(
            _ADD,
            call_sid=call_sid,
            at=to_microseconds(at),
            number=next(order_told),
            actor=actor,
            kind=kind,
            detail=write_document(detail),
        )

    def of_call(self, call_sid: str) -> tuple[Happening, ...]:
        return tuple(map(_happening, self._connection.all(_OF_CALL, call_sid=call_sid)))

    def move(self, call_sid: str, new_sid: str) -> None:
        self._connection.run(_MOVE, call_sid=call_sid, new_sid=new_sid)


def _happening(row: Row) -> Happening:
    call_sid, at, actor, kind, detail = row
    return Happening(call_sid, to_moment(at), actor, kind, read_document(detail))
