"""The whole way, with nothing in place of anything: a served centre, its exchange, terminal phones, and browsers of agents."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, Page, expect
from sip_phones import SipPhone, SipPhones

from house.instance import House
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import Machine, confirm, installation_id
from workstation.computer.media import Media, fetch_media

PATIENCE_SECONDS = 60.0
NEW_PASSWORD = "a quite long second password"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Centre:
    """A served centre in a folder of its own, its command, and the passwords of its people."""

    command: str
    folder: Path
    port: int
    pid: int
    passwords: dict[str, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    """The product keys of the demo data by serial."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str, fails: bool = False) -> str:
        result = subprocess.run(
            [self.command, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        assert (result.returncode != 0) == fails, result.stdout + result.stderr
        assert "Traceback" not in result.stderr
        return result.stdout + result.stderr

    def install(self, name: str, serial: int) -> tuple[str, ...]:
        """A computer with the key of this serial; the groups of its installation ID."""
        self.run("workstation", "new", "--name", name, "--key", self.keys[serial])
        return tuple(self.machine(name)["installation_id"])

    def machine(self, name: str) -> dict[str, object]:
        return dict(json.loads(self.run("workstation", "show", name, "--json")))

    def count(self, serial: int) -> tuple[int, int]:
        """How many are used and allowed."""
        key = json.loads(self.run("keys", "show", str(serial), "--json"))
        return key["used"], key["allowed"]


class Computer:
    """A workstation with the key of this serial, without the command around it."""

    def __init__(self, centre: Centre, serial: int) -> None:
        media = fetch_media(centre.url, centre.keys[serial])
        assert isinstance(media, Media)
        self._machine = Machine("way", media, choose_parts(random.SystemRandom()), datetime.now(UTC))

    @property
    def groups(self) -> tuple[str, ...]:
        return installation_id(self._machine)

    def accepts(self, blocks: list[str]) -> bool:
        return isinstance(confirm(self._machine, " ".join(blocks), datetime.now(UTC)), Machine)


class Phone:
    """A terminal phone and the person at it: `type` a line, `hear` what the line says."""

    def __init__(self, centre: Centre, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [centre.command, "call", *arguments],
            cwd=centre.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        self.heard = ""
        self._from = 0
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._more:
                self.heard += line
                self._more.notify_all()
        with self._more:
            self._more.notify_all()

    def type(self, *lines: str) -> "Phone":
        assert self._process.stdin is not None
        for line in lines:
            self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self

    def hear(self, pattern: str, within_seconds: float = PATIENCE_SECONDS) -> re.Match[str]:
        """Waits until the line says this (a regular expression) after what was heard last."""
        deadline = monotonic() + within_seconds
        with self._more:
            while not (found := re.compile(pattern, re.MULTILINE).search(self.heard, self._from)):
                left = deadline - monotonic()
                assert left > 0, f"did not hear {pattern!r}; heard:\n{self.heard}"
                self._more.wait(left)
        self._from = found.end()
        return found

    def read_id(self, blocks: int = 8) -> list[str]:
        """The blocks of a confirmation ID, each asked for with 1 as a person does who types along."""
        found = []
        for letter in "ABCDEFGH"[:blocks]:
            found.append("".join(self.hear(rf"^Line: .*\b{letter}\. ([\d ]+)$").group(1).split()))
            self.type("1")
        return found

    def hear_case(self) -> str:
        """The case number that the line tells a caller on the way to a person."""
        return "".join(self.hear(r"Your case number is[\s\S]*?((?:\d ){5}\d)").group(1).split())

    def hang_up(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._reader.join(5)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder, port = tmp_path_factory.mktemp("way"), free_port()
    command = str(Path(sys.executable).parent / "activation-center")
    log = folder / "serve.log"
    environment = {**os.environ, "ACTIVATION_CENTER_HOME": str(folder / "instance")}
    with (
        log.open("w") as output,
        subprocess.Popen(
            [command, "serve", "--port", str(port), "--sip-port", "0"],
            cwd=folder,
            stdout=output,
            stderr=output,
            env=environment,
        ) as serving,
    ):
        try:
            _wait_until_ready(port, folder / "instance" / "sip-address", serving, log)
            passwords = dict(re.findall(r"^ (\w+) +(?:senior )?\w+ +(\S{8,})", log.read_text(), re.MULTILINE))
            yield Centre(command, folder, port, serving.pid, passwords, _demo_keys(log.read_text()))
        finally:
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(20) == 0, log.read_text()
    assert "Traceback" not in log.read_text(), log.read_text()


def _demo_keys(log: str) -> dict[int, str]:
    rows = tomllib.loads((files("data") / "demo.toml").read_text())["keys"]["rows"]
    shown = {title: key for key, title in re.findall(r"^ (SIM\S+) +(\S.*?) *$", log, re.MULTILINE)}
    return {row["serial"]: shown[row["title"]] for row in rows}


def _wait_until_ready(port: int, sip_address: Path, serving: subprocess.Popen[bytes], log: Path) -> None:
    """The line answers and softphones can dial; the exchange, a process of its own, may be there later than the line."""
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline and serving.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                if sip_address.exists():
                    return
        except OSError:
            pass
        sleep(0.1)
    raise AssertionError(f"serve did not come up:\n{log.read_text()}")


@pytest.fixture
def phone(centre: Centre) -> Iterator[Callable[..., Phone]]:
    """Makes phones and hangs them up in the end."""
    phones: list[Phone] = []

    def call(*arguments: str) -> Phone:
        phones.append(Phone(centre, *arguments))
        return phones[-1]

    yield call
    for each in phones:
        each.hang_up()


@pytest.fixture
def waiting_caller(centre: Centre, phone: Callable[..., Phone]) -> Callable[..., tuple[Phone, str]]:
    """Has somebody call about a new computer with the key of this serial, until they wait for a person; and the case number."""

    def call(name: str, serial: int, *arguments: str) -> tuple[Phone, str]:
        groups = centre.install(name, serial)
        caller = phone(*arguments)
        caller.hear("To activate a computer, press 1")
        caller.type("1")
        for number, group in enumerate(groups, start=1):
            caller.hear(f"[Gg]roup {number}")
            caller.type(group)
        return caller, caller.hear_case()

    return call


@pytest.fixture
def computer(centre: Centre) -> Callable[[int], Computer]:
    """Installs a computer with the key of this serial."""
    return lambda serial: Computer(centre, serial)


@pytest.fixture
def caller(phone: Callable[..., Phone]) -> Callable[..., Phone]:
    """Somebody on a phone with a number of their own, who types these lines as soon as the line asks for them."""

    def call(*lines: str, number: str = "") -> Phone:
        return phone("--from", number or f"+1206555{next(_NUMBERS):04}").type(*lines)

    return call


_NUMBERS = count(101)
"""Callers with numbers of their own: the line offers nobody to go on with another test's call."""


@pytest.fixture(scope="session")
def launch(chromium_launcher: Callable[[], AbstractContextManager[Callable[..., Browser]]]) -> Iterator[Callable[..., Browser]]:
    """Starts a browser; one Chromium serves all the ways."""
    with chromium_launcher() as start:
        yield start


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Browser:
    return launch()


class DeskPhones:
    """The SIP phones on people's desks: who signs in has one that takes every call, unless it is unplugged."""

    def __init__(self, centre: Centre) -> None:
        self._house = House(centre.folder / "instance", {})
        address = (centre.folder / "instance" / "sip-address").read_text().strip()
        host, _, port = address.partition("@")[2].rpartition(":")
        self.sip = SipPhones((host, int(port)))
        self._plugged: dict[str, SipPhone] = {}

    def plug_in(self, name: str, *, keeps_sound: bool = False) -> SipPhone:
        """Their phone, registered."""
        if name not in self._plugged:
            phone = self.sip.phone(name, keeps_sound=keeps_sound)
            self._plugged[name] = phone.register(self._house.phone_password(name))
        return self._plugged[name]

    def unplug(self, name: str) -> None:
        """There is no such phone any more, in an orderly way."""
        if phone := self._plugged.pop(name, None):
            phone.unregister()
            phone.close()

    def lose_power(self, name: str) -> None:
        """Their phone is dead, and nobody has been told."""
        self._plugged.pop(name).die()

    def close(self) -> None:
        for name in list(self._plugged):
            self.unplug(name)
        self.sip.close()


@pytest.fixture(scope="session")
def desk_phones(centre: Centre) -> Iterator[DeskPhones]:
    phones = DeskPhones(centre)
    yield phones
    phones.close()


@pytest.fixture
def sign_in(centre: Centre, browser: Browser, desk_phones: DeskPhones) -> Iterator[Callable[..., Page]]:
    """Signs somebody in, in a browser of their own; whatever their page complains about fails the test."""
    pages: list[Page] = []
    complaints: list[str] = []

    def enter(name: str, *, has_phone: bool = True, at: Browser = browser, **options: object) -> Page:
        if has_phone:
            desk_phones.plug_in(name)
        else:
            desk_phones.unplug(name)
        context = at.new_context(**{"base_url": centre.url, "viewport": WIDE, **options})  # type: ignore[arg-type]
        page = context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
        page.on(
            "console", lambda said: complaints.append(f"{name}: {said.text}") if _is_complaint(said.text, said.type) else None
        )
        page.goto("/console")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password", exact=True).fill(centre.passwords[name])
        page.get_by_role("button", name="Sign in").click()
        if page.url.endswith("/console/password"):
            page.get_by_label("Present password").fill(centre.passwords[name])
            page.get_by_label("New password", exact=True).fill(NEW_PASSWORD + name[0])
            page.get_by_label("New password again").fill(NEW_PASSWORD + name[0])
            page.get_by_role("button", name="Change password").click()
            centre.passwords[name] = NEW_PASSWORD + name[0]
        return page

    yield enter
    for page in pages:
        if not page.is_closed():
            leave(page)
        page.context.close()
    assert complaints == []


def leave(page: Page) -> None:
    """Goes offline, without a call: whatever became of the test is no burden to the next one."""
    console = page.request.get("/console").text()  # not from the page: it is live, and may be on its way to the next
    token = re.search(r'name="csrf-token" content="([^"]+)"', console)
    if token is None or 'aria-label="Your state and your call"' not in console:
        return  # signed out by the test
    call = re.search(r'href="(/console/calls/[^"/]+)" data-key="d"', console)
    if call:
        post(page, f"{call[1]}/hang-up", token[1])
        post(page, f"{call[1]}/wrap-up", token[1], outcome="other")
    assert post(page, "/console/availability", token[1], availability="offline") == 200


def post(page: Page, path: str, token: str, **fields: str) -> int:
    """The status with which the centre answers a form."""
    return page.request.post(path, form={"csrf_token": token, **fields}, headers={"Accept": "application/json"}).status


class Person:
    """Somebody at a desk, and what they do with a call there."""

    def __init__(self, page: Page, in_order: Callable[[Page], None]) -> None:
        self.page = page
        self._in_order = in_order

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def press_open(self, name: str) -> None:
        """Opens what is folded under these words."""
        self.page.locator("summary", has_text=name).first.click()

    def open_tab(self, name: str) -> None:
        self.page.get_by_role("navigation", name="What to do").get_by_role("link", name=name).click()

    def sees(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def is_told_no(self, words: str | re.Pattern[str]) -> None:
        """The refusal stands inside the form that was sent."""
        expect(self.page.locator("[data-answer]:visible")).to_contain_text(words)

    def be_available(self) -> "Person":
        self.page.goto("/console")
        state = self.page.locator(".bar .state")
        expect(state).to_be_visible()
        if "Available" not in state.inner_text():
            self.press("Available")
        expect(state).to_contain_text("Available")
        return self

    def answer(self, case: str) -> "Person":
        self.press(f"Answer case {case}")
        expect(self.page).to_have_url(re.compile(f"/console/calls/{case}"))
        return self

    def find_agreement(self, number: str) -> None:
        self.open_tab("Agreement and limit")
        self.page.get_by_label("The number the caller tells you").fill(number)
        self.press("Look up")

    def _choose_contact(self, agreement: str, contact: str) -> None:
        self.find_agreement(agreement)
        self.sees("active and fits this call")
        self.page.get_by_role("radio", name=re.compile(contact)).check()

    def verify_by_code(self, agreement: str, contact: str, code: str) -> None:
        self._choose_contact(agreement, contact)
        self.page.get_by_label("Code", exact=True).fill(code)
        self.press("Check the code")
        expect(self.page.get_by_text("verified", exact=True)).to_be_visible()

    def verify(self, agreement: str, contact: str, serial: int, count_left: int) -> None:
        """By a fact that only the customer knows: how many are left on another of their keys."""
        self._choose_contact(agreement, contact)
        self.page.get_by_label("On which key").select_option(str(serial))
        self.page.get_by_label("Their answer").fill(str(count_left))
        self.press("Check the answer")
        expect(self.page.get_by_text("verified", exact=True)).to_be_visible()

    def ask(self, change: str, amount: int, serial: int, products: str = "") -> None:
        if products:
            self.page.get_by_label("For which products").select_option(label=products)
        self.page.locator(f"input[name=serial][value='{serial}']").check()
        self.page.get_by_label("What", exact=True).select_option(change)
        self.page.get_by_label("How many").fill(str(amount))
        self.page.get_by_label("Why", exact=True).select_option("new purchase")
        self.press("Ask for this change")

    def wrap_up(self, outcome: str = "Other") -> None:
        self.open_tab("Wrap-up")
        self.page.get_by_role("radio", name=outcome, exact=True).check()
        self.press("Wrap up")
        expect(self.page.locator(".bar .state")).to_contain_text("Available")

    def allowed(self, serial: int) -> int:
        """How many the key allows, as its own page says."""
        return self._counts(serial)[1]

    def left(self, serial: int) -> int:
        used, allowed = self._counts(serial)
        return allowed - used

    def _counts(self, serial: int) -> tuple[int, int]:
        page = self.page.request.get(f"/console/keys/{serial}").text()
        found = re.search(r'aria-label="(\d+) of (\d+) \w+ used"', page)
        assert found, page
        return int(found[1]), int(found[2])

    def posts(self, path: str, with_token: bool = True, **fields: str) -> int:
        """The status with which the centre answers a form that the page does not offer."""
        token = self.page.locator("meta[name=csrf-token]").get_attribute("content") if with_token else "made-up"
        return post(self.page, path, token or "", **fields)

    def finds_nothing_in_the_way(self) -> None:
        """The page as it stands keeps nobody out."""
        self._in_order(self.page)


@pytest.fixture
def at_desk(sign_in: Callable[..., Page], in_order: Callable[[Page], None]) -> Callable[..., Person]:
    """Signs somebody in, as a `Person`."""

    def enter(name: str, **options: object) -> Person:
        return Person(sign_in(name, **options), in_order)

    return enter


def _is_complaint(text: str, kind: str) -> bool:
    """Errors and policy violations; not the browser's note that a request was refused, which a test may be about."""
    return kind == "error" and "Failed to load resource" not in text
