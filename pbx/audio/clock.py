"""The one clock of all calls: every 20 ms first every leg listens to its phone, then every leg speaks to it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Protocol

from pbx.audio.frame import FRAME_SECONDS, Frame

LATE_SECONDS = 0.1
"""Who comes later than this skips what was missed: phones forgive a gap, not a burst."""
REMEMBERED_TICKS = 3000
"""A minute of them, for the figures."""


class Ticking(Protocol):
    """A leg, as the clock knows it. Neither `listen` nor `speak` may block."""

    @property
    def latest(self) -> Frame | None:
        """What its phone said in this tick."""

    def listen(self) -> None:
        """Take the next 20 ms from the phone, and give them to whoever wants them."""

    def speak(self) -> None:
        """Give the phone its next 20 ms; by now every leg has listened."""

    def drop(self) -> None:
        """The leg has raised, and is not ticked any more: hang its phone up."""


class Batch(Protocol):
    """Who does something with the sound of all legs at once, after all have listened and before any speaks."""

    def hear(self, frames: Mapping[Ticking, Frame]) -> None:
        """What was said in this tick, by leg; legs whose phone said nothing are left out."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How punctual the clock was in its last minute: when the last leg had spoken, beside when the tick was due."""

    ticks: int
    skipped_ticks: int
    median_seconds: float
    p99_seconds: float
    worst_seconds: float


class Clock:
    """Ticks on the running event loop by absolute times, so that it never drifts.

    A leg that raises is removed and dropped; the error goes to the loop's exception handler, which logs it, and all other legs
    have their turn.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.tick = 0
        """The number of the tick under way."""
        self._given_loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._legs: dict[Ticking, None] = {}
        self._batches: dict[Batch, None] = {}
        self._skipped_ticks = 0
        self._late: deque[float] = deque(maxlen=REMEMBERED_TICKS)

    def add(self, leg: Ticking) -> None:
        """Tick this leg, from the next tick on."""
        self._legs[leg] = None

    def remove(self, leg: Ticking) -> None:
        """Tick it no more; nothing happens where it was not ticked."""
        self._legs.pop(leg, None)

    def every(self, batch: Batch) -> None:
        """Have it hear all legs in every tick."""
        self._batches[batch] = None

    def start(self) -> None:
        """Begin to tick, the first time in 20 ms."""
        self._due = self._loop.time() + FRAME_SECONDS
        self._timer = self._loop.call_at(self._due, self._on_time)

    async def stop(self) -> None:
        """Tick no more; legs and batches stay, for another start."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def beat(self) -> None:
        """One tick, whatever the time: what happens every 20 ms while the clock runs."""
        self.tick += 1
        self._take_turns(self._turns())

    @property
    def lateness(self) -> Lateness:
        """The figures of the last minute."""
        late = sorted(self._late) or [0.0]
        at = partial(_at, late)
        return Lateness(self.tick, self._skipped_ticks, at(0.5), at(0.99), late[-1])

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return self._given_loop or asyncio.get_running_loop()

    def _on_time(self) -> None:
        behind, began_at = self._loop.time() - self._due, perf_counter()
        missed = int(behind / FRAME_SECONDS) if behind > LATE_SECONDS else 0
        self._skipped_ticks += missed
        self._due += (missed + 1) * FRAME_SECONDS
        self._timer = self._loop.call_at(self._due, self._on_time)
        self.beat()
        self._late.append(behind + perf_counter() - began_at)  # uvloop's own time stands still meanwhile

    def _turns(self) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
        """Who does what, in order, with what is to be done about whoever raises."""
        for leg in self._there():
            yield leg.listen, partial(self._drop, leg)
        for batch, frames in self._heard():
            yield partial(batch.hear, frames), _stay
        for leg in self._there():
            yield leg.speak, partial(self._drop, leg)

    def _there(self) -> Iterator[Ticking]:
        """The legs, but for those that are gone when it is their turn."""
        return (leg for leg in tuple(self._legs) if leg in self._legs)

    def _heard(self) -> list[tuple[Batch, Mapping[Ticking, Frame]]]:
        if not self._batches:
            return []
        frames = {leg: frame for leg in self._legs if (frame := leg.latest) is not None}
        return [(batch, frames) for batch in self._batches]

    def _take_turns(self, turns: Iterator[tuple[Callable[[], None], Callable[[], None]]]) -> None:
        """One turn after the other. An error leaves this, and the rest have theirs as soon as it is logged."""
        give_up = None
        try:
            for turn, give_up in turns:  # noqa: B007
                turn()
            give_up = None
        finally:
            if give_up is not None:
                self._loop.call_soon(self._take_turns, turns)
                give_up()

    def _drop(self, leg: Ticking) -> None:
        self.remove(leg)
        leg.drop()


def _stay() -> None:
    """A batch that raises has missed a tick: it serves all legs, and is not given up for one."""


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
