"""The database under several processes, forks and sudden death, on both engines."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data import engine as engine_module
from data.engine import Engine, StorageError

ROOT = Path(__file__).parents[2]
ADD_ONE = "UPDATE counter SET value = value + 1"

PRELUDE = """
import os, select, sys
from data.store import open_engine

engine = open_engine(sys.argv[1])

def add_one(connection):
    (value,) = connection.one("SELECT value FROM counter")
    connection.run("UPDATE counter SET value = :value", value=value + 1)
    return value + 1
"""
WRITE_FIFTY = "for _ in range(50): engine.write(add_one)\nengine.close()"
WRITE_UNTIL_TOLD = """
def hold(connection):
    print("writing", flush=True)
    select.select([sys.stdin], [], [], 5)

engine.write(hold)
"""
WRITE_FOR_EVER = "while True: print(engine.write(add_one), flush=True)"
FORK = """
engine.write(add_one)
child = os.fork()
engine.write(add_one)
engine.close()
if child == 0:
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.fixture
def counter(engine: Engine) -> Engine:
    """A table with one number."""
    engine.write(lambda connection: connection.run("CREATE TABLE counter (value INTEGER NOT NULL)"))
    engine.write(lambda connection: connection.run("INSERT INTO counter (value) VALUES (0)"))
    return engine


def count(engine: Engine) -> int:
    row = engine.read(lambda connection: connection.one("SELECT value FROM counter"))
    assert row is not None
    return int(row[0])


@contextmanager
def process(program: str, url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "error", "-c", PRELUDE + program, url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield running


def test_what_several_processes_write_is_all_there(counter: Engine, database_url: str) -> None:
    with process(WRITE_FIFTY, database_url) as one, process(WRITE_FIFTY, database_url) as other:
        assert (one.wait(30), other.wait(30)) == (0, 0)
    assert count(counter) == 100


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_does_not_wait_for_another_process_longer_than_its_patience(
    counter: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "PATIENCE_SECONDS", 0.1)
    with process(WRITE_UNTIL_TOLD, database_url) as slow:
        assert slow.stdout is not None
        assert slow.stdout.readline() == "writing\n"
        with pytest.raises(StorageError, match="busy"):
            counter.write(lambda connection: connection.run(ADD_ONE))
        assert slow.poll() is None
    counter.write(lambda connection: connection.run(ADD_ONE))
    assert count(counter) == 1


def test_what_was_committed_survives_a_writer_killed_at_work(counter: Engine, database_url: str) -> None:
    with process(WRITE_FOR_EVER, database_url) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(20)]
        writer.kill()
    assert told == list(range(1, 21))
    after = count(counter)
    assert after >= 20
    counter.write(lambda connection: connection.run(ADD_ONE))
    assert count(counter) == after + 1, "the dead writer holds no lock"


def test_a_forked_child_goes_on_with_connections_of_its_own(counter: Engine, database_url: str) -> None:
    with process(FORK, database_url) as parent:
        assert parent.wait(30) == 0
    assert count(counter) == 3
