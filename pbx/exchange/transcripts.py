"""What is said in calls under way, for whoever watches just now; nothing of it is kept."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """Something said or pressed: by `line`, `caller` or `keys` (`pbx.audio.captions.Speaker`)."""

    call_sid: str
    caller: str
    speaker: str
    words: str


class Transcripts:
    """Hands captions on, cleaned of what may never be shown."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact
        self._watchers: set[asyncio.Queue[Caption]] = set()

    def clean(self, words: str) -> str:
        """As anybody may see it."""
        return self._redact(words)

    def tell(self, caption: Caption) -> None:
        for watcher in self._watchers:
            watcher.put_nowait(caption)

    @contextmanager
    def watched(self) -> Iterator[asyncio.Queue[Caption]]:
        """Every caption from now on."""
        watcher: asyncio.Queue[Caption] = asyncio.Queue()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
