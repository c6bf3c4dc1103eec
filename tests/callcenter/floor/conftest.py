"""A floor to test on: the real store with a few customers, keys and a call, and people of every role to act."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from activation.catalogue import Catalogue, Channel
from activation.claims import Door
from activation.desk import Installed
from activation.hardware import COMPONENTS, hash_hardware
from activation.keys import ProductKey
from activation.rules import KMS_ISSUES_PER_HOST, KeyRecord
from activation.secrets import Secrets
from callcenter.floor import limits, new_keys, verification
from callcenter.floor.acting import Acting
from callcenter.floor.customers import Agreement, Contact, Right
from callcenter.floor.keys import FloorKey
from callcenter.floor.people import Agent, Role
from callcenter.floor.policy import Policy
from callcenter.floor.requests import Change, Method, ReasonCode, Request
from callcenter.floor.verification import Claimant
from data.post_office import PostOffice
from data.store import Store, open_engine, open_store
from data.times import to_microseconds
from ivr.records import NewCall, NewCase

AUDIT_KEY = b"k" * 32
LARKSPUR, LARKSPUR_ABROAD, CALDER, GUMNUT, ENDED = "40718621", "62309581", "51203471", "70415265", "53748509"
MAK, MAK_VISTA, KMS, FOREIGN_MAK, RETAIL = 3001, 3002, 4001, 3004, 1001


@dataclass
class Floor:
    """The store, a clock to turn, and short ways to do what the tests are not about."""

    store: Store
    catalogue: Catalogue
    secrets: Secrets
    database_url: str
    now: datetime
    policy: Policy = field(default_factory=Policy)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def new_id(self) -> str:
        return f"id-{next(self._numbers):04d}"

    def do(self, work: Callable[[Any], Any]) -> Any:
        return self.store.transaction(work)

    def acting(self, name: str = "amira", role: Role = Role.AGENT) -> Acting:
        agent = Agent(name, name.capitalize(), role, password_hash="", must_change=False, created_at=self.now)
        return Acting(agent, AUDIT_KEY, self.now)

    def celeste(self) -> Acting:
        return self.acting("celeste", Role.SUPERVISOR)

    def later(self, time: timedelta) -> None:
        self.now += time

    def open_case(self, serial: int | None = MAK, reason: str = "agent.mak_limit", **collected: object) -> str:
        sid = f"CA{next(self._numbers):032d}"

        def work(tx: Any) -> str:
            assert tx.calls.open(NewCall(sid, f"hash {sid}", "43", "+448081570142", self.now))
            return tx.cases.open(NewCase(sid, reason, "en", collected, serial), self.now)

        return self.do(work)

    def claimant(self, case: str | None = None, agreement: str = LARKSPUR, contact: str = "imogen") -> Claimant:
        return Claimant(case or self.open_case(), agreement, contact)

    def verified(self, case: str | None = None, **who: str) -> Claimant:
        claimant = self.claimant(case, **who)
        self.do(lambda tx: verification.call_contact(tx, self.acting(), claimant, self.policy))
        passed = self.do(lambda tx: verification.call_back(tx, self.acting(), claimant, self.policy))
        assert passed.method == Method.CALL_BACK
        return claimant

    def wish(self, amount: int = 10, **rest: Any) -> limits.Wish:
        asked: dict[str, Any] = {"change": Change.RAISE, "serial": MAK, "reason": ReasonCode.NEW_PURCHASE, "amount": amount}
        return limits.Wish(**(asked | rest))

    def ask(self, wish: limits.Wish, acting: Acting | None = None) -> Any:
        by = acting or self.acting()
        return self.do(lambda tx: limits.ask(tx, by, wish, self.policy, self.new_id, self.catalogue))

    def issuing(self) -> new_keys.Issuing:
        return new_keys.Issuing(self.catalogue, self.secrets, self.new_id)

    def key(self, serial: int = MAK) -> KeyRecord:
        return self.store.read(lambda tx: tx.keys.get(serial)).record

    def request(self, id: str) -> Request:
        return self.do(lambda tx: tx.requests.find(id))

    def outbox(self) -> list[Mapping[str, str]]:
        """Everything that is to leave, in order; it is taken out."""
        post, payloads = PostOffice(self.store), []
        while item := post.claim_next(self.now, lease_seconds=60):
            payloads.append(item.payload)
            post.done(item.id)
        return payloads

    def acts(self) -> list[str]:
        return [entry.act for entry in self.store.read(lambda tx: tx.audit.after(0, 1000))]

    def add_key(self, serial: int, product: str, channel: Channel, allowed: int, used: int, agreement: str | None) -> None:
        found = self.catalogue.product_named(product)
        assert found
        record = KeyRecord(serial, found.code, channel, allowed, used, agreement=agreement)
        self.do(lambda tx: tx.keys.add_missing([FloorKey(ProductKey(1, found.code, serial), record, self.now)], self.secrets))

    def install(self, serial: int, machine: str) -> str:
        """One more machine takes a seat of the key; its seat's id."""
        key = self.key(serial)
        hardware = hash_hardware({component.name: f"{machine} {component.name}" for component in COMPONENTS})
        issues_allowed = KMS_ISSUES_PER_HOST if key.channel is Channel.KMS else None
        installed = Installed(machine, serial, key.product, hardware, Door.PHONE, self.now, issues_allowed)
        assert self.do(lambda tx: tx.ledger.take_seat(installed))
        return machine

    def alter(self, statement: str, **values: object) -> None:
        """What a later page will do to customers, done behind the floor's back."""
        engine = open_engine(self.database_url)
        assert engine.write(lambda connection: connection.run(statement, **values)) == 1
        engine.close()

    def change_phone(self, contact: str) -> None:
        """The contact's number on file changes now."""
        self.alter("UPDATE contacts SET phone_changed_at = :at WHERE id = :id", at=to_microseconds(self.now), id=contact)


@pytest.fixture
def new_floor(tmp_path: Path, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Iterator[Callable[[], Floor]]:
    """Opens as many floors as a test wants, each on a database of its own."""
    stores = []

    def open_floor() -> Floor:
        url = f"sqlite:///{tmp_path / f'floor-{len(stores)}.db'}"
        store = open_store(url, catalogue=catalogue, payload_key=secrets.purpose("outbox"))
        stores.append(store)
        store.migrate(now)
        floor = Floor(store, catalogue, secrets, url, now)
        furnish(floor)
        return floor

    yield open_floor
    for store in stores:
        store.close()


@pytest.fixture
def floor(new_floor: Callable[[], Floor]) -> Floor:
    """Larkspur with two agreements, a MAK with 45 of 50 used, one for Vista, a KMS key; Calder with a MAK; a retail key."""
    return new_floor()


def furnish(floor: Floor) -> None:
    """Puts the customers and their keys there."""
    long_ago = floor.now - timedelta(days=400)

    def agreement(number: str, programme: str, organisation: str, *, active: bool = True) -> Agreement:
        return Agreement(number, programme, organisation, "GB", 50, active, long_ago)

    agreements = [
        agreement(LARKSPUR, "open", "Larkspur Veterinary Clinic"),
        agreement(LARKSPUR_ABROAD, "select", "Larkspur Veterinary Clinic"),
        agreement(CALDER, "select", "Calder & Voss Engineering"),
        agreement(GUMNUT, "spla", "Gumnut Hosting"),
        agreement(ENDED, "open", "Larkspur Veterinary Clinic", active=False),
    ]
    contacts = [
        Contact("imogen", LARKSPUR, "Imogen Fairweather", "+441632960107", frozenset(Right), long_ago),
        Contact(
            "tobias", LARKSPUR, "Tobias Quill", "+441632960108", frozenset({Right.FETCH_KEYS}), floor.now - timedelta(days=3)
        ),
        Contact("greta", LARKSPUR_ABROAD, "Greta Holm", "+441632960109", frozenset({Right.RAISE_COUNTS}), long_ago),
        Contact("renata", CALDER, "Renata Okafor", "+12065550117", frozenset(Right), long_ago),
        Contact("matilda", GUMNUT, "Matilda Brightwater", "+61491570156", frozenset(Right), long_ago),
    ]
    floor.do(lambda tx: tx.agreements.add_missing(agreements, contacts))
    floor.add_key(MAK, "windows-7-professional", Channel.MAK, 50, 45, LARKSPUR)
    floor.add_key(MAK_VISTA, "vista-business", Channel.MAK, 25, 20, LARKSPUR)
    floor.add_key(KMS, "windows-7-professional", Channel.KMS, 6, 0, LARKSPUR)
    floor.add_key(FOREIGN_MAK, "server-2008-standard", Channel.MAK, 500, 12, CALDER)
    floor.add_key(RETAIL, "windows-7-professional", Channel.RETAIL, 1, 1, None)
