"""What a two-way stream has sent for the phone: sound in order, and marks between."""

import asyncio
from collections import deque
from collections.abc import Callable

from pbx.audio.frame import RATE_HZ
from pbx.leg import Leg
from pbx.side_by_side import until_first

LONGEST_BACKLOG_BYTES = 600 * RATE_HZ
"""Ten minutes."""


class Playing:
    """A queue of sound and of marks; a mark is reported when everything before it has been played."""

    def __init__(self, leg: Leg, reached: Callable[[str], None]) -> None:
        self._leg = leg
        self._reached = reached
        self._waiting: deque[bytes | str] = deque()
        self._backlog_bytes = 0
        self._arrived = asyncio.Event()
        self._cleared = asyncio.Event()

    def append(self, item: bytes | str) -> None:
        """Sound, or the name of a mark. Raises ValueError, in words, when there is more than can be kept."""
        if isinstance(item, bytes):
            self._backlog_bytes += len(item)
        if self._backlog_bytes > LONGEST_BACKLOG_BYTES:
            raise ValueError("more than ten minutes of sound wait to be played")
        self._waiting.append(item)
        self._arrived.set()

    def clear(self) -> None:
        """Nothing more of it is played, and every mark is reached."""
        waiting, self._waiting, self._backlog_bytes = self._waiting, deque(), 0
        self._cleared.set()
        for item in waiting:
            if isinstance(item, str):
                self._reached(item)

    async def run(self) -> None:
        """Play for ever. Raises HungUp."""
        while True:
            while not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
            item = self._waiting.popleft()
            if isinstance(item, str):
                self._reached(item)
            else:
                await self._play(item)

    async def _play(self, sound: bytes) -> None:
        """This, and what follows without a mark between: at one go, so that there is no gap."""
        pieces = [sound]
        while self._waiting and isinstance(following := self._waiting[0], bytes):
            pieces.append(following)
            self._waiting.popleft()
        together = b"".join(pieces)
        self._backlog_bytes -= len(together)
        self._cleared.clear()
        async with until_first(self._leg.emit(together), self._cleared.wait()) as (emitting, _):
            if emitting.done():
                emitting.result()
