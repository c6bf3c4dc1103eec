"""The streams that leave one call while its documents go on."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

MOST_TRACKS = 4
"""Source: https://www.twilio.com/docs/voice/twiml/stream. A stream of both tracks counts as two."""


@dataclass(frozen=True, slots=True)
class Fork:
    """One stream under way."""

    sid: str
    name: str
    tracks: int
    streaming: asyncio.Task[None]

    @property
    def is_running(self) -> bool:
        return not self.streaming.done()


class Forks:
    """One call's streams, each ended by its name or its sid, or with the call."""

    def __init__(self) -> None:
        self._forks: list[Fork] = []

    def has_room_for(self, name: str, tracks: int) -> bool:
        """Not for a name that is there already, nor beyond as many tracks as may be."""
        running = [fork for fork in self._forks if fork.is_running]
        return all(fork.name != name for fork in running) and sum(fork.tracks for fork in running) + tracks <= MOST_TRACKS

    def start(self, sid: str, name: str, tracks: int, streaming: Coroutine[Any, Any, None]) -> None:
        self._forks.append(Fork(sid, name, tracks, asyncio.create_task(streaming)))

    def stop(self, name_or_sid: str) -> Fork | None:
        """The stream that is ended by this; None where no such stream runs."""
        fork = next((one for one in self._forks if one.is_running and name_or_sid in (one.name, one.sid)), None)
        if fork is not None:
            fork.streaming.cancel()
        return fork

    async def close(self) -> None:
        """End them all, and wait until the other sides have been told."""
        running = [fork.streaming for fork in self._forks if fork.is_running]
        for streaming in running:
            streaming.cancel()
        await asyncio.gather(*running, return_exceptions=True)
