"""Computers at a whole centre: a real web server with the real desk, and the commands as a person types them."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from flask import Flask, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from activation.catalogue import Catalogue, Channel
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from callcenter.floor.keys import FloorKey
from house.instance import House
from house.web import create_app
from workstation.commands import workstation
from workstation.computer.machine import Machine
from workstation.computer.traits import Routes
from workstation.keeping.files import MachineFolder

NOWHERE = "http://127.0.0.1:9"
"""Nothing listens there."""

_serials = count(9001)


@contextmanager
def serving(app: Any, **options: Any) -> Iterator[str]:
    """An application on a free port of this machine, at the address it gives."""
    server = make_server("127.0.0.1", 0, app, threaded=True, **options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{'https' if options else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[str]]:
    return serving


@pytest.fixture(scope="module")
def centre_url(house: House) -> Iterator[str]:
    """The whole centre, served."""
    with serving(create_app(house)) as url:
        yield url


@dataclass
class Service:
    """A stand-in for the activation service that answers as it is told, and remembers what it was asked."""

    status: int = 200
    answer: Mapping[str, Any] = field(default_factory=dict)
    probe_status: int = 200
    seen: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> Flask:
        app = Flask("stand-in")

        @app.route("/<path:path>", methods=["GET", "POST"])
        def anything(path: str) -> Any:
            self.seen.append((request.method, f"/{path}"))
            if request.method == "GET":
                return "", self.probe_status, {"Location": NOWHERE} if 300 <= self.probe_status < 400 else {}
            self.bodies.append(request.get_json())
            self.headers.append(dict(request.headers))
            return dict(self.answer), self.status

        return app


@pytest.fixture
def service() -> Service:
    return Service()


@dataclass(frozen=True, slots=True)
class Places:
    """What app.py hands to the commands."""

    home: Path
    base_url: str
    catalogue: Catalogue


@dataclass
class Room:
    """The computers of one test, and the commands."""

    house: House
    home: Path
    url: str

    def sell(self, product: str = "windows-7-professional", channel: Channel = Channel.RETAIL, allowed: int = 1) -> str:
        """A new key that the centre knows."""
        found = self.house.catalogue.product_named(product)
        assert found, f"the catalogue has no {product}"
        serial = next(_serials)
        key = ProductKey(self.house.secrets.epoch, found.code, serial)
        record = KeyRecord(serial, found.code, channel, allowed, used=0)
        self.house.store.transaction(
            lambda tx: tx.keys.add_missing([FloorKey(key, record, datetime.now(UTC))], self.house.secrets)
        )
        return write_key(key, self.house.secrets)

    def run(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(
            workstation, list(arguments), obj=Places(self.home, self.url, self.house.catalogue), input=typed
        )

    def do(self, *arguments: str, typed: str = "") -> str:
        """Runs a command that succeeds; what it prints."""
        outcome = self.run(*arguments, typed=typed)
        assert outcome.exit_code == 0, outcome.output
        return outcome.stdout

    def fails(self, *arguments: str, typed: str = "") -> Result:
        """Runs a command that ends with status 1 and no traceback."""
        outcome = self.run(*arguments, typed=typed)
        assert outcome.exit_code == 1, outcome.output
        assert outcome.exception is None or isinstance(outcome.exception, SystemExit), outcome.exception
        return outcome

    def new(self, name: str = "desk", key: str = "", *, language: str = "en", country: str = "US", **sold: Any) -> Machine:
        """A computer set up by the command, with a new key unless one is given."""
        options = ("--language", language, "--country", country)
        self.do("new", "--name", name, "--key", key or self.sell(**sold), *options)
        return self.machine(name)

    def machine(self, name: str = "desk") -> Machine:
        found = MachineFolder(self.home).read(name)
        assert isinstance(found, Machine), found
        return found

    def state(self, name: str = "desk") -> str:
        return str(json.loads(self.do("show", name, "--json"))["state"])

    def log(self, name: str = "desk") -> str:
        return self.do("log", name)

    def change(self, name: str = "desk", **changes: Any) -> None:
        """Sets what no command of this room's tests is about."""
        MachineFolder(self.home).write(replace(self.machine(name), **changes))

    def point(self, probe: str, activation: str, *, modem: bool = False, name: str = "desk") -> None:
        """Routes the computer elsewhere, by the command."""
        self.do("routes", name, "--probe-url", probe, "--activation-url", activation, "--modem" if modem else "--no-modem")
        assert self.machine(name).routes == Routes(probe, activation, modem)


@pytest.fixture
def room(house: House, centre_url: str, tmp_path: Path) -> Room:
    return Room(house, tmp_path, centre_url)


@pytest.fixture
def silent() -> Iterator[str]:
    """Somebody who takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def call_line(house: House) -> Callable[[list[str]], list[str]]:
    """Reads an installation ID to the line, over its webhooks; the blocks it reads back."""
    client = create_app(house).test_client()

    def turn(url: str, **heard: str) -> ElementTree.Element:
        path = url.removeprefix(house.settings.public_url or "")
        fields = {"CallSid": f"CA{uuid4().hex}" if not sids else sids[0], "From": "+12065550111", "To": house.line_number}
        sids.append(fields["CallSid"])
        form = {**fields, "AccountSid": house.account_sid, "CallStatus": "in-progress", **heard}
        address = f"https://line.example.com{path}"
        signature = RequestValidator(house.auth_token).compute_signature(address, form)
        answer = client.post(path, data=form, headers={"X-Twilio-Signature": signature})
        assert answer.status_code == 200, answer.text
        return ElementTree.fromstring(answer.data)

    sids: list[str] = []

    def call(groups: list[str]) -> list[str]:
        said = turn("/voice")
        blocks: list[str] = []
        for digits in ("1", *groups, *["1"] * 60):
            gather = said.find("Gather")
            if gather is None:
                break
            blocks += _spelled(said)
            said = turn(gather.attrib["action"], Digits=digits)
        return list(dict.fromkeys(blocks))

    return call


def _spelled(said: ElementTree.Element) -> list[str]:
    """Blocks that are read out, by their letters."""
    text = " ".join("".join(each.itertext()) for each in said.iter("Say"))
    return [block.replace(" ", "") for block in re.findall(r"\b[A-H]\W+((?:\d\W*){6})", text)]
