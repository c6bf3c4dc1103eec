"""SQLite, through sqlite-utils: one writer at a time who waits its turn, any number of readers beside it."""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import IO, Any

from sqlite_utils import Database

from data.engine import Connection, Result, Row, StorageError, busy, retrying
from data.processes import PerProcess, Pool

if sys.platform == "win32":

    def _try_lock(_file: IO[bytes]) -> bool:
        """Windows has no such lock: writers of several processes meet at SQLite's own."""
        return True

    def _unlock(_file: IO[bytes]) -> None:
        """There was nothing to take."""
else:
    from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock

    def _try_lock(file: IO[bytes]) -> bool:
        """Takes the file unless another process has it."""
        try:
            flock(file.fileno(), LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        """Lets another process have the file."""
        flock(file.fileno(), LOCK_UN)


_BUSY = sqlite3.SQLITE_BUSY
_GLANCE_SECONDS = 0.0005
"""How often the one waiting thread of a process looks whether the file is free: the kernel's own queue has no time limit."""


class SqliteConnection:
    """A transaction on a sqlite-utils database."""

    hold_row = ""  # BEGIN IMMEDIATE holds everything already

    def __init__(self, database: Database) -> None:
        self._database = database

    def one(self, sql: str, **parameters: Any) -> Row | None:
        row: Row | None = self._database.execute(sql, parameters).fetchone()
        return row

    def all(self, sql: str, **parameters: Any) -> list[Row]:
        return self._database.execute(sql, parameters).fetchall()

    def run(self, sql: str, **parameters: Any) -> int:
        return self._database.execute(sql, parameters).rowcount

    def insert_missing(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        self._database.table(table).insert_all(rows, ignore=True)

    def has_table(self, name: str) -> bool:
        return self._database.table(name).exists()


class _WritersQueue:
    """The place where writers wait: threads at a lock, processes at a file lock beside the database.

    Threads hand over at once and one of each process watches the file, where all would be polling SQLite's own lock. The
    file lock is a courtesy: a program that does not know it meets SQLite's lock, and `retrying` does the rest. Re-entrant, so
    that a write within a write fails, not hangs.
    """

    def __init__(self, path: Path) -> None:
        self._threads = RLock()
        self._path = path.with_name(path.name + "-lock")
        self._file: IO[bytes] | None = None

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """Holds the database against other writers. Raises StorageError when that cannot be before `deadline`."""
        if not self._threads.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise busy()
        try:
            file = self._file = self._file or self._path.open("ab")
            while not _try_lock(file):
                if time.monotonic() > deadline:
                    raise busy()
                time.sleep(_GLANCE_SECONDS)
            try:
                yield
            finally:
                _unlock(file)
        finally:
            self._threads.release()

    def close(self) -> None:
        if self._file:
            self._file.close()


class _Process:
    """What one process has open on the database file."""

    def __init__(self, path: Path) -> None:
        self.queue = _WritersQueue(path)
        self.writers = Pool(lambda: _open(path), Database.close, lambda _database: True)
        self.readers = Pool(lambda: _open(path, query_only=True), Database.close, lambda _database: True)


class SqliteEngine:
    """The database in the file `path`; it is created when it is not there, its folder is not."""

    def __init__(self, path: Path) -> None:
        if not path.parent.is_dir():
            raise StorageError(f"The database's folder {path.parent} does not exist; create it first.")
        self._path = path
        self._processes = PerProcess(lambda: _Process(path))

    def write(self, work: Callable[[Connection], Result]) -> Result:
        return self._speaking_plainly(lambda deadline: self._write_once(work, deadline))

    def read(self, work: Callable[[Connection], Result]) -> Result:
        return self._speaking_plainly(lambda _deadline: self._read_once(work))

    def close(self) -> None:
        if here := self._processes.give_up():
            here.readers.close()
            here.writers.close()  # last, for it folds the write-ahead log into the file
            here.queue.close()

    def _write_once(self, work: Callable[[Connection], Result], deadline: float) -> Result:
        here = self._processes.here()
        with here.queue.turn(deadline), here.writers.lend() as database, database.conn:
            database.execute("BEGIN IMMEDIATE")
            return work(SqliteConnection(database))

    def _read_once(self, work: Callable[[Connection], Result]) -> Result:
        with self._processes.here().readers.lend() as database, database.conn:
            database.execute("BEGIN")
            return work(SqliteConnection(database))

    def _speaking_plainly(self, attempt: Callable[[float], Result]) -> Result:
        """Tries again while the file is busy; a file that cannot be used at all becomes a sentence."""
        try:
            return retrying(attempt, (sqlite3.OperationalError,), _is_busy)
        except (sqlite3.DatabaseError, PermissionError) as error:
            if sentence := _unusable(error):
                raise StorageError(f"{self._path} {sentence}") from error
            raise


def _open(path: Path, *, query_only: bool = False) -> Database:
    connection = sqlite3.connect(path, timeout=0, check_same_thread=False, cached_statements=256)
    database = Database(connection, execute_plugins=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")  # a granted activation survives a power cut
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, not only unlinked
    if query_only:
        database.execute("PRAGMA query_only = ON")
    return database


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and _code(error) == _BUSY


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; an error of the Python module itself has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


_UNUSABLE = {
    sqlite3.SQLITE_NOTADB: "is not an SQLite database; name another file or move this one away.",
    sqlite3.SQLITE_CORRUPT: "is a damaged database; restore it from a backup.",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that it is a file in a folder that you may write to.",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full; make room and try again.",
}


def _unusable(error: Exception) -> str | None:
    if isinstance(error, sqlite3.Error):
        return _UNUSABLE.get(_code(error))
    return "cannot be opened; check that you may write to it and to its folder."
