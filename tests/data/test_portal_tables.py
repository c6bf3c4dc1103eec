"""The sentences of `floor.portal_records`, on both engines: accounts, contacts, proposals, licences."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from activation.catalogue import Channel
from activation.rules import KeyRecord
from callcenter.floor.customers import Agreement, Contact, Right
from callcenter.floor.portal_records import Account, BaseLicence, ProposedContact, VolumeClient
from data.engine import StorageError
from data.store import Store

AddKey = Callable[..., KeyRecord]
NUMBER = "40718621"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def account(now: datetime) -> Account:
    return Account("c1", "hash", True, now, "link hash", now + MINUTE, now - MINUTE)


@pytest.fixture
def proposed(now: datetime) -> ProposedContact:
    rights = frozenset({Right.FETCH_KEYS, Right.RAISE_COUNTS})
    return ProposedContact("c9", NUMBER, "Odalys Pemberton", "+441632960109", rights, "c1", "contact:c1", now, now + MINUTE)


def do(store: Store, work: Callable[[Any], Any]) -> Any:
    return store.transaction(work)


def test_an_account_comes_back_as_it_was_kept(store: Store, account: Account) -> None:
    do(store, lambda tx: tx.accounts.save(account))
    assert store.read(lambda tx: (tx.accounts.find("c1"), tx.accounts.find("c2"))) == (account, None)
    assert do(store, lambda tx: (tx.accounts.of_link("link hash"), tx.accounts.of_link("other"))) == (account, None)


def test_saving_again_replaces_all_but_name_and_beginning(store: Store, account: Account, now: datetime) -> None:
    do(store, lambda tx: tx.accounts.save(account))
    changed = Account("c1", "another", False, now + MINUTE)
    do(store, lambda tx: tx.accounts.save(changed))
    assert store.read(lambda tx: tx.accounts.find("c1")) == replace(changed, created_at=now)
    assert do(store, lambda tx: tx.accounts.of_link("link hash")) is None


def test_two_accounts_without_an_invitation_stand_beside_each_other(store: Store, now: datetime) -> None:
    for name in ("c1", "c2"):
        do(store, lambda tx, name=name: tx.accounts.save(Account(name, "hash", False, now)))
    assert store.read(lambda tx: tx.accounts.find("c2")) == Account("c2", "hash", False, now)


def test_an_agreement_is_added_once(store: Store, agreement: Agreement) -> None:
    assert not do(store, lambda tx: tx.agreements.add(replace(agreement, licences=99)))
    other = replace(agreement, number="62309581")
    assert do(store, lambda tx: tx.agreements.add(other))
    assert store.read(lambda tx: tx.agreements.all()) == (agreement, other)


def test_contacts_of_an_account_are_those_named_under_it_and_itself(store: Store, agreement: Agreement, now: datetime) -> None:
    other = replace(agreement, number="62309581")
    mine = Contact("c1", NUMBER, "Imogen", "+441632960107", frozenset(Right), now)
    there = Contact("c7", other.number, "Imogen", "+441632960107", frozenset(), now, account="c1")
    colleague = Contact("c2", NUMBER, "Tobias", "+441632960108", frozenset(), now)
    do(store, lambda tx: tx.agreements.add(other))
    assert all(do(store, lambda tx, each=each: tx.agreements.add_contact(each)) for each in (mine, there, colleague))
    assert store.read(lambda tx: tx.agreements.of_account("c1")) == (mine, there)
    assert store.read(lambda tx: tx.agreements.of_account("c7")) == (), "nobody signs in as c7"
    assert (mine.signs_in_as, there.signs_in_as) == ("c1", "c1")
    assert not do(store, lambda tx: tx.agreements.add_contact(replace(mine, name="Somebody else")))
    assert store.read(lambda tx: tx.agreements.contact("c1")) == mine


def test_a_contact_is_changed_and_removed(store: Store, agreement: Agreement, now: datetime) -> None:
    contact = Contact("c1", NUMBER, "Imogen", "+441632960107", frozenset(), now)
    changed = replace(
        contact, name="Imogen F.", phone="+1", rights=frozenset({Right.FETCH_KEYS}), phone_changed_at=now + MINUTE
    )
    do(store, lambda tx: tx.agreements.add_contact(contact))
    do(store, lambda tx: tx.agreements.save_contact(replace(changed, agreement="ignored", account="ignored")))
    assert store.read(lambda tx: tx.agreements.contacts(NUMBER)) == (changed,)
    assert [do(store, lambda tx: tx.agreements.remove_contact("c1")) for _ in range(2)] == [True, False]
    assert store.read(lambda tx: tx.agreements.contact("c1")) is None


def test_a_proposal_is_due_at_its_moment_and_removed_once(
    store: Store, agreement: Agreement, proposed: ProposedContact, now: datetime
) -> None:
    later = replace(proposed, id="c8", proposed_at=now + MINUTE, takes_effect_at=now + 2 * MINUTE)
    for each in (later, proposed):
        do(store, lambda tx, each=each: tx.proposed_contacts.add(each))
    assert store.read(lambda tx: tx.proposed_contacts.of_agreement(NUMBER)) == (proposed, later)
    assert store.read(lambda tx: tx.proposed_contacts.due(now + MINUTE - timedelta(microseconds=1))) == ()
    assert store.read(lambda tx: tx.proposed_contacts.due(now + MINUTE)) == (proposed,)
    assert store.read(lambda tx: tx.proposed_contacts.find("c9")) == proposed
    assert [do(store, lambda tx: tx.proposed_contacts.remove("c9")) for _ in range(2)] == [True, False]
    assert store.read(lambda tx: tx.proposed_contacts.find("c9")) is None


def test_a_base_licence_is_registered_once(store: Store, agreement: Agreement, add_key: AddKey, now: datetime) -> None:
    add_key(1004, "windows-7-home-premium", Channel.RETAIL, 1)
    licence = BaseLicence(1004, NUMBER, now)
    assert [do(store, lambda tx: tx.licences.add_base(licence)) for _ in range(2)] == [True, False]
    assert store.read(lambda tx: (tx.licences.bases(NUMBER), tx.licences.bases("62309581"))) == ((licence,), ())


def test_one_computer_builds_on_one_base_licence(store: Store, agreement: Agreement, add_key: AddKey, now: datetime) -> None:
    add_key(1004, "windows-7-home-premium", Channel.RETAIL, 1)
    add_key(3001, "windows-7-professional", Channel.MAK, 50, agreement=NUMBER)
    do(store, lambda tx: tx.licences.add_base(BaseLicence(1004, NUMBER, now)))
    first = VolumeClient("v1", NUMBER, "reception-pc", 33, 3001, 1004, now)
    bare = [replace(first, id=f"v{number}", base_serial=None, registered_at=now + number * MINUTE) for number in (3, 4)]
    assert do(store, lambda tx: tx.licences.add_client(first))
    assert not do(store, lambda tx: tx.licences.add_client(replace(first, id="v2")))
    assert all(do(store, lambda tx, each=each: tx.licences.add_client(each)) for each in bare)
    assert store.read(lambda tx: tx.licences.clients(NUMBER)) == (bare[1], bare[0], first)


def test_nothing_is_kept_for_an_agreement_that_is_not_there(store: Store, proposed: ProposedContact) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - each engine has its own
        do(store, lambda tx: tx.proposed_contacts.add(proposed))
    assert not isinstance(refused.value, StorageError)
    assert store.read(lambda tx: tx.proposed_contacts.find("c9")) is None
