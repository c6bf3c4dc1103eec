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
PAUSE_SECONDS = 0.2
"""An agent who answers waits for no more than this before the caller is on the way."""

log = logging.getLogger(__name__)


class Item(Protocol):
    """One claimed piece of the outbox; `kind` says which errand it is."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
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
class Errand:
    """How one kind of item is sent (raising TelephonyError), how often at most, and the pause before the second time."""

    words: str
    send: Callable[[Mapping[str, str]], None]
    attempts: int
    first_retry: timedelta


def text_messages(send: Callable[[str, str], None]) -> Errand:
    """Text messages (to, body) may come late."""
    return Errand("A text message", lambda item: send(item["to"], item["body"]), 5, timedelta(seconds=10))


def call_control(perform: Callable[[Mapping[str, str]], None]) -> Errand:
    """Acts on calls are of use for some seconds only."""
    return Errand("An act on a call", perform, 4, timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done again and again, in transactions of its own."""

    name: str
    every: timedelta
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Clerk:
    """Sends what is due and does the jobs. `errands` are by the kind of item; `expected` is what a database raises that is busy
    or away: that is logged and tried again."""

    post: Post
    errands: Mapping[str, Errand]
    jobs: tuple[Job, ...]
    clock: Callable[[], datetime]
    expected: tuple[type[Exception], ...] = ()

    def work(self, stop: Event) -> None:
        """Goes on until `stop` is set."""
        due_at = {job.name: self.clock() for job in self.jobs}
        while not stop.is_set():
            for job in self.jobs:
                if self.clock() >= due_at[job.name]:
                    self._do(job)
                    due_at[job.name] = self.clock() + job.every
            if not self._send_if_possible():
                stop.wait(PAUSE_SECONDS)

    def send_next(self) -> bool:
        """Sends what has been due longest; False when nothing is.

        What fails comes back later, twice as late every time, and is given up in the end.
        """
        item = self.post.claim_next(self.clock(), LEASE_SECONDS)
        if item is None:
            return False
        errand = self.errands[item.kind]
        try:
            errand.send(item.payload)
        except TelephonyError as error:
            self._put_off(item, errand, error)
        else:
            self.post.done(item.id)
        return True

    def _do(self, job: Job) -> None:
        try:
            job.run()
        except self.expected as fault:
            log.warning("The job %r has to wait: %s", job.name, fault)

    def _send_if_possible(self) -> bool:
        try:
            return self.send_next()
        except self.expected as fault:
            log.warning("The outbox has to wait: %s", fault)
            return False

    def _put_off(self, item: Item, errand: Errand, error: TelephonyError) -> None:
        given_up = error.is_final or item.attempts >= errand.attempts
        last = ", given up" if given_up else ""
        log.warning("%s was not sent (attempt %s%s): %s", errand.words, item.attempts, last, error)
        retry_at = None if given_up else self.clock() + errand.first_retry * 2 ** (item.attempts - 1)
        self.post.failed(item.id, retry_at, str(error))
