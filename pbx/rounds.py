"""What plays while a caller waits: the same content again and again, and things that go on side by side."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from pbx.call import Ending
from pbx.scene import LeftQueue, Outcome, Scene

SHORTEST_ROUND_SECONDS = 1.0
"""Content that takes no time is not fetched faster than this."""

T = TypeVar("T")


async def play_rounds(scene: Scene, play_one: Callable[[], Awaitable[Outcome]]) -> LeftQueue | Ending:
    """The content, for ever, until it leaves the queue or ends the call."""
    while True:
        began_at = scene.call.clock()
        outcome = await play_one()
        if isinstance(outcome, LeftQueue | Ending):
            return outcome
        took_seconds = (scene.call.clock() - began_at).total_seconds()
        if took_seconds < SHORTEST_ROUND_SECONDS:
            await scene.leg.pause(SHORTEST_ROUND_SECONDS - took_seconds)


@asynccontextmanager
async def until_first(
    first: Coroutine[Any, Any, T], second: Coroutine[Any, Any, T]
) -> AsyncIterator[tuple[asyncio.Task[T], asyncio.Task[T]]]:
    """Two coroutines side by side, entered when one is done; the other is cancelled, and gone, on the way out."""
    tasks = asyncio.create_task(first), asyncio.create_task(second)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
