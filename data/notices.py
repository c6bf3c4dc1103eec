"""What the customers' contacts are told in the portal (`floor.records.Notices`)."""

from datetime import datetime

from activation.redaction import redact
from callcenter.floor.customers import Notice
from data.engine import Connection
from data.times import to_microseconds, to_moment

_ADD = "INSERT INTO notices (agreement, contact, sentence, at) VALUES (:agreement, :contact, :sentence, :at)"
_OF_AGREEMENT = "SELECT contact, sentence, at FROM notices WHERE agreement = :agreement ORDER BY at DESC"


class NoticesTable:
    """The notices of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, agreement: str, contact: str | None, sentence: str, at: datetime) -> None:
        self._connection.run(_ADD, agreement=agreement, contact=contact, sentence=redact(sentence), at=to_microseconds(at))

    def of_agreement(self, number: str) -> tuple[Notice, ...]:
        rows = self._connection.all(_OF_AGREEMENT, agreement=number)
        return tuple(Notice(contact, sentence, to_moment(at)) for contact, sentence, at in rows)
