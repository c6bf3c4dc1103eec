"""Where those who wait in a queue are met by those who dial it, as far as one process carries both.

The queue itself, with everybody's place, is kept elsewhere: here stands only who can be fetched.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pbx.call import Call
from pbx.meeting import Meeting
from pbx.request import WebhookRequest


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody has dialled the queue: where the two meet, and what the one who waited hears before."""

    meeting: Meeting
    dequeued_by: Call
    whisper: WebhookRequest | None


class Visitor:
    """One who waits and can be fetched."""

    def __init__(self, call: Call, queue_sid: str, waited_seconds: Callable[[], int]) -> None:
        self.call = call
        self.queue_sid = queue_sid
        self.waited_seconds = waited_seconds
        self._invitations: asyncio.Queue[Invitation] = asyncio.Queue()

    def invite(self, invitation: Invitation) -> None:
        self._invitations.put_nowait(invitation)

    async def invited(self) -> Invitation:
        """Return when it is this one's turn."""
        return await self._invitations.get()


def _nobody_knows(name: str) -> bool:
    return False


class Reception:
    """Visitors in the order they came, and those who dial for one, in the order they dialled."""

    def __init__(self, exists: Callable[[str], bool] = _nobody_knows) -> None:
        """`exists` tells of queues in which nobody has waited here yet."""
        self._exists = exists
        self._visitors: defaultdict[str, deque[Visitor]] = defaultdict(deque)
        self._fetching: defaultdict[str, deque[asyncio.Future[Visitor]]] = defaultdict(deque)

    def knows(self, name: str) -> bool:
        """Whether there is such a queue."""
        return name in self._visitors or self._exists(name)

    @contextmanager
    def waiting(self, name: str, visitor: Visitor) -> Iterator[None]:
        """Here to be fetched, behind everybody else, until left."""
        self._offer(name, visitor, self._visitors[name].append)
        try:
            yield
        finally:
            if visitor in self._visitors[name]:
                self._visitors[name].remove(visitor)

    def wait_again(self, name: str, visitor: Visitor) -> None:
        """Who was fetched in vain is the next."""
        self._offer(name, visitor, self._visitors[name].appendleft)

    def _offer(self, name: str, visitor: Visitor, line_up: Callable[[Visitor], None]) -> None:
        fetching = self._fetching[name]
        if fetching:
            fetching.popleft().set_result(visitor)
        else:
            line_up(visitor)

    async def fetch(self, name: str) -> Visitor:
        """The next in the queue; waits until there is one."""
        visitors = self._visitors[name]
        if visitors:
            return visitors.popleft()
        arrived: asyncio.Future[Visitor] = asyncio.get_running_loop().create_future()
        fetching = self._fetching[name]
        fetching.append(arrived)
        try:
            return await arrived
        except asyncio.CancelledError:
            if arrived in fetching:
                fetching.remove(arrived)
            elif arrived.done() and not arrived.cancelled():
                visitors.appendleft(arrived.result())
            raise
