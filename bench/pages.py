"""Open pages of the console: event streams of agents who are signed in, and one real browser. Each notes when it first shows
a call, in seconds since 1970: one machine, one clock."""

import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from selectors import EVENT_READ, BaseSelector
from time import time
from typing import Any

import click
import requests
from playwright.sync_api import Page, sync_playwright

from callcenter.floor.passwords import hash_password
from callcenter.floor.people import Agent, Availability, Presence, Role
from house.instance import House

_PASSWORD = "four quiet harbours"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LIVE_PART = re.compile(r'data-live="([^"]+)"')
_SID = re.compile(rb"CA[0-9a-f]{32}")
_SID_LENGTH = 34
_NOTING = """
addEventListener("DOMContentLoaded", () => {
  window.firstShown = {};
  const look = () => document.querySelectorAll("[data-row]").forEach((row) => {
    firstShown[row.dataset.row] ??= (performance.timeOrigin + performance.now()) / 1000;
  });
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-row"] });
  look();
});
"""
"""Notes the moment at which a caller's row is in the document."""


def hire(house: House, count: int) -> tuple[str, ...]:
    """New agents, all of them available; the names they sign in with. One password does for all: hashing it takes long."""
    names, digest, now = tuple(f"agent{number:02d}" for number in range(count)), hash_password(_PASSWORD), datetime.now(UTC)

    def add(tx: Any) -> None:
        for name in names:
            tx.people.add(Agent(name, f"Agent {name}", Role.AGENT, digest, must_change=False, created_at=now))
            tx.presences.set(Presence(name, Availability.AVAILABLE, "", now, now))

    house.store.transaction(add)
    return names


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session of an agent, and the live parts of the agent's first page."""

    port: int
    cookies: Mapping[str, str]
    parts: tuple[str, ...]


def sign_in(port: int, name: str) -> SignedIn:
    """Signs in as a browser does. Raises ClickException when the first page does not follow."""
    console = f"http://127.0.0.1:{port}/console"
    with requests.Session() as session:
        token = _TOKEN.search(session.get(f"{console}/sign-in", timeout=20).text)
        form = {"name": name, "password": _PASSWORD, "csrf_token": token[1] if token else ""}
        page = session.post(f"{console}/sign-in", form, headers={"Referer": console}, timeout=20)
        parts = tuple(_LIVE_PART.findall(page.text))
        if not parts:
            raise click.ClickException(f"{name} could not sign in: HTTP status {page.status_code}.")
        return SignedIn(port, dict(session.cookies), parts)


class Stream:
    """One open event stream, read as it comes."""

    def __init__(self, agent: SignedIn) -> None:
        self.shown: dict[str, float] = {}
        cookies = "; ".join(f"{name}={value}" for name, value in agent.cookies.items())
        path = f"/console/stream?show={','.join(agent.parts)}&case="
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{agent.port}\r\nCookie: {cookies}\r\nAccept: text/event-stream\r\n\r\n"
        self.socket = socket.create_connection(("127.0.0.1", agent.port))
        self.socket.sendall(head.encode())
        self._tail = b""

    def receive(self) -> None:
        """Notes the calls in what has come. Raises ClickException when the server has closed the stream."""
        chunk, now = self.socket.recv(1 << 18), time()
        if not chunk:
            raise click.ClickException(f"An event stream ended: {self._tail.decode(errors='replace')}")
        for sid in _SID.findall(self._tail + chunk):
            self.shown.setdefault(sid.decode(), now)
        self._tail = (self._tail + chunk)[1 - _SID_LENGTH :]


@contextmanager
def streaming(agents: tuple[SignedIn, ...], selector: BaseSelector) -> Iterator[list[Stream]]:
    """Their streams, open until the context ends, read whenever the selector's owner waits."""
    streams = [Stream(agent) for agent in agents]
    for stream in streams:
        selector.register(stream.socket, EVENT_READ, stream.receive)
    try:
        yield streams
    finally:
        for stream in streams:
            selector.unregister(stream.socket)
            stream.socket.close()


class Chromium:
    """A browser with one page. Made by `chromium`."""

    def __init__(self, page: Page, address: str) -> None:
        self._page, self._address = page, address

    @contextmanager
    def looking(self) -> Iterator[None]:
        """The agent's first page, open until the context ends."""
        self._page.goto(self._address)
        try:
            yield
        finally:
            self._page.goto("about:blank")

    def shown(self) -> dict[str, float]:
        """When each call was first there."""
        return dict(self._page.evaluate("window.firstShown"))


@contextmanager
def chromium(agent: SignedIn) -> Iterator[Chromium]:
    """A browser in which this agent is signed in."""

    path, address = shutil.which("chromium"), f"http://127.0.0.1:{agent.port}/console"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in agent.cookies.items()])
        context.add_init_script(_NOTING)
        yield Chromium(context.new_page(), address)
        browser.close()
