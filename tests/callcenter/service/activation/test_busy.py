"""A database whose writer does not let go: a problem that says when to come again, and nothing half done."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

import pytest

from callcenter.service.activation.batch import PART_ROWS
from data.store import Store
from house.instance import House
from house.web import create_app

MAK = 4
Hold = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Hold:
    """Keeps other writers out; who asks meanwhile has no patience."""

    @contextmanager
    def holding(database: str) -> Iterator[None]:
        with closing(sqlite3.connect(database, isolation_level=None)) as writer, monkeypatch.context() as hurry:
            hurry.setattr("data.engine.PATIENCE_SECONDS", 0.01)
            writer.execute("BEGIN IMMEDIATE")
            yield

    return holding


def file_of(database_url: str) -> str:
    return database_url.removeprefix("sqlite:///")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The activation centre is very busy."),
        ("de", "Das Aktivierungszentrum ist sehr beschäftigt."),
        ("fr", "Le centre d'activation est très occupé."),
        ("es", "El centro de activación está muy ocupado."),
    ],
)
def test_a_request_whose_turn_does_not_come_is_told_when_to_come_again(
    web, hold: Hold, database_url: str, language: str, sentence: str
) -> None:
    with hold(file_of(database_url)):
        answer = web.ask(MAK, request_id="patient", language=language)
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, "application/problem+json", "10")
    assert answer.get_json()["code"] == "busy"
    assert answer.get_json()["detail"].startswith(sentence)
    assert web.used(MAK) == 0
    assert web.ask(MAK, request_id="patient", language=language).get_json()["counted"] is True


def test_counts_are_put_off_too(web, hold: Hold, database_url: str) -> None:
    with hold(file_of(database_url)):
        assert web.post("/activate/counts", product_key=web.label(MAK)).get_json()["code"] == "busy"


def test_a_batch_keeps_what_was_decided_before_and_goes_on_behind_it(
    web, hold: Hold, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.store.transaction(lambda tx: tx.keys.raise_allowed(MAK, 1000))
    rows = [{"row_id": str(n), "installation_id": web.shows(MAK, f"pc-{n}")} for n in range(PART_ROWS + 1)]
    turns = iter((nullcontext(), hold(file_of(database_url))))  # the first part's, the second's
    decide = web.store.transaction

    def transaction(_store: Store, work: Callable[..., object]) -> object:
        with next(turns, nullcontext()):
            return decide(work)

    monkeypatch.setattr(Store, "transaction", transaction)
    assert web.batch(rows, "long").get_json()["code"] == "busy"
    assert web.used(MAK) == PART_ROWS
    whole = web.batch(rows, "long").get_json()["rows"]
    assert [row["counted"] for row in whole] == [True] * (PART_ROWS + 1)
    assert web.used(MAK) == PART_ROWS + 1


def test_the_probe_says_that_a_database_that_cannot_be_used_is_no_service(web, database_url: str) -> None:
    # row 30: the service's side of it
    web.store.close()
    Path(file_of(database_url)).write_bytes(b"no database" * 1000)
    answer = web.client.get("/activate/probe")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")


def test_registering_says_the_same(house: House, hold: Hold) -> None:
    owner = {"name": "Ada", "address": "1 Example Road", "country": "GB", "mailings": False}
    form = {"request_id": "r-1", "product": "windows-7-professional", **owner}
    with hold(file_of(house.instance.database_url)):
        answer = create_app(house).test_client().post("/register", json=form)
    assert (answer.status_code, answer.get_json()["code"], answer.headers["Retry-After"]) == (503, "busy", "10")
