"""The activation web service on both engines: one decision, however many ask at once, and a batch that goes on where it stopped."""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from flask import Flask

from activation.catalogue import Catalogue, Channel
from activation.desk import Desk
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.service.activation.batch import PART_ROWS
from callcenter.service.activation.blueprint import activation_blueprint
from callcenter.service.activation.geography import Geography
from callcenter.service.activation.limits import Limits
from callcenter.service.activation.service import Service
from data.engine import Connection, Engine, StorageError
from data.schema import packaged_migrations
from data.store import Store

TABLES = re.findall(r"CREATE TABLE (\w+)", "\n".join(packaged_migrations().values()))

AtOnce = Callable[[int, Callable[[int], Any]], list[Any]]


@pytest.fixture
def app(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Flask:
    seats = count(1)
    desk = Desk(catalogue, secrets, lambda: f"seat-{next(seats)}")
    service = Service(store, desk, Geography({}), Limits(1000, 100_000), lambda: now, "+18005550199", "en", StorageError)
    app = Flask(__name__)
    app.register_blueprint(activation_blueprint(service))
    return app


@pytest.fixture
def key(add_key: Callable[..., KeyRecord]) -> KeyRecord:
    return add_key(7, "windows-7-professional", Channel.MAK, 1000)


def used(store: Store) -> int:
    found = store.read(lambda tx: tx.keys.get(7))
    assert found
    return found.record.used


def test_a_request_sent_many_times_at_once_is_decided_once(
    app: Flask, store: Store, key: KeyRecord, shown_id: Callable[..., str], at_once: AtOnce
) -> None:
    body = {"request_id": "once", "installation_id": shown_id(key, "machine")}
    answers = at_once(6, lambda _number: app.test_client().post("/activate", json=body).get_json())
    assert [answer["counted"] for answer in answers] == [True] * 6
    assert used(store) == 1


def test_requests_at_once_share_a_count_exactly(
    app: Flask, store: Store, key: KeyRecord, shown_id: Callable[..., str], at_once: AtOnce
) -> None:
    def ask(number: int) -> int:
        body = {"request_id": f"of-{number}", "installation_id": shown_id(key, f"machine {number}")}
        return app.test_client().post("/activate", json=body).status_code

    assert at_once(6, ask) == [200] * 6
    assert used(store) == 6


def test_a_batch_sent_twice_at_once_counts_every_row_once(
    app: Flask, store: Store, key: KeyRecord, shown_id: Callable[..., str], at_once: AtOnce
) -> None:
    rows = [{"row_id": str(n), "installation_id": shown_id(key, f"machine {n}")} for n in range(PART_ROWS + 10)]
    body = {"request_id": "batch", "rows": rows}
    first, second = at_once(2, lambda _number: app.test_client().post("/activate/batch", json=body).get_json())
    assert first["rows"] == second["rows"]
    assert all(row["counted"] for row in first["rows"])
    assert used(store) == PART_ROWS + 10


def test_nobody_reads_in_the_database_what_was_asked_and_answered(
    app: Flask, store: Store, engine: Engine, key: KeyRecord, shown_id: Callable[..., str], secrets: Secrets
) -> None:
    label = write_key(ProductKey(1, key.product, key.serial), secrets)
    shown = shown_id(key, "machine")
    body = {"request_id": "of-the-front-desk", "installation_id": shown, "product_key": label}
    answer = app.test_client().post("/activate", json=body, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert answer.status_code == 200

    def everything(connection: Connection) -> str:
        return "\n".join(str(connection.all(f"SELECT * FROM {table}")) for table in TABLES)

    kept = engine.read(everything)
    blocks = answer.get_json()["confirmation_id"]
    for said in (shown, "".join(blocks), " ".join(blocks), blocks[0], label, "of-the-front-desk", "198.51.100.7"):
        assert said not in kept
