"""What every room's tests stand on: the packaged catalogue, secrets that never change, a fresh database."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from axe_playwright_python.sync_playwright import Axe
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from activation.catalogue import Catalogue
from activation.installation_id import Installation, write_installation_id
from activation.secrets import Secrets
from callcenter.floor import passwords
from data.catalogue import load_catalogue
from data.demo import load_demo
from data.instance import create_instance
from data.store import Store, open_store
from house.instance import House

PACKAGES = {"chromium": "chromium", "baresip": "baresip", "linphonec": "linphone-cli", "sipp": "sip-tester"}
"""Debian's packages of the real programs that tests are made with."""

settings.register_profile("house", deadline=None)  # a slow machine is no failure; what takes how long is measured in bench/
settings.load_profile("house")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The catalogue the house ships."""
    return load_catalogue()


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    """Two epochs, the second in force, so that keys and IDs of the first are always among the tested."""
    return Secrets({1: bytes(range(32)), 2: bytes(range(32, 64))})


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed as ever, at the lowest cost: the house's own would take most of the tests' time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Where a program of PACKAGES is. Without it the test is skipped; in continuous integration it fails."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            missing = f"Not tested with {name}: install Debian's {PACKAGES[name]} (apt-get install {PACKAGES[name]})."
            pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
        return path

    return find


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The ways last: they keep one browser open to the end, and its thread can open no other and run no loop of its own."""
    items.sort(key=lambda item: "tests/way/" in item.nodeid)


Launch = Callable[..., Browser]


@pytest.fixture(scope="session")
def chromium_launcher(program: Callable[[str], str]) -> Callable[[], AbstractContextManager[Launch]]:
    """What starts Chromium, with flags of one's own; while it is open its thread has an event loop, and can run no other."""

    @contextmanager
    def launching() -> Iterator[Launch]:
        path = program("chromium")
        with sync_playwright() as playwright:
            started: list[Browser] = []

            def start(*flags: str) -> Browser:
                started.append(playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", *flags]))
                return started[-1]

            yield start
            for browser in started:
                browser.close()

    return launching


@pytest.fixture(scope="module")
def launch(chromium_launcher: Callable[[], AbstractContextManager[Launch]]) -> Iterator[Launch]:
    """Starts a browser."""
    with chromium_launcher() as start:
        yield start


@pytest.fixture(scope="session")
def in_order() -> Callable[[Page], None]:
    """An accessibility checker finds nothing on a page as it stands, and nothing sticks out of it."""

    def check(page: Page) -> None:
        assert _hindrances(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    return check


_SETTLED = """Promise.all(document.getAnimations().filter(each => each instanceof CSSTransition)
    .map(each => each.finished.then(() => null, () => null)))"""
"""Until no colour is on its way to another: in between a button that changes its kind has no contrast."""


def _hindrances(page: Page, looks: int = 3) -> list[tuple[str, list[str]]]:
    """What the checker finds. A live page may show what came of a form before the form leads on: then the next is checked."""
    try:
        page.evaluate(_SETTLED)
        found = Axe().run(page).response["violations"]
    except BrowserError as error:
        if looks == 1 or not any(sign in error.message for sign in ("context was destroyed", "axe is not defined")):
            raise
        page.wait_for_load_state()
        return _hindrances(page, looks - 1)
    return [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found]


@pytest.fixture
def now() -> datetime:
    """A moment with microseconds."""
    return datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Where the fresh database is."""
    return f"sqlite:///{tmp_path / 'centre.db'}"


@pytest.fixture
def store(database_url: str, catalogue: Catalogue, secrets: Secrets, now: datetime) -> Iterator[Store]:
    """An empty database with every table."""
    store = open_store(database_url, catalogue=catalogue, payload_key=secrets.purpose("outbox"))
    store.migrate(now)
    yield store
    store.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A whole centre as `init` leaves it, demo data and all; behind a public URL and with a telephony side to send texts to."""
    home = tmp_path_factory.mktemp("centre") / "instance"
    create_instance(home)
    environment = {
        "ACTIVATION_CENTER_PUBLIC_URL": "https://line.example.com",
        "ACTIVATION_CENTER_TELEPHONY_URL": "http://127.0.0.1:9",
    }
    house = House(home, environment)
    moment = datetime.now(UTC)
    house.database.migrate(moment)
    load_demo(house.store, house.catalogue, house.secrets, lambda: "first password", moment)
    yield house
    house.store.close()


@pytest.fixture(scope="module")
def show_id(house: House) -> Callable[[int, int], tuple[str, ...]]:
    """The groups of the installation ID that a computer with this key (serial) and hardware hash shows."""

    def show(serial: int, hardware: int) -> tuple[str, ...]:
        key = house.find_key(serial)
        assert key is not None
        product = house.catalogue.products[key.product]
        header = house.catalogue.header_for(product.layout, 1)
        return write_installation_id(Installation(product.code, serial, hardware), header, house.secrets.installation_key(1))

    return show


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--installed PATH`: the command that the first call is made with, instead of this environment's."""
    parser.addoption("--installed", metavar="PATH", help="activation-center of another installation, for test_first_call.py")
