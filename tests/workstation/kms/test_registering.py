"""Hosts register with a real centre, by phone and by web: six hosts to a key, ten issues to a host, and more after a raise."""

import json
import re
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from activation.keys import write_key
from data.demo import load_demo
from data.instance import create_instance
from data.switches import OUTAGE
from house.instance import House
from house.web import create_app
from workstation.kms.commands import kms

VISTA_HOST, SEVEN_HOST, R2_HOST = 4001, 4002, 4007
"""Demo host keys with six hosts each; two of the second's are in use."""

calls = count(1)


@dataclass
class Vendor:
    """The centre, served on a free port, and the hosts of the instance's own network."""

    house: House
    url: str

    @property
    def home(self) -> Path:
        return self.house.home

    @property
    def base_url(self) -> str:
        return self.url

    @property
    def catalogue(self) -> Any:
        return self.house.catalogue

    def key(self, serial: int) -> str:
        known = self.house.store.read(lambda tx: tx.keys.get(serial))
        assert known is not None
        return write_key(known.key, self.house.secrets)

    def hosts(self, serial: int) -> tuple[int, int]:
        """How many are registered and allowed."""
        record = self.house.find_key(serial)
        assert record is not None
        return record.used, record.allowed

    def run(self, *arguments: str, fails: bool = False) -> str:
        outcome = CliRunner().invoke(kms, list(arguments), obj=self)
        assert outcome.exit_code == int(fails), outcome.output
        return outcome.output

    def new(self, name: str, serial: int) -> str:
        self.run("new", name, "--key", self.key(serial))
        return name

    def shown(self, name: str) -> dict[str, Any]:
        return dict(json.loads(self.run("show", name, "--json")))

    def call(self, name: str) -> "Call":
        """Somebody who calls the line and keys what the host shows."""
        return Call(self).press("1", *self.shown(name)["installation_id"])


class Call:
    """One call through the line's webhooks, signed as Twilio signs them."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor, self.sid, self.url = vendor, f"CA{next(calls):032x}", f"{vendor.url}/voice"
        self.go()

    def go(self, **heard: str) -> "Call":
        parameters = {"CallSid": self.sid, "From": "+12065550143", "To": "+18005550199", "CallStatus": "in-progress", **heard}
        signature = RequestValidator(self.vendor.house.auth_token).compute_signature(self.url, parameters)
        answer = requests.post(self.url, data=parameters, headers={"X-Twilio-Signature": signature}, timeout=30)
        assert answer.status_code == 200, answer.text
        self.document = ElementTree.fromstring(answer.content)
        asks = self.document.find("Gather")
        asks = self.document.find("Enqueue") if asks is None else asks
        self.url = self.vendor.url + asks.get("action", "") if asks is not None else self.url
        return self

    def press(self, *keys: str) -> "Call":
        for each in keys:
            self.go(Digits=each)
        return self

    @property
    def words(self) -> str:
        return " ".join("".join(say.itertext()) for say in self.document.iter("Say"))

    def confirmation_id(self) -> list[str]:
        """The blocks, as the line reads them one after the other."""
        blocks = []
        while "Did the computer accept" not in self.words:
            blocks.append("".join(each.text or "" for each in self.document.iter("say-as")))
            self.go()
        return blocks


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[Vendor]:
    create_instance(tmp_path / "instance")
    house = House(tmp_path / "instance", {})
    house.database.migrate(datetime.now(UTC))
    load_demo(house.store, house.catalogue, house.secrets, lambda: "a first password", datetime.now(UTC))
    server = make_server("127.0.0.1", 0, create_app(house), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Vendor(house, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    house.store.close()


# rows 55, 58
def test_a_host_registers_by_phone(vendor: Vendor) -> None:
    host = vendor.new("kms-1", R2_HOST)
    blocks = vendor.call(host).confirmation_id()
    assert vendor.run("confirm", host, *blocks) == "kms-1: registered with the vendor.\n"
    assert vendor.shown(host)["registered_at"]
    assert vendor.hosts(R2_HOST) == (1, 6)


# rows 55, 58
def test_a_host_registers_by_web_and_is_told_how_many_more_may(vendor: Vendor) -> None:
    host = vendor.new("kms-1", R2_HOST)
    printed = vendor.run("register", host)
    assert printed.startswith("kms-1: registered with the vendor.")
    assert re.search(r"\b5\b", printed), printed
    assert vendor.shown(host)["issues"] == {"used": 1, "of": 10}
    assert vendor.hosts(R2_HOST) == (1, 6)


# row 58
def test_six_hosts_register_and_the_seventh_is_refused_by_web_and_by_phone_until_the_key_is_raised(vendor: Vendor) -> None:
    for number in range(6):
        vendor.run("register", vendor.new(f"kms-{number}", VISTA_HOST))
    seventh = vendor.new("kms-7", VISTA_HOST)
    assert "kms-7: not registered." in vendor.run("register", seventh, fails=True)
    assert "case number" in vendor.call(seventh).words
    assert vendor.hosts(VISTA_HOST) == (6, 6)
    assert vendor.shown(seventh)["registered_at"] is None
    vendor.house.store.transaction(lambda tx: tx.keys.raise_allowed(VISTA_HOST, 1))
    vendor.run("register", seventh)
    assert vendor.hosts(VISTA_HOST) == (7, 7)


# row 58
def test_the_eleventh_activation_of_one_host_is_refused_until_the_host_is_raised(vendor: Vendor) -> None:
    host = vendor.new("kms-1", VISTA_HOST)
    for used in range(1, 11):
        vendor.run("register", host)
        assert vendor.shown(host)["issues"] == {"used": used, "of": 10}
    assert "kms-1: not registered." in vendor.run("register", host, fails=True)
    assert "case number" in vendor.call(host).words
    assert vendor.hosts(VISTA_HOST) == (1, 6)
    (seat,) = vendor.house.store.read(lambda tx: tx.keys.hosts(VISTA_HOST, 9))
    vendor.house.store.transaction(lambda tx: tx.keys.raise_issues(seat.seat, 1))
    vendor.run("register", host)
    assert vendor.shown(host)["issues"]["used"] == 11


def test_another_host_of_the_same_key_has_ten_issues_of_its_own(vendor: Vendor) -> None:
    full, other = vendor.new("kms-1", VISTA_HOST), vendor.new("kms-2", VISTA_HOST)
    for _ in range(10):
        vendor.run("register", full)
    vendor.run("register", other)
    assert vendor.hosts(VISTA_HOST) == (2, 6)


def test_while_the_vendor_is_down_a_host_is_told_so_and_stays_as_it_was(vendor: Vendor) -> None:
    host = vendor.new("kms-1", R2_HOST)
    vendor.run("register", host)
    vendor.house.store.transaction(lambda tx: tx.switches.set(OUTAGE, True, datetime.now(UTC)))
    assert "kms-1: not registered." in vendor.run("register", host, fails=True)
    assert vendor.shown(host)["registered_at"]
