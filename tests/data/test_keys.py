"""Keys as records, and the limits that the database itself keeps, on both engines."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import psycopg
import pytest

from activation.catalogue import Channel
from activation.keys import ProductKey, read_key, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.floor.keys import FloorKey
from data.engine import Connection, Engine
from data.store import Store

AddKey = Callable[..., KeyRecord]


def test_a_key_is_found_with_all_that_its_label_says(store: Store, add_key: AddKey, secrets: Secrets, now: datetime) -> None:
    record = add_key(7, "windows-7-professional", Channel.MAK, 50)
    issued = store.read(lambda tx: tx.keys.get(7))
    assert issued == FloorKey(ProductKey(1, record.product, 7), record, now)
    assert read_key(write_key(issued.key, secrets), secrets) == issued.key


def test_an_unknown_serial_is_no_key(store: Store) -> None:
    assert store.read(lambda tx: tx.keys.get(7)) is None


def test_keys_come_by_serial_and_can_be_asked_for_by_channel(store: Store, add_key: AddKey) -> None:
    for serial, channel in ((9, Channel.MAK), (7, Channel.KMS), (8, Channel.MAK)):
        add_key(serial, "windows-7-professional", channel, 6)
    everything = store.read(lambda tx: tx.keys.all())
    maks = store.read(lambda tx: tx.keys.all(channel=Channel.MAK))
    assert [[key.record.serial for key in keys] for keys in (everything, maks)] == [[7, 8, 9], [8, 9]]


def test_a_key_that_is_there_keeps_its_count(store: Store, add_key: AddKey, secrets: Secrets) -> None:
    record = add_key(7, "windows-7-professional", Channel.MAK, 50)
    issued = store.read(lambda tx: tx.keys.get(7))
    assert issued is not None
    again = replace(issued, record=replace(record, allowed=1))
    store.transaction(lambda tx: tx.keys.add_missing([again], secrets))
    assert store.read(lambda tx: tx.keys.get(7)) == issued


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE keys SET used = allowed + 1",
        "UPDATE keys SET used = -1",
        "UPDATE keys SET agreement = '99999999'",
        "INSERT INTO seats VALUES ('a', 7, 33, '0000000000000001', 3, 2, 0)",
        "INSERT INTO seats VALUES ('a', 8, 33, '0000000000000001', 1, NULL, 0)",
        "INSERT INTO seats VALUES ('a', 7, 33, '0000000000000001', 1, NULL, 0), ('b', 7, 33, '0000000000000001', 1, NULL, 0)",
    ],
    ids=["over the limit", "below zero", "unknown agreement", "too many issues", "seat of no key", "one machine twice"],
)
def test_the_database_itself_refuses(engine: Engine, add_key: AddKey, change: str) -> None:
    add_key(7, "windows-7-professional", Channel.MAK, 2)

    def write(connection: Connection) -> None:
        connection.run(change)

    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        engine.write(write)
