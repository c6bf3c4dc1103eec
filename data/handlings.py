"""The agents' times with calls (`floor.records.Handlings`)."""

from datetime import datetime

from activation.redaction import redact
from callcenter.floor.queue import Handling, Parting
from data.engine import Connection, Row
from data.times import to_microseconds, to_microseconds_if_any, to_moment, to_moment_if_any

_SELECT = """
    SELECT
        id, call_sid, case_number, agent, answered_at, held_microseconds, held_since,
        parted_at, parting, wrapped_at, outcome, note, follow_up
    FROM handlings
"""
_OPEN_OF_AGENT = f"{_SELECT} WHERE agent = :agent AND wrapped_at IS NULL"
_OF_CALL = f"{_SELECT} WHERE call_sid = :call_sid ORDER BY answered_at, id"
_TALKING = f"{_SELECT} WHERE wrapped_at IS NULL AND parted_at IS NULL ORDER BY answered_at, id"
_UNWRAPPED = f"{_SELECT} WHERE wrapped_at IS NULL ORDER BY answered_at, id"
_ANSWERED = f"{_SELECT} WHERE answered_at >= :since AND answered_at < :until ORDER BY answered_at, id"
_RECENT = """
    SELECT wrapped_at - answered_at FROM handlings WHERE wrapped_at IS NOT NULL ORDER BY wrapped_at DESC LIMIT :newest
"""
_ADD = """
    INSERT INTO handlings (
        id, call_sid, case_number, agent, answered_at, held_microseconds, held_since,
        parted_at, parting, wrapped_at, outcome, note, follow_up
    )
    VALUES (
        :id, :call_sid, :case_number, :agent, :answered_at, :held_microseconds, :held_since,
        :parted_at, :parting, :wrapped_at, :outcome, :note, :follow_up
    )
"""
_SAVE = """
    UPDATE handlings SET
        call_sid = :call_sid, case_number = :case_number, agent = :agent, answered_at = :answered_at,
        held_microseconds = :held_microseconds, held_since = :held_since, parted_at = :parted_at, parting = :parting,
        wrapped_at = :wrapped_at, outcome = :outcome, note = :note, follow_up = :follow_up
    WHERE id = :id
"""


class HandlingsTable:
    """The handlings of one open transaction. The database lets nobody have two that are not wrapped up."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, handling: Handling) -> None:
        self._connection.run(_ADD, **_values(handling))

    def save(self, handling: Handling) -> None:
        """Replaces everything but the `id`; a callback goes on under its own CallSid."""
        self._connection.run(_SAVE, **_values(handling))

    def open_of_agent(self, agent: str) -> Handling | None:
        row = self._connection.one(_OPEN_OF_AGENT + self._connection.hold_row, agent=agent)
        return _handling(row) if row else None

    def of_call(self, call_sid: str) -> tuple[Handling, ...]:
        return tuple(map(_handling, self._connection.all(_OF_CALL, call_sid=call_sid)))

    def talking(self) -> tuple[Handling, ...]:
        return tuple(map(_handling, self._connection.all(_TALKING)))

    def unwrapped(self) -> tuple[Handling, ...]:
        """Every one that is not over, wrap-up included, by the time of the answer."""
        return tuple(map(_handling, self._connection.all(_UNWRAPPED)))

    def answered_between(self, since: datetime, until: datetime) -> tuple[Handling, ...]:
        """By time, those of `since` but not of `until`."""
        rows = self._connection.all(_ANSWERED, since=to_microseconds(since), until=to_microseconds(until))
        return tuple(map(_handling, rows))

    def recent_seconds(self, newest: int) -> tuple[float, ...]:
        return tuple(microseconds / 1_000_000 for (microseconds,) in self._connection.all(_RECENT, newest=newest))


def _handling(row: Row) -> Handling:
    id, call_sid, case_number, agent, answered_at, held_microseconds, held_since = row[:7]
    parted_at, parting, wrapped_at, outcome, note, follow_up = row[7:]
    return Handling(
        id=id,
        call_sid=call_sid,
        case_number=case_number,
        agent=agent,
        answered_at=to_moment(answered_at),
        held_seconds=held_microseconds / 1_000_000,
        held_since=to_moment_if_any(held_since),
        parted_at=to_moment_if_any(parted_at),
        parting=Parting(parting) if parting else None,
        wrapped_at=to_moment_if_any(wrapped_at),
        outcome=outcome,
        note=note,
        follow_up=follow_up,
    )


def _values(handling: Handling) -> dict[str, object]:
    return {
        "id": handling.id,
        "call_sid": handling.call_sid,
        "case_number": handling.case_number,
        "agent": handling.agent,
        "answered_at": to_microseconds(handling.answered_at),
        "held_microseconds": round(handling.held_seconds * 1_000_000),
        "held_since": to_microseconds_if_any(handling.held_since),
        "parted_at": to_microseconds_if_any(handling.parted_at),
        "parting": handling.parting.value if handling.parting else None,
        "wrapped_at": to_microseconds_if_any(handling.wrapped_at),
        "outcome": handling.outcome,
        "note": redact(handling.note),
        "follow_up": redact(handling.follow_up),
    }
