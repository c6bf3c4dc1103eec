"""sippy's timers on our loop.

sippy has one dispatcher a process, made to run a loop of its own. Here each timer finds the stack it belongs to by whoever is
called back, so that several exchanges live in one process and each takes its timers with it when it closes.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from sippy.Core.EventDispatcher import ED2
from sippy.Time.MonoTime import MonoTime

Guard = Callable[..., None]


class Timer:
    """What sippy holds of a timer; `ticks` of -1 repeat it for ever."""

    __slots__ = ("_call", "_handle", "_seconds", "_ticks", "_timers")

    def __init__(self, timers: "Timers", seconds: float, ticks: int, call: Callable[[], None]) -> None:
        self._timers, self._seconds, self._ticks, self._call = timers, seconds, ticks, call
        self._handle: asyncio.TimerHandle | None = None

    def go(self) -> None:
        self._handle = self._timers.start(self, self._seconds)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
            self._timers.running.discard(self)

    def fire(self) -> None:
        self._handle = None
        self._timers.running.discard(self)
        self._ticks -= 1 if self._ticks > 0 else 0
        if self._ticks:
            self.go()
        self._timers.guard(self._call)


class Timers:
    """The timers of one stack; `guard` calls back for them and lets nothing raised get further."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.running: set[Timer] = set()
        self._loop = asyncio.get_running_loop()

    def start(self, timer: Timer, seconds: float) -> asyncio.TimerHandle:
        self.running.add(timer)
        return self._loop.call_later(max(seconds, 0.0), timer.fire)

    def close(self) -> None:
        for timer in tuple(self.running):
            timer.cancel()


def _register(call: Callable[..., None], when: Any, ticks: int | None = 1, is_absolute: bool = False, *values: object) -> Timer:
    """What stands for `ED2.regTimer`: `when` is in seconds, or a moment on sippy's clock."""
    owner: Any = getattr(call, "__self__")  # noqa: B009 - sippy calls back methods only
    config = owner.global_config if hasattr(owner, "global_config") else owner.ua.global_config
    seconds = -when.offsetFromNow() if is_absolute and isinstance(when, MonoTime) else when
    return Timer(config["_timers"], seconds, ticks or 1, lambda: call(*values))


ED2.regTimer = _register
