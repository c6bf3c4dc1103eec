"""The clerk: due jobs and the outbox, outside every turn. Several may run; each item is claimed by lease."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from callcenter.service.telephony import TelephonyError

LEASE_SECONDS = 60.0
"""Well over what sending one item takes (`telephony.TIMEOUT_SECONDS`): while one clerk is at it, no other sends it again."""
ATTEMPTS = 5
FIRST_RETRY = timedelta(seconds=10)
PAUSE_SECONDS = 1.0
ERASING_EVERY = timedelta(minutes=1)

log = logging.getLogger(__name__)


class Item(Protocol):
    """One claimed piece of the outbox."""

    @property
    def id(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, str]: ...
    @property
    def attempts(self) -> int: ...


class Post(Protocol):
    """The outbox, each call in a transaction of its own."""

    def claim_next(self, now: datetime, lease_seconds: float) -> Item | None: ...
    def done(self, id: str) -> None: ...
    def failed(self, id: str, retry_at: datetime | None, error: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Clerk:
    """Sends what is due and erases what has had its time."""

    post: Post
    send_text: Callable[[str, str], None]
    erase_stale: Callable[[], int]
    clock: Callable[[], datetime]

    def work(self, stop: Event) -> None:
        """Goes on until `stop` is set."""
        erase_at = self.clock()
        while not stop.is_set():
            if self.clock() >= erase_at:
                self.erase_stale()
                erase_at = self.clock() + ERASING_EVERY
            if not self.send_next():
                stop.wait(PAUSE_SECONDS)

    def send_next(self) -> bool:
        """Sends what has been due longest; False when nothing is.

        What fails comes back later, twice as late every time, and is given up in the end.
        """
        item = self.post.claim_next(self.clock(), LEASE_SECONDS)
        if item is None:
            return False
        try:
            self.send_text(item.payload["to"], item.payload["body"])
        except TelephonyError as error:
            self._put_off(item, error)
        else:
            self.post.done(item.id)
        return True

    def _put_off(self, item: Item, error: TelephonyError) -> None:
        given_up = error.is_final or item.attempts >= ATTEMPTS
        log.warning("A text message was not sent (attempt %s%s): %s", item.attempts, ", given up" if given_up else "", error)
        retry_at = None if given_up else self.clock() + FIRST_RETRY * 2 ** (item.attempts - 1)
        self.post.failed(item.id, retry_at, str(error))
