"""Calls that the line hands to a person (`ivr.records.Cases`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activation.redaction import redact
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment
from ivr.records import NewCase

_FIRST_NUMBER = 100001

_KNOWN = "SELECT number FROM cases WHERE call_sid = :call_sid AND reason = :reason AND collected = :collected"
_LAST_NUMBER = "SELECT max(number) FROM cases"
_OPEN = """
    INSERT INTO cases (number, call_sid, reason, language, collected, opened_at)
    VALUES (:number, :call_sid, :reason, :language, :collected, :at)
"""
_FIND = "SELECT number, call_sid, reason, language, collected, opened_at FROM cases WHERE number = :number"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is stored."""

    number: str
    call_sid: str
    reason: str
    language: str
    collected: Mapping[str, Any]
    opened_at: datetime


class CasesTable:
    """The cases of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, case: NewCase, at: datetime) -> str:
        collected = json.dumps(_redacted(case.collected), ensure_ascii=False)  # an agent and an export read this
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
        )
        return number

    def find(self, number: str) -> Case | None:
        """The case with this number (six digits)."""
        row = self._connection.one(_FIND, number=number)
        return _case(row) if row else None

    def _next_number(self) -> str:
        row = self._connection.one(_LAST_NUMBER)
        return str(int(row[0]) + 1) if row and row[0] else str(_FIRST_NUMBER)


def _redacted(value: Any) -> Any:
    """The value with foreign keys removed from every text in it."""
    match value:
        case str():
            return redact(value)
        case Mapping():
            return {name: _redacted(each) for name, each in value.items()}
        case list() | tuple():
            return [_redacted(each) for each in value]
    return value


def _case(row: Row) -> Case:
    number, call_sid, reason, language, collected, opened_at = row
    return Case(number, call_sid, reason, language, json.loads(collected), to_moment(opened_at))
