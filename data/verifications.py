"""How callers were verified (`floor.records.Verifications`): one-time codes, failed attempts, methods passed."""

from datetime import datetime

from callcenter.floor.customers import Passed
from data.engine import Connection
from data.times import to_microseconds, to_moment

_ADD_CODE = """
    INSERT INTO one_time_codes (agreement, contact, code_hash, expires_at)
    VALUES (:agreement, :contact, :code_hash, :expires_at)
    ON CONFLICT (agreement, contact) DO UPDATE SET
        code_hash = excluded.code_hash, expires_at = excluded.expires_at, used_at = NULL
"""
_USE_CODE = """
    UPDATE one_time_codes SET used_at = :at
    WHERE agreement = :agreement AND contact = :contact AND code_hash = :code_hash AND used_at IS NULL AND expires_at > :at
"""
_FAILED = "INSERT INTO failed_attempts (scope, at) VALUES (:scope, :at)"
_FAILURES = "SELECT count(*) FROM failed_attempts WHERE scope = :scope AND at >= :since"
_CLEAR = "DELETE FROM failed_attempts WHERE scope = :scope"
_PASSED = """
    INSERT INTO verifications (case_number, agreement, contact, method, at)
    VALUES (:case_number, :agreement, :contact, :method, :at)
"""
_PASSES = "SELECT agreement, contact, method, at FROM verifications WHERE case_number = :case_number ORDER BY at"


class VerificationsTable:
    """The verifications of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_code(self, agreement: str, contact: str, code_hash: str, expires_at: datetime) -> None:
        """Keeps the contact's new code; the one before is void."""
        self._connection.run(
            _ADD_CODE, agreement=agreement, contact=contact, code_hash=code_hash, expires_at=to_microseconds(expires_at)
        )

    def use_code(self, agreement: str, contact: str, code_hash: str, at: datetime) -> bool:
        used = self._connection.run(
            _USE_CODE, agreement=agreement, contact=contact, code_hash=code_hash, at=to_microseconds(at)
        )
        return used == 1

    def failed(self, scope: str, at: datetime) -> None:
        self._connection.run(_FAILED, scope=scope, at=to_microseconds(at))

    def failures(self, scope: str, since: datetime) -> int:
        row = self._connection.one(_FAILURES, scope=scope, since=to_microseconds(since))
        return int(row[0]) if row else 0

    def clear(self, scope: str) -> None:
        self._connection.run(_CLEAR, scope=scope)

    def passed(self, case_number: str, agreement: str, contact: str, method: str, at: datetime) -> None:
        self._connection.run(
            _PASSED, case_number=case_number, agreement=agreement, contact=contact, method=method, at=to_microseconds(at)
        )

    def passes(self, case_number: str) -> tuple[Passed, ...]:
        """By time."""
        rows = self._connection.all(_PASSES, case_number=case_number)
        return tuple(Passed(agreement, contact, method, to_moment(at)) for agreement, contact, method, at in rows)
