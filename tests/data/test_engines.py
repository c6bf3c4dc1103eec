"""What is promised of an engine beyond its statements: conflicts, refusals, sentences."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Event

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import engine as engine_module
from data.engine import Connection, Engine, StorageError
from data.sqlite import SqliteEngine
from data.store import open_engine
from data.times import to_microseconds, to_moment


def make_counter(connection: Connection) -> None:
    connection.run("CREATE TABLE counter (value INTEGER NOT NULL)")
    connection.run("INSERT INTO counter (value) VALUES (0)")


def read_counter(connection: Connection) -> int:
    row = connection.one("SELECT value FROM counter")
    assert row is not None
    return int(row[0])


def add_one(connection: Connection) -> int:
    return connection.run("UPDATE counter SET value = value + 1")


def test_a_reader_cannot_write(engine: Engine) -> None:
    engine.write(make_counter)
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.ReadOnlySqlTransaction), match=r"read-?only"):
        engine.read(add_one)
    assert engine.read(read_counter) == 0


def test_a_reader_sees_one_picture_to_its_end(engine: Engine) -> None:
    engine.write(make_counter)
    with ThreadPoolExecutor(1) as writer:

        def look_twice(connection: Connection) -> tuple[int, int]:
            before = read_counter(connection)
            writer.submit(lambda: engine.write(add_one)).result(timeout=5)
            return before, read_counter(connection)

        assert engine.read(look_twice) == (0, 0)
    assert engine.read(read_counter) == 1


def test_an_engine_can_be_used_again_after_it_was_closed(engine: Engine) -> None:
    engine.write(make_counter)
    engine.close()
    engine.write(add_one)
    assert engine.read(read_counter) == 1


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where an SQLite database may be."""
    return tmp_path / "centre.db"


@pytest.fixture
def sqlite(file: Path) -> Iterator[SqliteEngine]:
    """An SQLite database with a counter."""
    engine = SqliteEngine(file)
    engine.write(make_counter)
    yield engine
    engine.close()


@pytest.fixture
def stranger(sqlite: SqliteEngine, file: Path) -> Iterator[sqlite3.Connection]:
    """Another program in the middle of a write, which knows nothing of our lock file."""
    connection = sqlite3.connect(file)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE counter SET value = 10")
    yield connection
    connection.close()


def test_sqlite_waits_for_a_writer_that_is_in_the_way(
    sqlite: SqliteEngine, stranger: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            stranger.commit()

    monkeypatch.setattr("data.engine.time.sleep", pause)
    sqlite.write(add_one)
    assert len(pauses) == 3
    assert sqlite.read(read_counter) == 11


def test_sqlite_says_so_when_the_writer_stays(
    sqlite: SqliteEngine, stranger: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(StorageError, match="busy"):
        sqlite.write(add_one)
    assert sqlite.read(read_counter) == 0, "reading goes on"


def test_a_write_within_a_write_is_refused_instead_of_hanging(sqlite: SqliteEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(StorageError, match="busy"):
        sqlite.write(lambda _connection: sqlite.write(add_one))
    sqlite.write(add_one)
    assert sqlite.read(read_counter) == 1


def test_a_thread_does_not_wait_for_another_longer_than_its_patience(
    sqlite: SqliteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "PATIENCE_SECONDS", 0.05)
    writing, enough = Event(), Event()

    def write_until_told(connection: Connection) -> None:
        add_one(connection)
        writing.set()
        enough.wait(5)

    with ThreadPoolExecutor(1) as other:
        slow = other.submit(sqlite.write, write_until_told)
        assert writing.wait(5)
        with pytest.raises(StorageError, match="busy"):
            sqlite.write(add_one)
        assert not slow.done()
        enough.set()
    assert sqlite.read(read_counter) == 1


def test_sqlite_is_durable_and_keeps_its_promises(sqlite: SqliteEngine) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")

    def ask(connection: Connection) -> list[object]:
        return [row[0] for name in names if (row := connection.one(f"PRAGMA {name}"))]

    assert sqlite.write(ask) == ["wal", 2, 1, 1]


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda path: path.write_text("Dear diary, " * 100), "is not an SQLite database"),
        (lambda path: path.mkdir(), "cannot be opened"),
    ],
    ids=["text file", "folder"],
)
def test_what_is_no_database_is_told_in_a_sentence(file: Path, prepare: Callable[[Path], object], sentence: str) -> None:
    prepare(file)
    engine = SqliteEngine(file)
    with pytest.raises(StorageError, match=sentence) as told:
        engine.read(read_counter)
    assert str(file) in str(told.value)
    engine.close()


def test_a_missing_folder_is_told_in_a_sentence(file: Path) -> None:
    with pytest.raises(StorageError, match=r"folder .* does not exist; create it first"):
        open_engine(f"sqlite:///{file.parent / 'nowhere' / 'centre.db'}")


@pytest.mark.parametrize("address", ["mysql://root@host/db", "sqlite://", "sqlite:///", "http://example"])
def test_an_address_of_another_kind_is_told_which_there_are(address: str) -> None:
    with pytest.raises(StorageError, match="sqlite:///path or postgresql://"):
        open_engine(address)


@pytest.mark.parametrize("address", ["{path}", "sqlite:///{path}"])
def test_sqlite_is_meant_by_a_bare_path_too(file: Path, address: str) -> None:
    engine = open_engine(address.format(path=file))
    engine.write(make_counter)
    engine.close()
    assert file.exists()


def test_an_unreachable_postgresql_is_told_without_its_password(tmp_path: Path) -> None:
    engine = open_engine(f"postgresql://clerk:open-sesame@/centre?host={tmp_path}")
    with pytest.raises(StorageError, match="PostgreSQL cannot be reached") as told:
        engine.read(read_counter)
    assert "open-sesame" not in str(told.value)


def test_a_malformed_postgresql_address_is_told_without_its_password() -> None:
    engine = open_engine("postgresql://clerk:open-sesame@host/centre?colour=blue")
    with pytest.raises(StorageError, match="malformed") as told:
        engine.read(read_counter)
    assert "open-sesame" not in str(told.value)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_runs_a_transaction_again_after_a_conflict(engine: Engine) -> None:
    engine.write(make_counter)
    runs: list[int] = []

    def double_while_another_adds(connection: Connection) -> None:
        value = read_counter(connection)
        if not runs:
            with ThreadPoolExecutor(1) as other:
                other.submit(lambda: engine.write(add_one)).result(timeout=5)
        runs.append(value)
        connection.run("UPDATE counter SET value = :value", value=2 * value)

    engine.write(double_while_another_adds)
    assert runs == [0, 1]
    assert engine.read(read_counter) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_connections_that_were_hung_up_on_are_replaced(engine: Engine, postgres_server: str) -> None:
    engine.write(make_counter)
    engine.read(read_counter)
    with psycopg.connect(postgres_server) as administrator:
        hang_up = """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
        """
        assert len(administrator.execute(hang_up).fetchall()) >= 2
    engine.write(add_one)
    assert engine.read(read_counter) == 1


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])))
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    assert to_moment(to_microseconds(moment)) == moment


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        to_microseconds(datetime(2026, 3, 14))
