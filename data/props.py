"""Keys made for a story or for training, with an agreement of their own where they have one: no customer's count is touched."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from activation.catalogue import Catalogue, Channel
from activation.claims import Door
from activation.desk import Installed
from activation.digits import with_check_digit
from activation.hardware import COMPONENTS, hash_hardware
from activation.keys import ProductKey, write_key
from activation.rules import KMS_ISSUES_PER_HOST, KeyRecord
from activation.secrets import Secrets
from callcenter.floor.customers import Agreement, Contact, Right
from callcenter.floor.keys import FloorKey
from data.store import Transaction

CONTACT_PHONE = "+12065550177"
"""Rung by nobody: callers of stories are verified by what they know."""
KNOWN_LONG = timedelta(days=400)
FACT_PRODUCT = "server-2008-r2-datacenter"
"""Of the other key of an agreement, about which a caller knows how many activations are left."""
FACT_ALLOWED = 50


class NoProps(Exception):
    """What a key was wanted for is not in the catalogue; the sentence says what."""


@dataclass(frozen=True, slots=True)
class KeyWanted:
    """A key and who speaks for it; a key without a programme belongs to no agreement."""

    product: str
    channel: str
    allowed: int
    used: int
    programme: str
    caller: str
    organisation: str


@dataclass(frozen=True, slots=True)
class KeyMade:
    """The key's text and serial; the agreement, its contact, and the fact that proves the contact, where there is one."""

    text: str
    serial: int
    agreement: str = ""
    contact: str = ""
    fact_serial: int = 0
    fact_left: int = 0


@dataclass(frozen=True, slots=True)
class Workshop:
    """What keys are made with; `choose(n)` picks a number below n."""

    catalogue: Catalogue
    secrets: Secrets
    choose: Callable[[int], int]


def make_key(tx: Transaction, workshop: Workshop, wanted: KeyWanted, now: datetime) -> KeyMade:
    """Makes the key, with its installations on record as the desk would have put them there. Raises NoProps."""
    agreement = _make_agreement(tx, workshop, wanted, now) if wanted.programme else ""
    key = _add(tx, workshop, wanted, agreement or None, now)
    made = KeyMade(write_key(key.key, workshop.secrets), key.record.serial)
    if not agreement:
        return made
    left = 11 + workshop.choose(FACT_ALLOWED - 20)
    fact_product = FACT_PRODUCT if wanted.product != FACT_PRODUCT else "server-2008-r2-web"
    other = replace(wanted, product=fact_product, channel="mak", allowed=FACT_ALLOWED, used=FACT_ALLOWED - left)
    fact = _add(tx, workshop, other, agreement, now)
    return replace(made, agreement=agreement, contact=_contact_id(agreement), fact_serial=fact.record.serial, fact_left=left)


def _make_agreement(tx: Transaction, workshop: Workshop, wanted: KeyWanted, now: datetime) -> str:
    if wanted.programme not in workshop.catalogue.programmes:
        raise NoProps(f"There is no programme {wanted.programme!r} for an agreement.")
    number = _free_number(tx, workshop)
    programme, name = wanted.programme, f"{wanted.organisation or wanted.caller} (training)"
    agreement = Agreement(number, programme, name, "US", licences=100, active=True, created_at=now - KNOWN_LONG)
    rights = frozenset(Right)
    contact = Contact(_contact_id(number), number, wanted.caller, CONTACT_PHONE, rights, phone_changed_at=now - KNOWN_LONG)
    tx.agreements.add_missing([agreement], [contact])
    return number


def _free_number(tx: Transaction, workshop: Workshop) -> str:
    while True:
        number = with_check_digit(f"9{workshop.choose(10**6):06d}")
        if tx.agreements.get(number) is None:
            return number


def _contact_id(agreement: str) -> str:
    return f"training-{agreement}"


def _add(tx: Transaction, workshop: Workshop, wanted: KeyWanted, agreement: str | None, now: datetime) -> FloorKey:
    product = workshop.catalogue.product_named(wanted.product)
    if product is None:
        raise NoProps(f"The catalogue has no product {wanted.product!r}.")
    serial = tx.keys.next_serial()
    record = KeyRecord(serial, product.code, Channel(wanted.channel), wanted.allowed, 0, agreement=agreement)
    key = FloorKey(ProductKey(workshop.secrets.epoch, product.code, serial), record, now)
    tx.keys.add(key, write_key(key.key, workshop.secrets)[-5:])
    tx.training.made(serial, now)
    for number in range(wanted.used):
        tx.ledger.take_seat(_installed(record, number, now - timedelta(days=30 + number)))
    return key


def _installed(record: KeyRecord, number: int, at: datetime) -> Installed:
    name = f"training-{record.serial}-{number}"
    hardware = hash_hardware({component.name: f"{name} {component.name}" for component in COMPONENTS})
    issues_allowed = KMS_ISSUES_PER_HOST if record.channel is Channel.KMS else None
    return Installed(name, record.serial, record.product, hardware, Door.WEB, at, issues_allowed)
