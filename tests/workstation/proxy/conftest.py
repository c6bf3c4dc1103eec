"""The real centre over HTTP, with keys to sell and doors for what happens on a line; and a closed network with computers."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

import pytest
import requests
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from activation.catalogue import Channel
from activation.keys import ProductKey, read_key, write_key
from activation.rules import KeyRecord
from callcenter.floor.keys import FloorKey
from callcenter.service.media import write_media
from data.instance import create_instance
from data.switches import OUTAGE
from house.instance import House
from house.web import create_app
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import Machine, installation_id
from workstation.computer.media import Media, read_media
from workstation.keeping.files import MachineFolder
from workstation.proxy.commands import proxy

WINDOWS_7 = "windows-7-professional"

Application = Callable[[dict[str, object], Callable[..., object]], Iterable[bytes]]


@dataclass(slots=True)
class Centre:
    """A centre of our own; `on_the_way` stands between it and who asks, as a network does."""

    house: House
    application: Application
    url: str = ""
    serials: Iterator[int] = field(default_factory=lambda: count(70_000))
    on_the_way: Callable[[Application, dict[str, object], Callable[..., object]], Iterable[bytes]] | None = None

    def __call__(self, environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
        if self.on_the_way:
            return self.on_the_way(self.application, environ, start_response)
        return self.application(environ, start_response)

    def sell(self, product: str = WINDOWS_7, channel: Channel = Channel.MAK, allowed: int = 50) -> str:
        """A new key with its count."""
        found = self.house.catalogue.product_named(product)
        assert found, f"the catalogue has no {product}"
        key = ProductKey(self.house.secrets.epoch, found.code, next(self.serials))
        record = KeyRecord(key.serial, found.code, channel, allowed=allowed, used=0)
        issued = FloorKey(key, record, datetime.now(UTC))
        self.house.store.transaction(lambda tx: tx.keys.add_missing([issued], self.house.secrets))
        return write_key(key, self.house.secrets)

    def used(self, key: str) -> int:
        """How many activations the centre itself has counted."""
        read = read_key(key, self.house.secrets)
        assert isinstance(read, ProductKey)
        record = self.house.find_key(read.serial)
        assert record is not None
        return record.used

    def raise_count(self, key: str, by: int) -> None:
        """As a person at the desk would."""
        read = read_key(key, self.house.secrets)
        assert isinstance(read, ProductKey)
        self.house.store.transaction(lambda tx: tx.keys.raise_allowed(read.serial, by))

    def switch_outage(self, *, is_on: bool) -> None:
        """As `activation-center outage` does."""
        self.house.store.transaction(lambda tx: tx.switches.set(OUTAGE, is_on, datetime.now(UTC)))

    def post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """One request of somebody else's."""
        answer = requests.post(f"{self.url}{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        told: dict[str, object] = answer.json()
        return told

    def media(self, key: str, product: str = "") -> Media:
        """What the media service gives for this key."""
        document = write_media(key, product, self.house.catalogue, self.house.secrets, self.house.find_key)
        media = read_media(json.dumps(document).encode())
        assert isinstance(media, Media), media
        return media


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The whole application, served on a free port."""
    home = tmp_path_factory.mktemp("centre") / "instance"
    create_instance(home)
    house = House(home, {})
    house.database.migrate(datetime.now(UTC))
    centre = Centre(house, create_app(house).wsgi_app)
    server = make_server("127.0.0.1", 0, centre, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    centre.url = f"http://127.0.0.1:{server.server_port}"
    yield centre
    server.shutdown()
    thread.join()
    server.server_close()
    house.store.close()


@pytest.fixture
def centre(site: Centre) -> Iterator[Centre]:
    """The centre, with nothing in the way."""
    yield site
    site.on_the_way = None


@dataclass(frozen=True, slots=True)
class Network:
    """A closed network: an instance's folder with computers, and the tool."""

    home: Path
    centre: Centre

    @property
    def base_url(self) -> str:
        return self.centre.url

    @property
    def folder(self) -> MachineFolder:
        return MachineFolder(self.home)

    @property
    def file(self) -> Path:
        return self.home / "collection.json"

    def install(self, name: str, key: str, *, seed: int | None = None, product: str = "", **traits: object) -> Machine:
        """A computer with parts chosen by `seed`, its name when not given."""
        parts = choose_parts(Random(name if seed is None else seed))
        machine = Machine(name, self.centre.media(key, product), parts, datetime.now(UTC), key=key)
        machine = replace(machine, **traits)  # type: ignore[arg-type]
        self.folder.write(machine)
        return machine

    def install_many(self, how_many: int, key: str) -> list[Machine]:
        return [self.install(f"lab-{number:02}", key) for number in range(1, how_many + 1)]

    def machine(self, name: str) -> Machine:
        machine = self.folder.read(name)
        assert isinstance(machine, Machine), machine
        return machine

    def __call__(self, *arguments: str, fails: bool = False) -> Result:
        """`activation-center proxy …`, as a new process would: nothing but the files is left of the one before."""
        outcome = CliRunner().invoke(proxy, list(arguments), obj=self)
        assert outcome.exit_code == (1 if fails else 0), outcome.output
        return outcome

    def rows(self, *options: str) -> list[dict[str, object]]:
        """What `list --json` tells."""
        rows: list[dict[str, object]] = json.loads(self("list", "--json", *options).stdout)
        return rows


@pytest.fixture
def network(tmp_path: Path, centre: Centre) -> Network:
    """A closed network without computers."""
    home = tmp_path / "instance"
    home.mkdir()
    return Network(home, centre)


@pytest.fixture(scope="module")
def ids(site: Centre) -> Callable[[str, int], list[str]]:
    """Installation IDs (digits) of so many different computers with this key."""

    def show(key: str, how_many: int) -> list[str]:
        media, parts, today = site.media(key), choose_parts(Random(7)), datetime.now(UTC)
        machines = (
            Machine(f"pc-{number}", media, {**parts, "disk serial": f"Q{number}", "network address": f"N{number}"}, today)
            for number in range(how_many)
        )
        return ["".join(installation_id(machine)) for machine in machines]

    return show
