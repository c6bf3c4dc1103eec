"""A small activation centre beside the workstations: it sells keys, serves media and opens installation IDs."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from werkzeug.serving import make_server

from activation.catalogue import Catalogue, Channel
from activation.confirmation_id import write_confirmation_id
from activation.installation_id import Opened, read_installation_id
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.service.media import media_blueprint, write_media
from workstation.commands import workstation
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import Machine, installation_id
from workstation.computer.media import Media, read_media
from workstation.keeping.files import MachineFolder

INSTALLED_AT = datetime(2009, 10, 22, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre's side of the tests: its secrets never reach a workstation."""

    catalogue: Catalogue
    secrets: Secrets
    records: dict[int, KeyRecord]

    def sell(self, product: str, channel: Channel) -> str:
        """A new key for this product."""
        found = self.catalogue.product_named(product)
        assert found, f"the catalogue has no {product}"
        serial = len(self.records) + 1
        self.records[serial] = KeyRecord(serial, found.code, channel, allowed=1, used=0)
        return write_key(ProductKey(self.secrets.epoch, found.code, serial), self.secrets)

    def media(self, key: str) -> Media:
        """What the media service gives for this key."""
        media = read_media(json.dumps(write_media(key, "", self.catalogue, self.secrets, self.records.get)).encode())
        assert isinstance(media, Media)
        return media

    def issue(self, machine: Machine, issue_number: int = 0) -> str:
        """The confirmation ID for what the machine shows, from the centre's own secrets."""
        opened = read_installation_id(" ".join(installation_id(machine)), self.catalogue, self.secrets)
        assert isinstance(opened, Opened)
        key = self.secrets.confirmation_key(opened.header.epoch, opened.installation.product)
        return "".join(write_confirmation_id(opened.digits, issue_number, opened.header.layout, key))


@dataclass(frozen=True, slots=True)
class Places:
    """What app.py hands to the commands."""

    home: Path
    base_url: str
    catalogue: Catalogue


@pytest.fixture(scope="session")
def centre(catalogue: Catalogue, secrets: Secrets) -> Centre:
    """One centre for the session; every key it sells has a serial of its own."""
    return Centre(catalogue, secrets, {})


@pytest.fixture(scope="session")
def sell(centre: Centre) -> Callable[..., str]:
    """Sells a key: `sell(product, channel)`."""
    return centre.sell


@pytest.fixture(scope="session")
def install(centre: Centre) -> Callable[..., Machine]:
    """A computer installed with a new key, its parts chosen by `seed`."""

    def install_one(product: str = "windows-7-professional", channel: Channel = Channel.RETAIL, seed: int = 1) -> Machine:
        parts = choose_parts(Random(seed))
        return Machine(f"desk-{seed}", centre.media(centre.sell(product, channel)), parts, INSTALLED_AT)

    return install_one


@pytest.fixture(scope="session")
def issue(centre: Centre) -> Callable[..., str]:
    """The centre's confirmation ID (solid digits) for a computer: `issue(machine, issue_number=0)`."""
    return centre.issue


@pytest.fixture
def serve(centre: Centre) -> Callable[[], AbstractContextManager[str]]:
    """Runs the media service on a free port for as long as the context lasts; gives its URL."""
    application = Flask(__name__)
    application.register_blueprint(media_blueprint(centre.catalogue, centre.secrets, centre.records.get))

    @contextmanager
    def running() -> Iterator[str]:
        server = make_server("127.0.0.1", 0, application, threaded=True)
        server.daemon_threads = False  # closing the server waits for whoever still answers, and for their sockets
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    return running


@pytest.fixture
def run(tmp_path: Path, catalogue: Catalogue) -> Callable[..., Result]:
    """Runs one command as a new process would: nothing but the files is left of the one before."""

    def run_command(*arguments: str, centre_url: str = "http://127.0.0.1:9") -> Result:
        # Nothing listens on port 9: a command that is not told of a running centre has none.
        return CliRunner().invoke(workstation, list(arguments), obj=Places(tmp_path, centre_url, catalogue))

    return run_command


@pytest.fixture
def new(
    serve: Callable[[], AbstractContextManager[str]], sell: Callable[..., str], run: Callable[..., Result], tmp_path: Path
) -> Callable[..., Machine]:
    """Installs a workstation through the command, with media from a centre that is gone again afterwards."""

    def install_one(
        name: str, product: str = "windows-7-professional", channel: Channel = Channel.RETAIL, *options: str
    ) -> Machine:
        with serve() as url:
            outcome = run("new", "--name", name, "--key", sell(product, channel), *options, centre_url=url)
        assert outcome.exit_code == 0, outcome.output
        machine = MachineFolder(tmp_path).read(name)
        assert isinstance(machine, Machine)
        return machine

    return install_one


@pytest.fixture
def live(serve: Callable[[], AbstractContextManager[str]], run: Callable[..., Result]) -> Iterator[Callable[..., Result]]:
    """Runs commands beside a centre that answers all the while: `live("convert", "desk", "--key", key)`."""
    with serve() as url:
        yield lambda *arguments: run(*arguments, centre_url=url)


@pytest.fixture
def shown(run: Callable[..., Result]) -> Callable[[str], dict[str, Any]]:
    """What `show NAME --json` prints."""

    def show(name: str) -> dict[str, Any]:
        outcome = run("show", name, "--json")
        assert outcome.exit_code == 0, outcome.output
        page: dict[str, Any] = json.loads(outcome.stdout)
        return page

    return show


@pytest.fixture(scope="session")
def refusal() -> Callable[[Result], str]:
    """The one sentence of a refused command, which is all that it prints: `refusal(outcome)`."""

    def sentence(outcome: Result) -> str:
        assert outcome.exit_code == 1, outcome.output
        assert outcome.stdout == ""
        assert outcome.stderr.startswith("Error: ")
        assert outcome.stderr.count("\n") == 1
        return outcome.stderr

    return sentence
