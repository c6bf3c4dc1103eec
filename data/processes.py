"""What a database connection must not do: be shared by two threads at a time, or be carried into a forked process."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class PerProcess(Generic[Thing]):
    """One thing for each process, made when first asked for. A forked child keeps its parent's untouched and makes its own."""

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._by_process: dict[int, Thing] = {}

    def here(self) -> Thing:
        """This process's own; threads that ask at the same moment get the same one."""
        process = os.getpid()
        return self._by_process.get(process) or self._by_process.setdefault(process, self._make())

    def give_up(self) -> Thing | None:
        """Hands over this process's own, to be closed; asking for it again makes another."""
        return self._by_process.pop(os.getpid(), None)


class Pool(Generic[Thing]):
    """Open connections, each lent to one thread at a time; the last one returned goes out first, for its caches are warm."""

    def __init__(
        self, open_one: Callable[[], Thing], close_one: Callable[[Thing], None], is_alive: Callable[[Thing], bool]
    ) -> None:
        self._open_one, self._close_one, self._is_alive = open_one, close_one, is_alive
        self._idle: list[Thing] = []

    @contextmanager
    def lend(self) -> Iterator[Thing]:
        """A connection for the length of a `with` block: an idle one that still lives, or a new one."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._idle.append(connection)

    def close(self) -> None:
        """Closes every idle connection; one that is out is closed by whoever collects it."""
        while self._idle:
            self._close_one(self._idle.pop())

    def _take(self) -> Thing:
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread took the last one between the two lines above
                break
            if self._is_alive(connection):
                return connection
            self._close_one(connection)
        return self._open_one()
