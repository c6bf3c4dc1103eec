"""Calls that the line hands to a person (`ivr.records.Cases`), as the floor works on them (`floor.records.Cases`)."""

from collections.abc import Mapping
from datetime import datetime

from callcenter.floor.calls import Case, OpenedCase
from data.documents import read_document, write_document
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment
from ivr.records import NewCase

_FIRST_NUMBER = 100001

_KNOWN = "SELECT number FROM cases WHERE call_sid = :call_sid AND reason = :reason AND collected = :collected"
_LAST_NUMBER = "SELECT max(number) FROM cases"
_OPEN = """
    INSERT INTO cases (number, call_sid, reason, language, collected, opened_at, serial)
    VALUES (:number, :call_sid, :reason, :language, :collected, :at, :serial)
"""
_SELECT = "SELECT number, call_sid, reason, language, collected, opened_at, serial, answers FROM cases"
_FIND = f"{_SELECT} WHERE number = :number"
_NEWEST = "SELECT number, reason, opened_at FROM cases ORDER BY number DESC LIMIT :newest"
_OF_CALL = f"{_SELECT} WHERE call_sid = :call_sid ORDER BY opened_at DESC, number DESC LIMIT 1"
_OF_KEY = f"{_SELECT} WHERE serial = :serial ORDER BY opened_at DESC, number DESC LIMIT :newest"
_SAVE_ANSWERS = "UPDATE cases SET answers = :answers WHERE number = :number"
_MOVE = "UPDATE cases SET call_sid = :new_sid WHERE call_sid = :call_sid"


class CasesTable:
    """The cases of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, case: NewCase, at: datetime) -> str:
        collected = write_document(case.collected)
        known = self._connection.one(_KNOWN, call_sid=case.call_sid, reason=case.reason, collected=collected)
        if known:
            return str(known[0])
        number = self._next_number()
        self._connection.run(
            _OPEN,
            number=number,
            call_sid=case.call_sid,
            reason=case.reason,
            language=case.language,
            collected=collected,
            at=to_microseconds(at),
            serial=case.serial,
        )
        return number

    def find(self, number: str) -> Case | None:
        """The case with this number (six digits)."""
        row = self._connection.one(_FIND, number=number)
        return _case(row) if row else None

    def of_call(self, call_sid: str) -> Case | None:
        row = self._connection.one(_OF_CALL, call_sid=call_sid)
        return _case(row) if row else None

    def of_key(self, serial: int, newest: int) -> tuple[Case, ...]:
        return tuple(map(_case, self._connection.all(_OF_KEY, serial=serial, newest=newest)))

    def newest(self, count: int) -> tuple[OpenedCase, ...]:
        rows = self._connection.all(_NEWEST, newest=count)
        return tuple(OpenedCase(number, reason, to_moment(opened_at)) for number, reason, opened_at in rows)

    def save_answers(self, number: str, answers: Mapping[str, str]) -> None:
        self._connection.run(_SAVE_ANSWERS, number=number, answers=write_document(answers))

    def move(self, call_sid: str, new_sid: str) -> None:
        self._connection.run(_MOVE, call_sid=call_sid, new_sid=new_sid)

    def _next_number(self) -> str:
        row = self._connection.one(_LAST_NUMBER)
        return str(int(row[0]) + 1) if row and row[0] else str(_FIRST_NUMBER)


def _case(row: Row) -> Case:
    number, call_sid, reason, language, collected, opened_at, serial, answers = row
    return Case(
        number, call_sid, reason, language, read_document(collected), to_moment(opened_at), serial, read_document(answers)
    )
