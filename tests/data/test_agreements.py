"""Agreements and their contacts, on both engines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from activation.catalogue import Channel
from activation.rules import KeyRecord
from callcenter.floor.customers import Agreement, Contact, Right
from data.store import Store
from ivr.records import VolumeAgreement, VolumeGroup

AddKey = Callable[..., KeyRecord]
NUMBER = "40718621"


@pytest.fixture
def agreement(store: Store, now: datetime) -> Agreement:
    """An active agreement with two contacts."""
    agreement = Agreement(NUMBER, "open", "Larkspur Veterinary Clinic", "GB", 12, True, now)
    contacts = [
        Contact("c2", NUMBER, "Tobias Quill", "+441632960108", frozenset(), now),
        Contact("c1", NUMBER, "Imogen Fairweather", "+441632960107", frozenset(Right), now),
    ]
    store.transaction(lambda tx: tx.agreements.add_missing([agreement], contacts))
    return agreement


def test_an_active_agreement_is_found_with_its_maks_and_their_counts(
    store: Store, agreement: Agreement, add_key: AddKey
) -> None:
    add_key(3, "server-2008-standard", Channel.MAK, 500, agreement=NUMBER)
    add_key(4, "windows-7-professional", Channel.MAK, 50, agreement=NUMBER)
    add_key(5, "windows-7-professional", Channel.KMS, 6, agreement=NUMBER)
    add_key(6, "vista-business", Channel.MAK, 25)
    assert store.read(lambda tx: tx.agreements.find(NUMBER)) == VolumeAgreement(
        NUMBER,
        (
            VolumeGroup("windows-7", "Windows 7", 50, 0),
            VolumeGroup("server-2008-b", "Windows Server 2008 group B", 500, 0),
        ),
    )


def test_an_agreement_without_a_mak_is_found_without_groups(store: Store, agreement: Agreement) -> None:
    assert store.read(lambda tx: tx.agreements.find(NUMBER)) == VolumeAgreement(NUMBER, ())


def test_an_ended_or_unknown_agreement_is_not_found(store: Store, agreement: Agreement) -> None:
    ended = replace(agreement, number="53748509", active=False)
    store.transaction(lambda tx: tx.agreements.add_missing([ended], []))
    assert store.read(lambda tx: (tx.agreements.find("53748509"), tx.agreements.find("99999999"))) == (None, None)
    assert store.read(lambda tx: tx.agreements.get("53748509")) == ended


def test_agreements_come_by_number_and_contacts_by_name(store: Store, agreement: Agreement) -> None:
    assert store.read(lambda tx: tx.agreements.all()) == (agreement,)
    contacts = store.read(lambda tx: tx.agreements.contacts(NUMBER))
    assert [(contact.name, contact.rights) for contact in contacts] == [
        ("Imogen Fairweather", frozenset(Right)),
        ("Tobias Quill", frozenset()),
    ]


def test_what_is_there_stays_as_it_is(store: Store, agreement: Agreement) -> None:
    store.transaction(lambda tx: tx.agreements.add_missing([replace(agreement, licences=99)], []))
    assert store.read(lambda tx: tx.agreements.get(NUMBER)) == agreement
