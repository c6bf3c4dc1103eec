"""Hearing: what a recogniser is asked for, and what it answers."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

UNKNOWN = "[unk]"
"""The word for whatever is none of the recogniser's words."""
MOST_ALTERNATIVES = 40
"""Of one utterance; more of them cost time and are hardly ever what was said."""
CHUNK_BYTES = 320
"""20 ms of telephone sound: 8 kHz, 16 bits."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it was said, in seconds since the first chunk. `confidence` is a probability."""

    text: str
    start_seconds: float
    end_seconds: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way it may have been said. `score` is the natural logarithm of its likelihood beside the best one's, which has 0."""

    text: str
    score: float = 0.0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What was heard since the last final result, the best alternative first; none when nothing was said.

    A partial result has one alternative, without the times of its words.
    """

    is_final: bool
    alternatives: tuple[Alternative, ...]

    @property
    def text(self) -> str:
        """The best guess."""
        return self.alternatives[0].text if self.alternatives else ""


def count_words(text: str) -> int:
    """How many words were heard as themselves. Of digits it is their number: "double" counts as the digit it adds."""
    return sum(word != UNKNOWN for word in text.split())


class Hearing(Protocol):
    """One call's recogniser. Not for several threads at once."""

    def feed(self, pcm: bytes) -> Result | None:
        """Hears the next 20 ms (8 kHz, 16 bits, little-endian): a final result when the caller has paused, a partial one
        when the guess has changed, else nothing."""

    def finish(self) -> Result:
        """What was said since the last final result, at once. What is fed from here on is a new utterance."""


class Listener(Protocol):
    """A recogniser of one language behind its adapter."""

    def listen(self, vocabulary: Sequence[str] | None = None, digits: int | None = None) -> Hearing:
        """A recogniser for one call, of these words and the listener's own alone where its model can be told them.

        `digits`: so many are asked for; a result ends as soon as they are said, and not so soon while some are missing.
        Raises CannotHear.
        """


class ThreadedHearing:
    """A call's recogniser for an event loop, which goes on while threads do the work. The next chunk waits for the last."""

    def __init__(self, hearing: Hearing, threads: Executor) -> None:
        self._hearing, self._threads = hearing, threads
        self._turn = asyncio.Lock()

    async def feed(self, pcm: bytes) -> Result | None:
        """As `Hearing.feed`."""
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._hearing.feed, pcm)

    async def finish(self) -> Result:
        """As `Hearing.finish`."""
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._hearing.finish)
