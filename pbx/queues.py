"""The exchange's queues: callers in the order they came. A queue is created by the first caller sent to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

MAXIMUM_SIZE = 1000


@dataclass(slots=True)
class Queue:
    """Callers waiting under one name."""

    sid: str
    clock: Callable[[], datetime]
    tickets: list["Ticket"] = field(default_factory=list)

    def join(self) -> "Ticket":
        ticket = Ticket(self, self.clock())
        self.tickets.append(ticket)
        return ticket


@dataclass(slots=True, eq=False)
class Ticket:
    """One caller's place in a queue."""

    queue: Queue
    joined_at: datetime

    def leave(self) -> None:
        self.queue.tickets.remove(self)

    @property
    def waited_seconds(self) -> int:
        return int((self.queue.clock() - self.joined_at).total_seconds())

    def parameters(self) -> Mapping[str, str]:
        """What the wait URL is told. Source: https://www.twilio.com/docs/voice/twiml/enqueue#waiturl."""
        waits_seconds = [ticket.waited_seconds for ticket in self.queue.tickets]
        return {
            "QueueSid": self.queue.sid,
            "QueuePosition": str(self.queue.tickets.index(self) + 1),
            "QueueTime": str(self.waited_seconds),
            "AvgQueueTime": str(sum(waits_seconds) // len(waits_seconds)),
            "CurrentQueueSize": str(len(self.queue.tickets)),
            "MaxQueueSize": str(MAXIMUM_SIZE),
        }


class Queues:
    """Every queue of one exchange, by name."""

    def __init__(self, new_sid: Callable[[str], str], clock: Callable[[], datetime]) -> None:
        self._new_sid = new_sid
        self._clock = clock
        self._by_name: dict[str, Queue] = {}

    def join(self, name: str) -> Ticket:
        """A place at the end of the queue of that name."""
        if name not in self._by_name:
            self._by_name[name] = Queue(self._new_sid("QU"), self._clock)
        return self._by_name[name].join()
