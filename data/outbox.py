"""What is to be said to the outside world later (`ivr.records.Outbox`), and how the clerk takes it out: by lease.

A payload is encrypted under the instance's payload key and erased as soon as it is sent or given up. Acts on one call never
overtake each other: the next comes out once the one before is done or given up.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography.fernet import Fernet, InvalidToken

from activation.redaction import redact
from data.engine import Connection, Row
from data.times import order_told, to_microseconds, to_moment


class OutboxKind(StrEnum):
    """What is to be done with a payload."""

    TEXT_MESSAGE = "text message"
    """`to` (E.164) and `body`."""
    CALL_CONTROL = "call control"
    """`do` and what belongs to it: one REST act on a call."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One claimed item, put in at `queued_at`; `attempts` counts this one."""

    id: str
    kind: OutboxKind
    payload: Mapping[str, str]
    attempts: int
    queued_at: datetime


_ADD = """
    INSERT INTO outbox (id, kind, payload, status, created_at, due_at, number, about)
    VALUES (:id, :kind, :payload, 'due', :at, :at, :number, :about)
"""
_NEXT = """
    SELECT id, kind, payload, attempts + 1, created_at FROM outbox AS item WHERE status = 'due' AND due_at <= :now
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS earlier WHERE earlier.status = 'due' AND earlier.about = item.about
        AND (earlier.created_at, earlier.number, earlier.id) < (item.created_at, item.number, item.id)
    )
    ORDER BY due_at, number, id LIMIT 1
"""
_LEASE = "UPDATE outbox SET due_at = :until, attempts = attempts + 1 WHERE id = :id"
_DONE = "UPDATE outbox SET status = 'sent', payload = NULL WHERE id = :id"
_RETRY = "UPDATE outbox SET due_at = :retry_at, last_error = :error WHERE id = :id AND status = 'due'"
_GIVE_UP = "UPDATE outbox SET status = 'given up', payload = NULL, last_error = :error WHERE id = :id AND status = 'due'"


class OutboxTable:
    """The outbox of one open transaction."""

    def __init__(self, connection: Connection, seal: Fernet, new_id: Callable[[], str]) -> None:
        self._connection, self._seal, self._new_id = connection, seal, new_id

    def add_text_message(self, to: str, body: str, at: datetime) -> None:
        self._add(OutboxKind.TEXT_MESSAGE, {"to": to, "body": body}, at)

    def add_call_control(self, command: Mapping[str, str], at: datetime) -> None:
        """Queues one REST act on a call; those of one call leave one after the other, in the order they were added."""
        self._add(OutboxKind.CALL_CONTROL, command, at, about=command.get("call"))

    def claim_next(self, now: datetime, lease_seconds: float) -> OutboxItem | None:
        """The item that has been due longest, if any is; nobody else gets it before the lease is over."""
        until = to_microseconds(now + timedelta(seconds=lease_seconds))
        while row := self._connection.one(_NEXT + self._connection.hold_row, now=to_microseconds(now)):
            self._connection.run(_LEASE, id=row[0], until=until)
            if item := self._opened(row):
                return item
        return None

    def done(self, id: str) -> None:
        """It was sent: the payload is erased."""
        self._connection.run(_DONE, id=id)

    def failed(self, id: str, retry_at: datetime | None, error: str) -> None:
        """It was not sent: it falls due again at `retry_at`; with None it is given up and its payload erased."""
        if retry_at is None:
            self._connection.run(_GIVE_UP, id=id, error=redact(error))
        else:
            self._connection.run(_RETRY, id=id, retry_at=to_microseconds(retry_at), error=redact(error))

    def _add(self, kind: OutboxKind, payload: Mapping[str, str], at: datetime, about: str | None = None) -> None:
        self._connection.run(
            _ADD,
            id=self._new_id(),
            kind=kind.value,
            payload=self._seal.encrypt(json.dumps(dict(payload)).encode()).decode(),
            at=to_microseconds(at),
            number=next(order_told),
            about=about,
        )

    def _opened(self, row: Row) -> OutboxItem | None:
        id, kind, payload, attempts, queued_at = row
        try:
            opened = json.loads(self._seal.decrypt(payload))
            return OutboxItem(id, OutboxKind(kind), opened, attempts, to_moment(queued_at))
        except InvalidToken:  # written under other secrets: it would come back for ever
            self.failed(id, None, "The payload was encrypted under another instance's key.")
            return None


def payload_seal(payload_key: bytes) -> Fernet:
    """The cipher of payloads. Raises ValueError unless the key has 32 bytes."""
    return Fernet(base64.urlsafe_b64encode(payload_key))
