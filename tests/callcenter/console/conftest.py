"""A console to test on: the real store with people of every role, callers who wait, and browsers without scripts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page
from werkzeug.test import TestResponse

from activation.catalogue import Catalogue
from activation.desk import Desk
from activation.secrets import Secrets
from callcenter.console.centre import Centre
from callcenter.console.site import init_console
from callcenter.floor.audit import AuditEntry
from callcenter.floor.debugger import Unread
from callcenter.floor.hours import OpeningHours
from callcenter.floor.passwords import hash_password
from callcenter.floor.people import Agent, Availability, Presence, Role
from callcenter.floor.policy import Policy
from callcenter.floor.queue import EntryKind, QueueEntry
from callcenter.service.line_floor import FloorForLine
from data.anchor import AnchorFile
from data.store import Store
from ivr import twiml
from ivr.assistance import Assistance
from ivr.conversation import Conversation
from ivr.dialogue.line import Line
from ivr.records import CallRecord, NewCall, NewCase, Progress
from ivr.script import load_scripts
from ivr.vocabulary import load_vocabulary

PASSWORD = "seven calm ferries"
ROLES = {
    "amira": Role.AGENT,
    "bruno": Role.AGENT,
    "dana": Role.SENIOR_AGENT,
    "celeste": Role.SUPERVISOR,
    "erin": Role.ADMINISTRATOR,
    "felix": Role.AUDITOR,
    "mara": Role.MARKETING,
}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Clock:
    """The centre's time, which tests turn on."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Browser:
    """Somebody's browser: pages, and forms sent with the token that the pages give."""

    client: FlaskClient

    def get(self, path: str, **options: object) -> TestResponse:
        return self.client.get(path, **options)  # type: ignore[arg-type]

    def send(self, path: str, *, form_on: str = "/console/profile", **fields: object) -> TestResponse:
        found = _TOKEN.search(self.get(form_on).text)
        assert found, f"{form_on} has no form"
        return self.client.post(path, data={"csrf_token": found[1], **fields})

    def read(self, path: str = "/console") -> str:
        """The page as text that a test can look for words in."""
        page = self.client.get(path, follow_redirects=True)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))


@dataclass
class Console:
    """The centre with its application, and short ways to do what tests are not about."""

    app: Flask
    store: Store
    clock: Clock
    centre: Centre
    _sids: count = field(default_factory=lambda: count(1))  # type: ignore[type-arg]

    def browser(self) -> Browser:
        """A browser nobody has signed in with."""
        return Browser(self.app.test_client())

    def signed_in(self, name: str) -> Browser:
        browser = self.browser()
        answer = browser.send("/console/sign-in", form_on="/console/sign-in", name=name, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return browser

    def arrive(self, reason: str = "agent.asked", *, language: str = "en", **entry: object) -> QueueEntry:
        """A caller whom the line has handed over."""
        sid, now = f"CA{next(self._sids):032x}", self.clock.now

        def work(tx: object) -> QueueEntry:
            tx.calls.open(NewCall(sid, None, "43", "+18005550199", now))  # type: ignore[attr-defined]
            progress = Progress("queue", handed_over=True, completed=False, reasked=0, keyed=False, granted=False)
            tx.calls.save(CallRecord(sid, 1, b"", ""), progress, unfinished=True, waiting=True, at=now)  # type: ignore[attr-defined]
            number = tx.cases.open(NewCase(sid, reason, language, {}), now)  # type: ignore[attr-defined]
            waiting = QueueEntry(sid, number, EntryKind.CALL, language, now, now, **entry)  # type: ignore[arg-type]
            tx.queue.save(waiting)  # type: ignore[attr-defined]
            return waiting

        return self.store.transaction(work)

    def moves_on(self, sid: str) -> None:
        """The line says something to a caller."""
        progress = Progress("entry", handed_over=False, completed=False, reasked=1, keyed=True, granted=False)

        def work(tx: object) -> None:
            tx.calls.save(CallRecord(sid, 2, b"", ""), progress, unfinished=True, waiting=True, at=self.clock.now)  # type: ignore[attr-defined]

        self.store.transaction(work)

    def is_doing(self, name: str, availability: Availability) -> None:
        self.store.transaction(lambda tx: tx.presences.set(Presence(name, availability, "", self.clock.now, self.clock.now)))

    def presence(self, name: str) -> Presence | None:
        return self.store.read(lambda tx: tx.presences.find(name))

    def acts(self) -> tuple[AuditEntry, ...]:
        """What is on the record, oldest first."""
        return self.store.read(lambda tx: tx.audit.after(0, 1000))


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def centre(store: Store, catalogue: Catalogue, secrets: Secrets, clock: Clock, tmp_path: Path) -> Centre:
    ids = count(1)
    anchors = AnchorFile(tmp_path / "audit-anchors")
    anchors.create()
    return Centre(
        store=store,
        catalogue=catalogue,
        secrets=secrets,
        assistance=Assistance(_conversation(store, catalogue, secrets, clock)),
        policy=Policy(),
        hours=OpeningHours(ZoneInfo("UTC"), frozenset(range(7)), time(0), time(0)),
        clock=clock,
        new_id=lambda: f"{next(ids):032x}",
        line_name="Activation Center",
        audit_key=secrets.purpose("audit"),
        anchors=anchors,
        has_telephony=lambda: True,
        read_log=lambda wanted: Unread.NO_EXCHANGE,
    )


@pytest.fixture
def make_app(centre: Centre) -> Callable[[], Flask]:
    """Another worker of the same centre, each time."""

    def make() -> Flask:
        app = Flask("callcenter.console", static_folder=None)
        init_console(app, centre, secret_key=b"s" * 32, is_secure=False)
        return app

    return make


@pytest.fixture
def console(make_app: Callable[[], Flask], store: Store, clock: Clock, centre: Centre) -> Console:
    """The centre, with somebody of every role."""
    hashed = hash_password(PASSWORD)
    people = [
        Agent(name, f"{name.title()} Doe", role, hashed, must_change=False, created_at=clock.now, phone=f"client:{name}")
        for name, role in ROLES.items()
    ]
    store.transaction(lambda tx: [tx.people.add(agent) for agent in people])
    return Console(make_app(), store, clock, centre)


def _conversation(store: Store, catalogue: Catalogue, secrets: Secrets, clock: Clock) -> Conversation:
    scripts = load_scripts()
    ids = count(1)
    return Conversation(
        line=Line("Activation Center", catalogue, scripts, {language: load_vocabulary(language) for language in scripts}, 0.7),
        desk=Desk(catalogue, secrets, lambda: f"issue-{next(ids)}"),
        floor=FloorForLine(),
        hours=lambda _now, _language: (True, "always"),
        caller_key=secrets.purpose("callers"),
        texts=lambda: True,
        store=store,
        render=lambda said, language, sid, turn: twiml.render(said, scripts[language], sid, f"/voice?turn={turn}"),
        clock=clock,
    )


@pytest.fixture
def enter() -> Iterator[Callable[..., Page]]:
    """Signs somebody in with a real browser; nothing may go wrong on their pages: no script error, nothing that the policy
    had to stop."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def sign_in(browser: Chromium, address: str, name: str, **options: Any) -> Page:
        contexts.append(browser.new_context(base_url=address, **{"viewport": {"width": 1280, "height": 900}, **options}))
        contexts[-1].on("weberror", lambda error: wrong.append(str(error.error)))
        contexts[-1].on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page = contexts[-1].new_page()
        page.goto("/console/sign-in")
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/console$"))
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert not wrong
