"""What the activation web service has answered, for requests that arrive again (`callcenter.service.activation.records`).

An answer may hold confirmation IDs: it is sealed like the outbox's payloads, and its request is known by a digest of its id.
"""

from datetime import datetime

from cryptography.fernet import Fernet

from data.engine import Connection
from data.times import to_microseconds

_FIND = "SELECT sealed FROM web_answers WHERE request = :request AND part = :part"
_KEEP = "INSERT INTO web_answers (request, part, sealed, answered_at) VALUES (:request, :part, :sealed, :at)"
_ERASE = "DELETE FROM web_answers WHERE answered_at < :before"


class WebAnswersTable:
    """The kept answers of one open transaction."""

    def __init__(self, connection: Connection, seal: Fernet) -> None:
        self._connection, self._seal = connection, seal

    def find(self, request: str, part: int) -> bytes | None:
        """What a part of this request was answered. Raises InvalidToken when it was sealed under other secrets."""
        row = self._connection.one(_FIND, request=request, part=part)
        return self._seal.decrypt(row[0]) if row else None

    def keep(self, request: str, part: int, answer: bytes, at: datetime) -> None:
        """Keeps what a part of this request is answered; it was looked for in this transaction and not found."""
        sealed = self._seal.encrypt(answer).decode()
        self._connection.run(_KEEP, request=request, part=part, sealed=sealed, at=to_microseconds(at))

    def erase_before(self, moment: datetime) -> int:
        """Erases every answer older than that; returns how many there were."""
        return self._connection.run(_ERASE, before=to_microseconds(moment))
