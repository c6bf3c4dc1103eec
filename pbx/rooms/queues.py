"""The exchange's queues: callers in the order they came. A queue is created by the first caller sent to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pbx.call import Call

MAXIMUM_SIZE, LARGEST_MAXIMUM_SIZE = 1000, 5000
"""Of a queue that nobody said otherwise of, and of any. Source: https://www.twilio.com/docs/voice/api/queue-resource."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a caller stands, as the queue tells whoever waits in it; the position counts from 1."""

    queue_sid: str
    position: int
    size: int
    mean_joined_at: datetime
    """The mean of the moments at which those waiting joined: the average wait without a clock of its own."""
    maximum_size: int = MAXIMUM_SIZE

    def parameters(self, waited_seconds: int, now: datetime) -> Mapping[str, str]:
        """What the wait URL is told. Source: https://www.twilio.com/docs/voice/twiml/enqueue#waiturl."""
        return {
            "QueueSid": self.queue_sid,
            "QueuePosition": str(self.position),
            "QueueTime": str(waited_seconds),
            "AvgQueueTime": str(_whole_seconds(self.mean_joined_at, now)),
            "CurrentQueueSize": str(self.size),
            "MaxQueueSize": str(self.maximum_size),
        }


@dataclass(slots=True)
class Queue:
    """Callers waiting under one name."""

    sid: str
    name: str
    clock: Callable[[], datetime]
    created_at: datetime
    updated_at: datetime
    maximum_size: int = MAXIMUM_SIZE
    waiting: list["Waiting"] = field(default_factory=list)

    @property
    def mean_joined_at(self) -> datetime:
        """For an empty queue: now."""
        if not self.waiting:
            return self.clock()
        first_at = self.waiting[0].joined_at
        offsets_seconds = [(waiting.joined_at - first_at).total_seconds() for waiting in self.waiting]
        return datetime.fromtimestamp(first_at.timestamp() + sum(offsets_seconds) / len(offsets_seconds), first_at.tzinfo)

    @property
    def average_wait_seconds(self) -> int:
        return _whole_seconds(self.mean_joined_at, self.clock())

    def moved_up(self) -> None:
        """Somebody came or went: everybody who waits is told the place they have now."""
        self.updated_at = self.clock()
        for waiting in self.waiting:
            waiting.on_move(waiting.place)


@dataclass(slots=True, eq=False)
class Waiting:
    """One caller in a queue: the `Ticket` of a call that the exchange itself carries."""

    queue: Queue
    call: Call
    joined_at: datetime
    on_move: Callable[[Place], None]

    @property
    def queue_sid(self) -> str:
        return self.queue.sid

    @property
    def place(self) -> Place:
        position = self.queue.waiting.index(self) + 1
        queue = self.queue
        return Place(queue.sid, position, len(queue.waiting), queue.mean_joined_at, queue.maximum_size)

    @property
    def waited_seconds(self) -> int:
        return _whole_seconds(self.joined_at, self.queue.clock())

    def parameters(self) -> Mapping[str, str]:
        return self.place.parameters(self.waited_seconds, self.queue.clock())

    def leave(self) -> None:
        if self in self.queue.waiting:
            self.queue.waiting.remove(self)
            self.queue.moved_up()


class LocalQueues:
    """Every queue of one exchange, by name."""

    def __init__(self, new_sid: Callable[[str], str], clock: Callable[[], datetime]) -> None:
        self._new_sid = new_sid
        self._clock = clock
        self._by_name: dict[str, Queue] = {}

    def __iter__(self) -> Iterator[Queue]:
        return iter(self._by_name.values())

    async def join(self, name: str, call: Call) -> Waiting:
        return self.admit(name, call, self._clock(), lambda place: None)

    def admit(self, name: str, call: Call, joined_at: datetime, on_move: Callable[[Place], None]) -> Waiting:
        """A place in the queue of that name, behind everybody who joined before; `on_move` is told of every change."""
        queue = self._by_name.get(name) or self.create(name)
        waiting = Waiting(queue, call, joined_at, on_move)
        queue.waiting.append(waiting)
        queue.waiting.sort(key=lambda other: other.joined_at)
        queue.moved_up()
        return waiting

    def get(self, name: str) -> Queue | None:
        return self._by_name.get(name)

    def create(self, name: str, maximum_size: int = MAXIMUM_SIZE) -> Queue:
        """An empty queue of a name that no other has."""
        now = self._clock()
        queue = self._by_name[name] = Queue(self._new_sid("QU"), name, self._clock, now, now, maximum_size)
        return queue

    def rename(self, queue: Queue, name: str) -> None:
        """From now on the queue has this name, which no other has."""
        del self._by_name[queue.name]
        queue.name = name
        self._by_name[name] = queue

    def delete(self, queue: Queue) -> None:
        """The queue is gone; only an empty one may be."""
        del self._by_name[queue.name]


def _whole_seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))
