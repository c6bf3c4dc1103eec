"""What the house asks of a database engine, and the one way of trying again after a conflict.

Statements are written once, with `:name` parameters, in SQL that SQLite and PostgreSQL read alike; rows come back as tuples in
the order of the SELECT. Booleans are kept as 0 and 1, times as microseconds (`data.times`).
"""

import random
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")
Row = tuple[Any, ...]

PATIENCE_SECONDS = 10.0
"""How long a transaction is tried again before its caller hears that the database is busy; Twilio waits 15 seconds."""
_FIRST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.1


class StorageError(Exception):
    """The database cannot be used; the sentence says why and what to do."""


class Connection(Protocol):
    """One open transaction of one thread."""

    hold_row: str
    """What ends a SELECT whose row is about to be changed, so that other writers wait for it."""

    def one(self, sql: str, **parameters: Any) -> Row | None:
        """The first row of a SELECT."""

    def all(self, sql: str, **parameters: Any) -> list[Row]:
        """Every row of a SELECT."""

    def run(self, sql: str, **parameters: Any) -> int:
        """Executes a writing statement; returns how many rows it touched."""

    def insert_missing(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Inserts those rows whose keys are not there yet and leaves the others as they are."""

    def has_table(self, name: str) -> bool:
        """Whether the table exists."""


class Engine(Protocol):
    """A database. `work` may run more than once, so it has no effects but those on its connection."""

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Runs `work` in one serialisable transaction and commits. Raises StorageError when the database stays busy."""

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Runs `work` on one consistent picture of the database, beside writers; it cannot write."""

    def close(self) -> None:
        """Closes this process's connections."""


def busy() -> StorageError:
    """The refusal of a transaction whose turn did not come in time."""
    return StorageError(f"The database was busy for {PATIENCE_SECONDS:.0f} seconds; try again soon.")


def retrying(
    attempt: Callable[[float], Result], conflicts: tuple[type[Exception], ...], is_conflict: Callable[[Exception], bool]
) -> Result:
    """The result of `attempt`, tried again after each conflict with a pause that grows and is shaken.

    It is told when patience ends (`time.monotonic`), for what it waits for itself. Raises StorageError when that has come.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    longest_pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            return attempt(deadline)
        except conflicts as conflict:
            if not is_conflict(conflict):
                raise
            if time.monotonic() > deadline:
                raise busy() from conflict
        time.sleep(random.uniform(0, longest_pause))
        longest_pause = min(2 * longest_pause, _LONGEST_PAUSE_SECONDS)
