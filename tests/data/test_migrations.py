"""Migrations: in order, whole or not at all, once, and never backwards; on both engines."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import psycopg
import pytest

from data.engine import Connection, Engine, StorageError
from data.schema import Scripts, applied, migrate, packaged_migrations, pending
from data.store import Store, open_engine

GOOD = "-- A comment; with a semicolon.\nCREATE TABLE good (\n    x INTEGER\n);\n\nCREATE INDEX good_x ON good (x);\n"
BAD = "CREATE TABLE half (x INTEGER);\nINSERT INTO nowhere VALUES (1);\n"
SCRIPTS: Scripts = {"0001_good": GOOD, "0002_bad": BAD}


def has_table(engine: Engine, name: str) -> bool:
    def ask(connection: Connection) -> bool:
        return connection.has_table(name)

    return engine.read(ask)


def test_asking_what_is_pending_changes_nothing(engine: Engine) -> None:
    for _ in range(2):
        assert (applied(engine), pending(engine, SCRIPTS)) == ((), ("0001_good", "0002_bad"))
    assert not has_table(engine, "migrations")


def test_the_packaged_migrations_leave_nothing_pending(store: Store, engine: Engine) -> None:
    assert store.pending() == ()
    assert applied(engine) == tuple(packaged_migrations())
    assert len(applied(engine)) > 1


def test_migrating_again_does_nothing(store: Store, now: datetime) -> None:
    assert store.migrate(now) == ()


def test_a_failing_migration_is_undone_and_stays_pending(engine: Engine, now: datetime) -> None:
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.UndefinedTable)):
        migrate(engine, SCRIPTS, now)
    assert (applied(engine), pending(engine, SCRIPTS)) == (("0001_good",), ("0002_bad",))
    assert has_table(engine, "good")
    assert not has_table(engine, "half")


def test_a_mended_migration_is_taken_up_where_it_stopped(engine: Engine, now: datetime) -> None:
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.UndefinedTable)):
        migrate(engine, SCRIPTS, now)
    assert migrate(engine, {**SCRIPTS, "0002_bad": "CREATE TABLE half (x INTEGER);\n"}, now) == ("0002_bad",)
    assert has_table(engine, "half")


def test_a_database_newer_than_the_code_is_refused_with_what_to_do(engine: Engine, now: datetime) -> None:
    migrate(engine, {"0001_good": GOOD}, now)
    with pytest.raises(StorageError, match=r"newer version.*migration 0001_good.*up to 0000_older\. Install the newer"):
        pending(engine, {"0000_older": ""})


def test_six_that_migrate_at_once_do_it_once(database_url: str, engine: Engine, now: datetime) -> None:
    start = Barrier(6)

    def migrate_alone(_number: int) -> None:
        mine = open_engine(database_url)
        start.wait()
        try:
            migrate(mine, packaged_migrations(), now)
        finally:
            mine.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(migrate_alone, range(6)))
    assert applied(engine) == tuple(packaged_migrations())
