"""The sentences of `floor.registrations.Registrations`, on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from activation.catalogue import Catalogue
from callcenter.floor.registrations import Registrant, Registration
from data.engine import Engine
from data.store import Store, open_store

ROSA = Registrant("Rosa Lindgren", "4 Heron Lane, Ely", "rosa@example.org")


@pytest.fixture
def registration(now: datetime) -> Registration:
    return Registration("r1", 21, "GB", True, ROSA, now)


def add(store: Store, registration: Registration, request_id: str) -> bool:
    return store.transaction(lambda tx: tx.registrations.add(registration, request_id))


def test_registrations_come_newest_first_as_they_were_told(store: Store, registration: Registration) -> None:
    later = replace(registration, id="r2", wants_mailings=False, registered_at=registration.registered_at + timedelta(hours=1))
    assert add(store, registration, "one")
    assert add(store, later, "two")
    assert store.read(lambda tx: tx.registrations.all()) == (later, registration)


def test_what_is_sent_twice_is_kept_once(store: Store, registration: Registration) -> None:
    assert add(store, registration, "one")
    assert not add(store, replace(registration, id="r2"), "one")
    assert store.read(lambda tx: tx.registrations.all()) == (registration,)


def test_what_is_erased_is_gone(store: Store, registration: Registration) -> None:
    add(store, registration, "one")
    assert store.transaction(lambda tx: tx.registrations.erase("r1"))
    assert not store.transaction(lambda tx: tx.registrations.erase("r1"))
    assert store.read(lambda tx: tx.registrations.all()) == ()


def test_who_registered_is_encrypted_in_the_table(store: Store, engine: Engine, registration: Registration) -> None:
    add(store, registration, "one")
    (row,) = engine.read(lambda connection: connection.all("SELECT * FROM registrations"))
    kept = str(row)
    assert "GB" in kept
    assert not [word for word in ("Rosa", "Heron", "example.org") if word in kept]


def test_no_column_leads_to_an_activation(store: Store, engine: Engine, registration: Registration) -> None:
    add(store, registration, "one")
    (row,) = engine.read(lambda connection: connection.all("SELECT * FROM registrations"))
    assert row[:5] == ("r1", "one", 21, "GB", 1)
    assert len(row) == 7


def test_words_under_other_secrets_are_none_and_can_be_erased(
    store: Store, database_url: str, catalogue: Catalogue, registration: Registration
) -> None:
    add(store, registration, "one")
    other = open_store(database_url, catalogue=catalogue, payload_key=b"o" * 32)
    try:
        assert other.read(lambda tx: tx.registrations.all()) == (replace(registration, registrant=None),)
        assert other.transaction(lambda tx: tx.registrations.erase("r1"))
    finally:
        other.close()


def test_a_registration_of_nobody_is_not_kept(store: Store, registration: Registration) -> None:
    with pytest.raises(ValueError, match="who registered"):
        add(store, replace(registration, registrant=None), "one")
