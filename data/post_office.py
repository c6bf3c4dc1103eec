"""The outbox for the clerk: each call is a transaction of its own, so that nothing is open while a message is under way."""

from dataclasses import dataclass
from datetime import datetime

from data.outbox import OutboxItem
from data.store import Store


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Takes items out by lease and notes what became of them (`callcenter.service.clerk.Post`)."""

    store: Store

    def claim_next(self, now: datetime, lease_seconds: float) -> OutboxItem | None:
        return self.store.transaction(lambda transaction: transaction.outbox.claim_next(now, lease_seconds))

    def done(self, id: str) -> None:
        self.store.transaction(lambda transaction: transaction.outbox.done(id))

    def failed(self, id: str, retry_at: datetime | None, error: str) -> None:
        self.store.transaction(lambda transaction: transaction.outbox.failed(id, retry_at, error))
