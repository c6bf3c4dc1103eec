"""A whole centre as `init` leaves it, with a clock to turn: contacts' browsers at the portal, agents' at the console."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from activation.claims import Door
from activation.desk import Installed
from activation.hardware import COMPONENTS, hash_hardware
from callcenter.floor.audit import AuditEntry
from callcenter.floor.keys import FloorKey
from callcenter.floor.passwords import hash_password
from callcenter.floor.people import Agent, Availability, Presence, Role
from callcenter.floor.portal_records import Account
from data.demo import load_demo
from data.instance import create_instance
from data.store import Store
from house.clerk import jobs_of
from house.instance import House
from house.web import create_app
from ivr.heard import Digits, Silence
from ivr.house import Incoming
from ivr.phone_numbers import PhoneNumber

PASSWORD = "seven calm ferries"
FIRST = "a first password"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Clock:
    """The centre's time, which tests turn on."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Browser:
    """Somebody's browser: pages, and forms sent with the token that the pages give."""

    client: FlaskClient
    form_on: str

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def send(self, path: str, *, form_on: str = "", **fields: Any) -> TestResponse:
        page = self.get(form_on or self.form_on)
        found = _TOKEN.search(page.text)
        assert found, f"{form_on or self.form_on} has no form: {page.status} {page.text}"
        return self.client.post(path, data={"csrf_token": found[1], **fields})

    def read(self, path: str) -> str:
        """The page as text that a test can look for words in."""
        return words(self.client.get(path, follow_redirects=True).text)


def words(page: str) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"(?s)<(script|title)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


@dataclass
class Centre:
    """The centre with its application, and short ways to do what tests are not about."""

    app: Flask
    house: House
    clock: Clock
    _sids: Any = field(default_factory=lambda: count(0xE0))

    @property
    def store(self) -> Store:
        return self.house.store

    def browser(self, form_on: str = "/portal/sign-in") -> Browser:
        """A browser nobody has signed in with."""
        return Browser(self.app.test_client(), form_on)

    def contact(self, name: str = "larkspur-1") -> Browser:
        """A contact who has signed in and has a password of their own."""
        account = Account(name, hash_password(PASSWORD), must_change=False, created_at=self.clock.now)
        self.store.transaction(lambda tx: tx.accounts.save(account))
        browser = self.browser()
        answer = browser.send("/portal/sign-in", name=name, password=PASSWORD)
        assert (answer.status_code, answer.location) == (303, "/portal"), answer.text
        browser.form_on = "/portal"
        return browser

    def agent(self, name: str, role: Role) -> Browser:
        """Somebody of the centre who has signed in at the console and is available."""
        agent = Agent(name, f"{name.title()} Doe", role, hash_password(PASSWORD), False, self.clock.now, phone=f"client:{name}")
        self.store.transaction(lambda tx: tx.people.add(agent))
        browser = self.browser("/console/sign-in")
        answer = browser.send("/console/sign-in", name=name, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        here = Presence(name, Availability.AVAILABLE, "", self.clock.now, self.clock.now)
        self.store.transaction(lambda tx: tx.presences.set(here))
        browser.form_on = "/console/profile"
        return browser

    def calls_about_keys(self, agreement: str) -> tuple[str, str]:
        """Somebody who wants a volume key and waits for a person: the CallSid and the case."""
        sid, turn = f"CA{next(self._sids):032x}", None
        for heard in (Silence(), Digits("4"), Digits("1"), Digits(agreement)):
            incoming = Incoming(sid, turn, heard, PhoneNumber("+447700900143"), PhoneNumber("+18005550199"))
            self.house.conversation.answer(incoming)
            turn = self.store.read(lambda tx: tx.calls.find(sid)).turn  # type: ignore[union-attr]
        case = self.store.read(lambda tx: tx.cases.of_call(sid))
        assert case
        return sid, case.number

    def activates(self, serial: int, machine: str) -> None:
        """A computer is activated under the key, as the desk does it."""
        key = self.key(serial)
        hardware = hash_hardware({component.name: f"{machine} {component.name}" for component in COMPONENTS})
        installed = Installed(machine, serial, key.record.product, hardware, Door.WEB, self.clock.now, None)
        assert self.store.transaction(lambda tx: tx.ledger.take_seat(installed))

    def key(self, serial: int) -> FloorKey:
        found = self.store.read(lambda tx: tx.keys.get(serial))
        assert found
        return found

    def acts(self) -> list[AuditEntry]:
        """What is on the record, oldest first."""
        return list(self.store.read(lambda tx: tx.audit.after(0, 1000)))

    def clerk_works(self) -> None:
        """Every job of the clerk once."""
        for job in jobs_of(self.house):
            job.run()


@pytest.fixture
def clock() -> Clock:
    """The time that every part of the centre goes by."""
    return Clock()


@pytest.fixture
def open_centre(tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Centre]]:
    """Sets a centre up."""
    houses: list[House] = []

    def opening() -> Centre:
        home = tmp_path / "instance"
        create_instance(home)
        house = House(home, {"ACTIVATION_CENTER_TELEPHONY_URL": "http://127.0.0.1:9"}, clock)
        house.database.migrate(clock.now)
        load_demo(house.store, house.catalogue, house.secrets, lambda: FIRST, clock.now - timedelta(days=1))
        houses.append(house)
        return Centre(create_app(house), house, clock)

    yield opening
    for house in houses:
        house.store.close()


@pytest.fixture
def centre(open_centre: Callable[[], Centre]) -> Centre:
    """The centre with its demo customers."""
    return open_centre()
