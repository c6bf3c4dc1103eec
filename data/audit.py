"""The chain of console acts (`floor.records.AuditChain`): appended, never changed; only personal words can be erased."""

from callcenter.floor.audit import AuditEntry
from data.engine import Connection, Row, StorageError
from data.times import to_microseconds, to_moment

_SELECT = "SELECT number, at, actor, act, subject, detail, personal, personal_digest, previous, digest FROM audit"
_HEAD = f"{_SELECT} ORDER BY number DESC LIMIT 1"
_AFTER = f"{_SELECT} WHERE number > :number ORDER BY number LIMIT :limit"
_APPEND = """
    INSERT INTO audit (number, at, actor, act, subject, detail, personal, personal_digest, previous, digest)
    VALUES (:number, :at, :actor, :act, :subject, :detail, :personal, :personal_digest, :previous, :digest)
    ON CONFLICT DO NOTHING
"""
_KEEP_WORDS = "INSERT INTO audit_personal (reference, words) VALUES (:reference, :words)"
_WORDS = "SELECT words FROM audit_personal WHERE reference = :reference"
_ERASE_WORDS = "DELETE FROM audit_personal WHERE reference = :reference"


class AuditTable:
    """The chain of one open transaction. Two who append at one moment get one number; the database lets one of them through
    and the other's transaction runs again on the new head: at a number that its snapshot does not show, PostgreSQL may
    complain of the key or of the conflict, and with ON CONFLICT it is always the conflict, which is tried again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self) -> AuditEntry | None:
        row = self._connection.one(_HEAD + self._connection.hold_row)
        return _entry(row) if row else None

    def append(self, entry: AuditEntry, personal_text: str | None) -> None:
        appended = self._connection.run(
            _APPEND,
            number=entry.number,
            at=to_microseconds(entry.at),
            actor=entry.actor,
            act=entry.act,
            subject=entry.subject,
            detail=entry.detail,
            personal=entry.personal,
            personal_digest=entry.personal_digest,
            previous=entry.previous,
            digest=entry.digest,
        )
        if not appended:
            raise StorageError(f"Entry {entry.number} of the record was there already.")
        if entry.personal is not None and personal_text is not None:
            self._connection.run(_KEEP_WORDS, reference=entry.personal, words=personal_text)

    def after(self, number: int, limit: int) -> tuple[AuditEntry, ...]:
        return tuple(map(_entry, self._connection.all(_AFTER, number=number, limit=limit)))

    def newest(
        self, limit: int, *, subject: str | None = None, actor: str | None = None, act: str | None = None
    ) -> tuple[AuditEntry, ...]:
        wanted = {"subject": subject, "actor": actor, "act": act}
        filters = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(["1 = 1", *(f"{name} = :{name}" for name in filters)])
        rows = self._connection.all(f"{_SELECT} WHERE {where} ORDER BY number DESC LIMIT :limit", **filters, limit=limit)
        return tuple(map(_entry, rows))

    def personal_text(self, reference: str) -> str | None:
        row = self._connection.one(_WORDS, reference=reference)
        return str(row[0]) if row else None

    def erase_personal_text(self, reference: str) -> bool:
        return self._connection.run(_ERASE_WORDS, reference=reference) == 1


def _entry(row: Row) -> AuditEntry:
    number, at, *rest = row
    return AuditEntry(number, to_moment(at), *rest)
