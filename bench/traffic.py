"""Callers at a human pace: each sends its next webhook some seconds after the answer to the last, and calls again when done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from heapq import heappop, heappush
from random import Random
from selectors import EVENT_READ, BaseSelector
from time import monotonic, time

from calls import GROUPS_PER_CALL, Calls
from clients import Client, Turn

CONNECTIONS = 12
PACE_SECONDS = 5.0
FEWEST_GROUPS = 2
SHARE_ASKING_FOR_PERSON = 1 / 3
"""More than a caller a second: fifty agents could not keep up with so many, so the queue they look at is a busy one."""
LIFE = 4 + GROUPS_PER_CALL
"""About as many webhooks as a call sends."""


class Kind(Enum):
    """What a webhook is measured as."""

    KEYS = auto()
    """A good group."""
    ENTERS = auto()
    """The caller enters the queue."""
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook of one call."""

    sid: str
    kind: Kind
    turn: Turn


@dataclass(frozen=True, slots=True)
class Answered:
    """A webhook that was answered; `sent_at` in seconds since 1970, taken just before it was sent."""

    webhook: Webhook
    sent_at: float
    seconds: float


@dataclass(slots=True)
class Caller:
    """Whoever has a phone. The first `hurried` webhooks follow at once, so that not everybody begins at the beginning."""

    hurried: int
    rest: Iterator[Webhook] = field(default_factory=lambda: iter(()))


class Traffic:
    """Callers whose webhooks share some connections. Their `selector` runs whatever else is registered with a function."""

    def __init__(self, calls: Calls, selector: BaseSelector, callers: int, random: Random) -> None:
        self._answered: list[Answered] = []
        self._calls, self._selector, self._random = calls, selector, random
        self._due: list[tuple[float, int, Caller]] = []
        self._idle = [self._connect() for _ in range(CONNECTIONS)]
        for number in range(callers):
            heappush(self._due, (monotonic() + self._pause(), number, Caller(random.randrange(LIFE))))

    def run(self, seconds: float) -> list[Answered]:
        """Has callers call for so long; returns what was answered meanwhile. Raises WrongAnswer."""
        self._answered, until = [], monotonic() + seconds
        while (now := monotonic()) < until:
            while self._idle and self._due[0][0] <= now:
                self._send(self._idle.pop())
            wakes_at = min(until, self._due[0][0]) if self._idle else until
            for key, _ in self._selector.select(max(0.0, wakes_at - monotonic())):
                key.data()
        return self._answered

    def _connect(self) -> Client:
        return Client(self._calls.port)

    def _send(self, client: Client) -> None:
        _, number, caller = heappop(self._due)
        webhook = next(caller.rest, None)
        if webhook is None:
            caller.rest = self._new_call()
            webhook = next(caller.rest)
        received = partial(self._receive, client, number, caller, webhook, time())
        client.begin([webhook.turn])
        self._selector.register(client.socket, EVENT_READ, received)

    def _receive(self, client: Client, number: int, caller: Caller, webhook: Webhook, sent_at: float) -> None:
        seconds = client.receive()
        if seconds is None:
            return
        self._selector.unregister(client.socket)
        self._idle.append(client)
        self._answered.append(Answered(webhook, sent_at, seconds))
        caller.hurried -= 1
        heappush(self._due, (monotonic() + (0.0 if caller.hurried > 0 else self._pause()), number, caller))

    def _pause(self) -> float:
        return PACE_SECONDS * self._random.uniform(0.5, 1.5)

    def _new_call(self) -> Iterator[Webhook]:
        """Keys in some groups; may ask for a person and wait a round of music; hangs up."""
        sid, calls, groups = self._calls.new_sid(), self._calls, self._random.randint(FEWEST_GROUPS, GROUPS_PER_CALL)
        yield from (Webhook(sid, Kind.OTHER, turn) for turn in calls.opening(sid))
        yield from (Webhook(sid, Kind.KEYS, turn) for turn in calls.keying(sid)[:groups])
        if self._random.random() < SHARE_ASKING_FOR_PERSON:
            yield Webhook(sid, Kind.ENTERS, calls.asking_for_person(sid, 2 + groups))
            yield Webhook(sid, Kind.OTHER, calls.waiting(sid))
        yield Webhook(sid, Kind.OTHER, calls.hanging_up(sid))
