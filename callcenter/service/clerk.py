"""The clerk: due jobs and the outbox, outside every turn. Several may run; each item is claimed by lease."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from callcenter.floor.call_commands import Do
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
    @property
    def queued_at(self) -> datetime: ...


class Post(Protocol):
    """The outbox, each call in a transaction of its own."""

    def claim_next(self, now: datetime, lease_seconds: float) -> Item | None: ...
    def done(self, id: str) -> None: ...
    def failed(self, id: str, retry_at: datetime | None, error: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Patience:
    """When something that failed is tried again. The pause doubles every time up to the longest; it is given up once it was
    tried `attempts` times and is as old as `lasts`."""

    attempts: int
    first_pause: timedelta
    longest_pause: timedelta = timedelta(minutes=10)
    lasts: timedelta = timedelta(0)

    def next_try(self, item: Item, now: datetime) -> datetime | None:
        """None when it is to be given up."""
        if item.attempts >= self.attempts and now - item.queued_at >= self.lasts:
            return None
        doubled = 1 << min(item.attempts - 1, 10)  # beyond any longest pause by then, and never too much for a timedelta
        return now + min(self.first_pause * doubled, self.longest_pause)


MAY_COME_LATE = Patience(attempts=5, first_pause=timedelta(seconds=10))
OF_USE_FOR_SECONDS = Patience(attempts=4, first_pause=timedelta(seconds=1))
"""What stands behind it in the same call waits for so long."""
NOBODY_IS_STRANDED = Patience(
    attempts=4, first_pause=timedelta(seconds=1), longest_pause=timedelta(seconds=4), lasts=timedelta(minutes=10)
)
"""Where a caller belongs stays true when the telephony side comes back; a call that is over counts as done."""

_MOVES_THE_CALLER = frozenset({Do.DEQUEUE, Do.REDIRECT, Do.HANG_UP})


@dataclass(frozen=True, slots=True)
class Errand:
    """How one kind of item is sent (raising TelephonyError), and how patiently."""

    words: str
    send: Callable[[Mapping[str, str]], None]
    patience: Callable[[Mapping[str, str]], Patience]


def text_messages(send: Callable[[str, str], None]) -> Errand:
    """Text messages (to, body) may come late."""
    return Errand("A text message", lambda item: send(item["to"], item["body"]), lambda _item: MAY_COME_LATE)


def call_control(perform: Callable[[Mapping[str, str]], None]) -> Errand:
    """Acts on calls are of use for some seconds only; what moves the caller is tried until it is done or minutes are over."""
    return Errand("An act on a call", perform, _patience_with)


def _patience_with(command: Mapping[str, str]) -> Patience:
    return NOBODY_IS_STRANDED if command["do"] in _MOVES_THE_CALLER else OF_USE_FOR_SECONDS


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

        What fails comes back later, as its errand's patience says, and is given up in the end.
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
        retry_at = None if error.is_final else errand.patience(item.payload).next_try(item, self.clock())
        last = "" if retry_at else ", given up"
        log.warning("%s was not sent (attempt %s%s): %s", errand.words, item.attempts, last, error)
        self.post.failed(item.id, retry_at, str(error))
