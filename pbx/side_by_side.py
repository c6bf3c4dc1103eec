"""Things that go on side by side until one of them is done."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

First = TypeVar("First")
Second = TypeVar("Second")


@asynccontextmanager
async def until_first(
    first: Coroutine[Any, Any, First], second: Coroutine[Any, Any, Second]
) -> AsyncIterator[tuple[asyncio.Task[First], asyncio.Task[Second]]]:
    """Two coroutines side by side, entered when one is done; the other is cancelled, and gone, on the way out."""
    tasks = asyncio.create_task(first), asyncio.create_task(second)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
