"""PostgreSQL, and databases that speak its protocol, through psycopg: serialisable transactions, tried again on conflict."""

import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from selectors import EVENT_READ, DefaultSelector
from typing import Any

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.errors import DeadlockDetected, DuplicateObject, DuplicateTable, SerializationFailure, UniqueViolation

from data.engine import Connection, Result, Row, StorageError, retrying
from data.processes import PerProcess, Pool

_CONFLICTS = (SerializationFailure, DeadlockDetected, DuplicateTable, DuplicateObject, UniqueViolation)
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


class PostgresConnection:
    """A transaction on a psycopg connection."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection
        self.hold_row = "" if connection.read_only else " FOR UPDATE"

    def one(self, sql: str, **parameters: Any) -> Row | None:
        return self._connection.execute(_translated(sql), parameters).fetchone()

    def all(self, sql: str, **parameters: Any) -> list[Row]:
        return self._connection.execute(_translated(sql), parameters).fetchall()

    def run(self, sql: str, **parameters: Any) -> int:
        return self._connection.execute(_translated(sql), parameters).rowcount

    def insert_missing(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            self._connection.execute(_insertion(table, tuple(row)), row)

    def has_table(self, name: str) -> bool:
        question = "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = :name"
        return self.one(question, name=name) is not None


class _Process:
    """The connections of one process."""

    def __init__(self, url: str) -> None:
        self.writers = Pool(partial(_open, url, IsolationLevel.SERIALIZABLE), psycopg.Connection.close, _is_alive)
        reader = partial(_open, url, IsolationLevel.REPEATABLE_READ, read_only=True)
        self.readers = Pool(reader, psycopg.Connection.close, _is_alive)


class PostgresEngine:
    """The database that `url` names. The user's first schema holds the tables."""

    def __init__(self, url: str) -> None:
        self._processes = PerProcess(lambda: _Process(url))

    def write(self, work: Callable[[Connection], Result]) -> Result:
        return retrying(lambda _deadline: _once(self._processes.here().writers, work), _CONFLICTS, _is_conflict)

    def read(self, work: Callable[[Connection], Result]) -> Result:
        return retrying(lambda _deadline: _once(self._processes.here().readers, work), _CONFLICTS, _is_conflict)

    def close(self) -> None:
        if here := self._processes.give_up():
            here.readers.close()
            here.writers.close()


def _once(pool: Pool[psycopg.Connection[Row]], work: Callable[[Connection], Result]) -> Result:
    with pool.lend() as connection, connection.transaction():
        return work(PostgresConnection(connection))


def _open(url: str, level: IsolationLevel, *, read_only: bool = False) -> psycopg.Connection[Row]:
    try:
        connection = psycopg.connect(url, connect_timeout=5)
    except psycopg.OperationalError as error:
        # The URL may hold a password, so the sentence repeats what the server or the network said, never the URL.
        raise StorageError(f"PostgreSQL cannot be reached: {str(error).strip()}") from None
    except psycopg.ProgrammingError:
        raise StorageError("The PostgreSQL address is malformed; write it as postgresql://user@host/database.") from None
    connection.isolation_level = level
    connection.read_only = read_only
    return connection


def _is_alive(connection: psycopg.Connection[Row]) -> bool:
    """Whether an idle connection still has its server: one that has something to read was hung up on. Costs no round trip."""
    if connection.closed:
        return False
    with DefaultSelector() as selector:
        selector.register(connection.fileno(), EVENT_READ)
        return not selector.select(0)


def _is_conflict(error: Exception) -> bool:
    """Whether a competitor was in the way; a unique violation only in the system catalogue: two create one table."""
    return not isinstance(error, UniqueViolation) or error.diag.schema_name == "pg_catalog"


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> sql.Composed:
    names, values = map(sql.Identifier, columns), map(sql.Placeholder, columns)
    comma = sql.SQL(", ")
    insertion = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING")
    return insertion.format(sql.Identifier(table), comma.join(names), comma.join(values))


@cache
def _translated(statement: str) -> str:
    """The house's `:name` parameters as psycopg's `%(name)s`."""
    return _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%"))
