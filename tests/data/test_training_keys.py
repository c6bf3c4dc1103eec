"""Keys made for training: told apart from customers', taken away with all that hangs on them, their serials never given again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from activation.catalogue import Catalogue, Channel
from activation.claims import Door
from activation.desk import Installed
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.floor.customers import Agreement
from callcenter.floor.portal_records import Account, BaseLicence, VolumeClient
from callcenter.floor.requests import Change, ReasonCode, Request
from callcenter.floor.training_records import Run, RunStatus
from data.props import KeyMade, KeyWanted, NoProps, Workshop, make_key
from data.store import Store

AN_HOUR = timedelta(hours=1)
RETAIL = KeyWanted("windows-7-home-premium", "retail", 1, 0, "", "Nadia Brandvold", "")
MAK = KeyWanted("windows-7-professional", "mak", 50, 3, "open", "Imogen Tate", "Larkspur")

Make = Callable[..., KeyMade]


@pytest.fixture
def make(store: Store, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Make:
    workshop = Workshop(catalogue, secrets, lambda below: below // 2)
    return lambda wanted, at=now: store.transaction(lambda tx: make_key(tx, workshop, wanted, at))


def take_away(store: Store, before: datetime) -> int:
    return store.transaction(lambda tx: tx.training.take_away(before))


def serials(store: Store) -> list[int]:
    return store.read(lambda tx: [key.record.serial for key in tx.keys.all()])


def test_a_key_is_made_with_its_agreement_and_the_fact_that_proves_its_contact(store: Store, make: Make) -> None:
    made = make(MAK)
    key, fact = store.read(lambda tx: (tx.keys.get(made.serial), tx.keys.get(made.fact_serial)))
    assert (key.record.used, key.record.allowed, key.record.agreement) == (3, 50, made.agreement)
    assert fact.record.allowed - fact.record.used == made.fact_left
    assert [each.id for each in store.read(lambda tx: tx.agreements.contacts(made.agreement))] == [made.contact]


@pytest.mark.parametrize(("entry", "value"), [("product", "windows-12"), ("programme", "handshake")])
def test_a_key_for_what_is_not_in_the_catalogue_is_refused_by_name(make: Make, entry: str, value: str) -> None:
    facts = {name: getattr(MAK, name) for name in KeyWanted.__dataclass_fields__}
    with pytest.raises(NoProps, match=value):
        make(KeyWanted(**facts | {entry: value}))


def test_what_was_made_is_taken_away_and_customers_keep_everything(
    store: Store, make: Make, add_key: Callable[..., KeyRecord], agreement: Agreement, now: datetime
) -> None:
    customers = add_key(7, "windows-7-professional", Channel.MAK, 6, agreement=agreement.number)
    store.transaction(lambda tx: tx.ledger.take_seat(Installed("theirs", 7, customers.product, 1, Door.PHONE, now, None)))
    retail, mak = make(RETAIL), make(MAK)
    assert serials(store) == [7, retail.serial, mak.serial, mak.fact_serial]
    assert take_away(store, now + AN_HOUR) == 3
    assert serials(store) == [7]
    assert store.read(lambda tx: [each.number for each in tx.agreements.all()]) == [agreement.number]
    assert [each.id for each in store.read(lambda tx: tx.activations.newest(9))] == ["theirs"]
    assert take_away(store, now + AN_HOUR) == 0


def test_what_agents_and_contacts_did_with_it_goes_as_well(store: Store, make: Make, now: datetime) -> None:
    made, retail = make(MAK), make(RETAIL)
    raised = Request("R1", Change.RAISE, "amira", now, ReasonCode.NEW_PURCHASE, serial=made.serial, amount=10)
    host = Request("R2", Change.RAISE, "amira", now, ReasonCode.NEW_PURCHASE, agreement=made.agreement, amount=10)

    def work(tx: Any) -> None:
        tx.requests.add(raised)
        tx.requests.add(host)
        tx.notices.add(made.agreement, None, "Raised.", now)
        tx.verifications.add_code(made.agreement, made.contact, "hash", now + AN_HOUR)
        tx.accounts.save(Account(made.contact, "hash", False, now))
        tx.licences.add_base(BaseLicence(retail.serial, made.agreement, now))
        tx.licences.add_client(VolumeClient("C1", made.agreement, "PC-1", 1, made.serial, retail.serial, now))

    store.transaction(work)
    take_away(store, now + AN_HOUR)
    assert serials(store) == []
    assert store.read(lambda tx: (tx.requests.recent(9), tx.accounts.find(made.contact))) == ((), None)


def test_a_key_that_an_agent_issued_under_the_agreement_goes_with_it(
    store: Store, make: Make, add_key: Callable[..., KeyRecord], now: datetime
) -> None:
    made = make(MAK)
    add_key(9000, "server-2008-standard", Channel.MAK, 50, agreement=made.agreement)
    assert take_away(store, now + AN_HOUR) == 3
    assert serials(store) == []
    assert make(RETAIL).serial == 9001


def test_a_serial_is_never_given_again(store: Store, make: Make, now: datetime) -> None:
    first = make(RETAIL).serial
    take_away(store, now + AN_HOUR)
    assert make(RETAIL).serial == first + 1


def test_what_callers_on_the_line_have_and_what_is_younger_stays(store: Store, make: Make, now: datetime) -> None:
    gone, on_the_line = make(MAK), make(RETAIL)
    young = make(RETAIL, now + AN_HOUR)

    def work(tx: Any) -> None:
        for id, made in (("gone", gone), ("here", on_the_line)):
            tx.training.add(Run(id, 9, "celeste", now))
            tx.training.note(id, doing="", call_sid=f"CA-{id}", serial=made.serial, agreement=made.agreement or None)
        tx.training.end("gone", RunStatus.ENDED, "is activated", now)

    store.transaction(work)
    take_away(store, now + AN_HOUR)
    assert serials(store) == [on_the_line.serial, young.serial]
    assert [run.id for run in store.read(lambda tx: tx.training.newest(9))] == ["here"]
