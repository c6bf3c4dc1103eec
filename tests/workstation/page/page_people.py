"""People with browsers without scripts who open `/workstation`, and the centre that it belongs to."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from activation.confirmation_id import write_confirmation_id
from activation.installation_id import Opened, read_installation_id
from data.demo import load_demo
from data.instance import create_instance
from house.instance import House
from workstation.computer.machine import Machine, installation_id, machine_now
from workstation.keeping.files import MachineFolder

RETAIL_2003, RETAIL_7, RETAIL_IN_USE, OEM, EVALUATION, MSDN, MAK = 1002, 1004, 1008, 1101, 1201, 1301, 3010
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Room:
    """The centre with its application, and the computers in its instance folder."""

    house: House
    app: Flask
    url: str

    @property
    def folder(self) -> MachineFolder:
        return MachineFolder(self.house.home)

    def machine(self, name: str) -> Machine:
        found = self.folder.read(name)
        assert isinstance(found, Machine), found
        return found

    def now(self, name: str) -> datetime:
        """What the computer's own clock says."""
        return machine_now(self.machine(name), datetime.now(UTC))

    def issue(self, name: str) -> list[str]:
        """The blocks of the confirmation ID for what the computer shows, from the centre's own secrets."""
        machine, house = self.machine(name), self.house
        opened = read_installation_id(" ".join(installation_id(machine)), house.catalogue, house.secrets)
        assert isinstance(opened, Opened)
        key = house.secrets.confirmation_key(opened.header.epoch, opened.installation.product)
        return list(write_confirmation_id(opened.digits, 0, opened.header.layout, key))


@dataclass
class Person:
    """Somebody's browser without scripts: pages, and forms sent with the token that the pages give."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/workstation{path}", follow_redirects=True)

    def send(self, path: str, **fields: object) -> TestResponse:
        """What the browser shows after a form was sent."""
        return self.post(path, follow=True, **fields)

    def post(self, path: str, *, follow: bool = False, **fields: object) -> TestResponse:
        form = {"csrf_token": self.token(), **fields}
        return self.client.post(f"/workstation{path}", data=form, follow_redirects=follow)

    def token(self) -> str:
        found = _TOKEN.search(self.get("/new").text)
        assert found
        return found[1]

    def set_up(self, name: str, serial: int = RETAIL_7, **fields: object) -> None:
        answer = self.post("/new", name=name, source="demo", demo=str(serial), country="US", **fields)
        assert answer.status_code == 303, answer.text

    def do(self, name: str, what: str, **fields: object) -> str:
        """Presses a button of the computer's page; what it says then."""
        return said(self.send(f"/computers/{name}/do/{what}", **fields))

    def read(self, path: str) -> str:
        return said(self.get(path))


def said(answer: TestResponse) -> str:
    """A page as text that a test can look for words in."""
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def open_house(home: Path, environment: dict[str, str]) -> House:
    create_instance(home)
    house, moment = House(home, environment), datetime.now(UTC)
    house.database.migrate(moment)
    load_demo(house.store, house.catalogue, house.secrets, lambda: "first password", moment)
    return house
