"""The demo data, `data/demo.toml`: loaded by whoever sets an instance up, and safe to load again."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from activation.catalogue import Catalogue, CatalogueError, Channel
from activation.claims import Door
from activation.desk import Installed
from activation.hardware import COMPONENTS, hash_hardware
from activation.keys import ProductKey, write_key
from activation.rules import KMS_ISSUES_PER_HOST, KeyRecord
from activation.secrets import Secrets
from callcenter.floor.customers import Agreement, Contact, Right
from callcenter.floor.keys import FloorKey
from callcenter.floor.passwords import hash_password
from callcenter.floor.people import Agent, Role
from callcenter.floor.portal_records import Account
from data.store import Store, Transaction

Row = Mapping[str, Any]

_EPOCH = 1
"""Demo keys belong to the first epoch, so that rotating the secrets changes none of them."""


@dataclass(frozen=True, slots=True)
class DemoKey:
    """A key to try, with the words that say what it shows."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """What an agent signs in with for the first time."""

    name: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True)
class ContactPassword:
    """What a customer's contact signs in to the portal with for the first time."""

    name: str
    organisation: str
    password: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What to print after loading: every key, and the passwords of those agents and contacts who were created just now."""

    keys: tuple[DemoKey, ...]
    passwords: tuple[FirstPassword, ...]
    contact_passwords: tuple[ContactPassword, ...] = ()


def load_demo(store: Store, catalogue: Catalogue, secrets: Secrets, choose_password: Callable[[], str], now: datetime) -> Demo:
    """Puts the demo data in. What is there already stays as it is, counts and passwords included."""
    raw = tomllib.loads(files("data").joinpath("demo.toml").read_text(encoding="utf-8"))
    titles = {row["serial"]: row["title"] for row in raw["keys"]["rows"]}
    keys = tuple(_keys(raw, catalogue, now))

    def load(tx: Transaction) -> tuple[tuple[FirstPassword, ...], tuple[ContactPassword, ...]]:
        _add_agreements(tx, raw["agreements"], now)
        _add_keys(tx, keys, secrets, now)
        agents = _add_agents(tx, raw["agents"], choose_password, now)
        return agents, _add_accounts(tx, raw["agreements"], choose_password, now)

    shown = tuple(DemoKey(titles[key.key.serial], write_key(key.key, secrets)) for key in keys)
    return Demo(shown, *store.transaction(load))


def _keys(raw: Row, catalogue: Catalogue, now: datetime) -> Iterator[FloorKey]:
    """The keys as they will stand once their installations are recorded."""
    programme_of = {row["number"]: row["programme"] for row in raw["agreements"]}
    for row in raw["keys"]["rows"]:
        product = catalogue.product_named(row["product"])
        if product is None:
            raise CatalogueError(f"demo.toml names the product {row['product']!r}, which the catalogue does not have.")
        agreement = row.get("agreement")
        allowed = row.get("allowed") or catalogue.programmes[programme_of[agreement]].mak_allowance
        record = KeyRecord(
            serial=row["serial"],
            product=product.code,
            channel=Channel(row["channel"]),
            allowed=allowed,
            used=row.get("used", 0),
            blocked=row.get("blocked", False),
            agreement=agreement,
        )
        yield FloorKey(ProductKey(_EPOCH, product.code, record.serial), record, now)


def _add_agreements(tx: Transaction, rows: Sequence[Row], now: datetime) -> None:
    contacts = [_contact(contact, row["number"], now) for row in rows for contact in row["contacts"]]
    tx.agreements.add_missing([_agreement(row, now) for row in rows], contacts)


def _agreement(row: Row, now: datetime) -> Agreement:
    return Agreement(
        number=row["number"],
        programme=row["programme"],
        organisation=row["organisation"],
        country=row["country"],
        licences=row["licences"],
        active=row.get("active", True),
        created_at=now,
    )


def _contact(row: Row, agreement: str, now: datetime) -> Contact:
    changed_at = now - timedelta(days=row.get("phone_changed_days_ago", 400))
    rights, account = frozenset(map(Right, row["rights"])), row.get("account", "")
    return Contact(row["id"], agreement, row["name"], row["phone"], rights, changed_at, account)


def _add_keys(tx: Transaction, keys: Sequence[FloorKey], secrets: Secrets, now: datetime) -> None:
    """Only a key that is new gets its installations, through the ledger: count and seats agree and never start again."""
    new = [key for key in keys if tx.keys.get(key.key.serial) is None]
    tx.keys.add_missing([replace(key, record=replace(key.record, used=0)) for key in new], secrets)
    for key in new:
        for number in range(key.record.used):
            tx.ledger.take_seat(_installed(key.record, number, now - timedelta(days=30 + number)))


def _installed(record: KeyRecord, number: int, now: datetime) -> Installed:
    name = f"demo-{record.serial}-{number}"
    hardware = hash_hardware({component.name: f"{name} {component.name}" for component in COMPONENTS})
    issues_allowed = KMS_ISSUES_PER_HOST if record.channel is Channel.KMS else None
    return Installed(name, record.serial, record.product, hardware, Door.WEB, now, issues_allowed)


def _add_agents(
    tx: Transaction, rows: Sequence[Row], choose_password: Callable[[], str], now: datetime
) -> tuple[FirstPassword, ...]:
    new = [row for row in rows if tx.people.find(row["name"]) is None]
    passwords = tuple(FirstPassword(row["name"], Role(row["role"]), choose_password()) for row in new)
    for row, first in zip(new, passwords, strict=True):
        digest = hash_password(first.password)
        spoken = frozenset(row["languages"])
        tx.people.add(
            Agent(first.name, row["full_name"], first.role, digest, must_change=True, created_at=now, languages=spoken)
        )
    return passwords


def _add_accounts(
    tx: Transaction, rows: Sequence[Row], choose_password: Callable[[], str], now: datetime
) -> tuple[ContactPassword, ...]:
    """Every contact signs in to the portal, once for all the agreements that they are named in."""
    named = [(contact["id"], row["organisation"]) for row in rows for contact in row["contacts"] if "account" not in contact]
    new = [(name, organisation) for name, organisation in named if tx.accounts.find(name) is None]
    passwords = tuple(ContactPassword(name, organisation, choose_password()) for name, organisation in new)
    for first in passwords:
        tx.accounts.save(Account(first.name, hash_password(first.password), must_change=True, created_at=now))
    return passwords
