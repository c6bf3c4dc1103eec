"""Answers kept for web requests that come again: sealed, once, erased in time; on both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import InvalidToken

from activation.catalogue import Catalogue
from data.engine import Connection, Engine
from data.store import Store, Transaction, open_store

ANSWER = b'{"confirmation_id": ["050213", "436677"]}'


def keep(store: Store, now: datetime, request: str = "digest", part: int = 0) -> None:
    store.transaction(lambda tx: tx.web_answers.keep(request, part, ANSWER, now))


def find(store: Store, request: str = "digest", part: int = 0) -> bytes | None:
    return store.read(lambda tx: tx.web_answers.find(request, part))


def test_what_was_kept_is_found_by_request_and_part(store: Store, now: datetime) -> None:
    keep(store, now)
    assert (find(store), find(store, part=1), find(store, "other")) == (ANSWER, None, None)


def test_nobody_reads_a_confirmation_id_in_the_table(store: Store, engine: Engine, now: datetime) -> None:
    keep(store, now)

    def select(connection: Connection) -> list[tuple[Any, ...]]:
        return connection.all("SELECT * FROM web_answers")

    assert "050213" not in str(engine.read(select))


def test_another_centres_secrets_open_nothing(store: Store, database_url: str, catalogue: Catalogue, now: datetime) -> None:
    keep(store, now)
    other = open_store(database_url, catalogue=catalogue, payload_key=b"x" * 32)
    with pytest.raises(InvalidToken):
        find(other)
    other.close()


def test_old_answers_are_erased_and_newer_ones_stay(store: Store, now: datetime) -> None:
    keep(store, now, "old")
    keep(store, now + timedelta(hours=1), "new")
    assert store.transaction(lambda tx: tx.web_answers.erase_before(now + timedelta(minutes=30))) == 1
    assert (find(store, "old"), find(store, "new")) == (None, ANSWER)


def test_of_many_that_answer_the_same_request_at_once_one_does(
    store: Store, now: datetime, at_once: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    def answer(number: int) -> bytes:
        mine = str(number).encode()

        def work(tx: Transaction) -> bytes:
            kept = tx.web_answers.find("digest", 0)
            if kept is None:
                tx.web_answers.keep("digest", 0, mine, now)
            return kept or mine

        return store.transaction(work)

    assert len(set(at_once(8, answer))) == 1
