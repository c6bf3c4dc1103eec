"""The agent's telephone: its window, its token, and its place on the pages of the desk."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from callcenter.console.site import init_console
from callcenter.floor.people import Availability
from callcenter.floor.queue import EntryStatus
from callcenter.service.phone import Phones, phone_blueprint
from pbx.browser.token import token_verifier

SID, TOKEN = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef"


@dataclass
class Telephony:
    """Where the exchange is, which tests turn off."""

    url: str | None = "http://127.0.0.1:4321"


@pytest.fixture
def telephony() -> Telephony:
    return Telephony()


@pytest.fixture
def make_app(centre: Any, telephony: Telephony) -> Callable[[], Flask]:
    """The console of a centre that has phones."""

    def make() -> Flask:
        phones = Phones(SID, TOKEN, lambda: telephony.url)
        app = Flask("callcenter.console", static_folder=None)
        app.register_blueprint(phone_blueprint("The Line", phones))
        init_console(app, replace(centre, phones=phones), secret_key=b"s" * 32, is_secure=False)
        return app

    return make


def test_the_token_makes_the_browser_the_phone_of_whoever_is_signed_in_and_of_nobody_else(console):
    token = console.signed_in("amira").get("/console/phone-token?identity=celeste").json
    assert (token["identity"], token["url"]) == ("amira", "ws://127.0.0.1:4321/browser")
    assert token_verifier(SID, TOKEN)(token["token"]).address == "client:amira"


def test_who_is_not_signed_in_gets_no_token(console):
    answer = console.browser().get("/console/phone-token", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json.get("token")) == (401, None)


def test_a_page_that_asks_for_tokens_keeps_no_session_alive(console):
    browser = console.signed_in("amira")
    for _minutes in range(4):
        console.clock.turn(minutes=10)
        last = browser.get("/console/phone-token", headers={"Accept": "application/json"})
    assert last.status_code == 401


def test_without_an_exchange_the_phone_says_so_in_a_sentence(console, telephony):
    telephony.url = None
    answer = console.signed_in("amira").get("/console/phone-token")
    assert (answer.status_code, answer.json["code"]) == (503, "no_exchange")


def test_the_window_alone_may_reach_the_exchange(console):
    browser = console.signed_in("amira")
    assert "connect-src 'self' ws://127.0.0.1:*" in browser.get("/console/phone").headers["Content-Security-Policy"]
    policy = browser.get("/console").headers["Content-Security-Policy"].split("; ")
    assert "connect-src 'self'" in policy


def test_the_pages_of_who_serves_calls_show_the_phone(console):
    desk = console.signed_in("amira").get("/console").text
    assert 'href="/console/phone"' in desk
    assert 'data-me="client:amira"' in desk
    assert "Phone: answer" in console.signed_in("amira").read("/console/help")
    assert "data-desk-phone" not in console.signed_in("felix").get("/console").text


def test_a_centre_without_phones_shows_none(console, centre):
    app = Flask("callcenter.console", static_folder=None)
    init_console(app, centre, secret_key=b"s" * 32, is_secure=False)
    browser = replace(console, app=app).signed_in("amira")
    assert browser.get("/console/phone").status_code == 404
    assert "data-phone-window" not in browser.get("/console").text


@pytest.fixture
def exchange_with(telephony: Telephony) -> Iterator[list[str]]:
    """An exchange that tells who has a phone, which tests say."""
    addresses: list[str] = []

    class Exchange(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            expected = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
            good = (self.path, self.headers["Authorization"]) == ("/exchange/state", expected)
            self.send_response(200 if good else 401)
            self.end_headers()
            self.wfile.write(json.dumps({"legs": [], "phones": [{"address": each} for each in addresses]}).encode())

        def log_message(self, *_said: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Exchange) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        telephony.url = f"http://127.0.0.1:{server.server_port}"
        yield addresses
        server.shutdown()
        thread.join()


def test_who_has_no_phone_is_told_so_at_once_and_the_caller_still_waits(console, exchange_with):
    entry, amira = console.arrive(), console.signed_in("amira")
    amira.send("/console/availability", availability="available")
    assert "You have no phone just now" in amira.read()
    assert console.presence("amira") is None
    console.is_doing("amira", Availability.AVAILABLE)
    amira.send("/console/answer", call_sid=entry.call_sid)
    assert "You have no phone just now" in amira.read()
    assert console.store.read(lambda tx: tx.queue.find(entry.call_sid)).status is EntryStatus.WAITING
    exchange_with.append("client:amira")
    amira.send("/console/answer", call_sid=entry.call_sid)
    assert console.store.read(lambda tx: tx.queue.find(entry.call_sid)).answered_by == "amira"


def test_going_offline_and_on_a_break_needs_no_phone(console, exchange_with):
    amira = console.signed_in("amira")
    amira.send("/console/availability", availability="break", reason="meal")
    assert console.presence("amira").availability is Availability.BREAK


def test_a_phone_elsewhere_and_an_exchange_that_says_nothing_are_not_doubted(console, telephony, exchange_with):
    console.store.transaction(lambda tx: tx.people.save(replace(tx.people.find("bruno"), phone="+18005550142")))
    console.signed_in("bruno").send("/console/availability", availability="available")
    assert console.presence("bruno").availability is Availability.AVAILABLE
    telephony.url = "http://127.0.0.1:9"
    console.signed_in("amira").send("/console/availability", availability="available")
    assert console.presence("amira").availability is Availability.AVAILABLE
