"""The streams that leave one call while its documents go on."""

import asyncio
from collections.abc import Coroutine
from typing import Any

MOST_FORKS = 4


class Forks:
    """One call's streams by name, each ended by Stop or with the call."""

    def __init__(self) -> None:
        self._streaming: dict[str, asyncio.Task[None]] = {}

    def has_room_for(self, name: str) -> bool:
        """Not for a name that is there already, nor when there are as many as may be."""
        running = {each for each, task in self._streaming.items() if not task.done()}
        return name not in running and len(running) < MOST_FORKS

    def start(self, name: str, streaming: Coroutine[Any, Any, None]) -> None:
        self._streaming[name] = asyncio.create_task(streaming)

    def stop(self, name: str) -> bool:
        """Whether there was a stream of that name."""
        task = self._streaming.pop(name, None)
        if task is not None:
            task.cancel()
        return task is not None

    async def close(self) -> None:
        """End them all, and wait until the other sides have been told."""
        tasks = [task for task in self._streaming.values() if not task.done()]
        self._streaming.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
