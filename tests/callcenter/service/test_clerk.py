"""The clerk with a real outbox and Twilio's real client; only the telephony side's REST API is a stand-in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs

import pytest

from callcenter.service.clerk import ATTEMPTS, Clerk
from callcenter.service.telephony import text_sender
from data.post_office import PostOffice
from data.store import Store

SID, TOKEN = "AC" + "0" * 32, "token"


@dataclass
class RestApi:
    """Takes messages as Twilio does, and answers with `status`."""

    status: int = 201
    received: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def rest_api() -> Iterator[RestApi]:
    api = RestApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            api.received.append({name: values[0] for name, values in form.items()})
            api.paths.append(self.path)
            body = json.dumps({"sid": "SM" + "0" * 32, "code": 21610, "message": "no", "status": api.status}).encode()
            self.send_response(api.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield api
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Clock:
    """A clock that the test moves."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def clerk_at(store: Store, clock: Clock) -> Callable[[str], Clerk]:
    def at(url: str) -> Clerk:
        return Clerk(PostOffice(store), text_sender(SID, TOKEN, url, "+18005550199"), lambda: 0, clock)

    return at


def queue_one(store: Store, now: datetime) -> None:
    store.transaction(lambda transaction: transaction.outbox.add_text_message("+12065550143", "A 123456", now))


def test_a_text_message_goes_out_once_through_twilios_client(store: Store, rest_api: RestApi, clerk_at, clock: Clock) -> None:
    queue_one(store, clock.now)
    clerk = clerk_at(rest_api.url)
    clerk.send_due()
    clerk.send_due()
    assert rest_api.received == [{"To": "+12065550143", "From": "+18005550199", "Body": "A 123456"}]
    assert rest_api.paths == [f"/2010-04-01/Accounts/{SID}/Messages.json"]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_message_that_is_refused_comes_back_later_and_is_given_up_in_the_end(
    store: Store, rest_api: RestApi, clerk_at, clock: Clock, status: int
) -> None:
    rest_api.status = status
    queue_one(store, clock.now)
    clerk = clerk_at(rest_api.url)
    clerk.send_due()
    clerk.send_due()
    assert len(rest_api.received) == 1, "not again before its time"
    for _ in range(ATTEMPTS + 2):
        clock.now += timedelta(hours=1)
        clerk.send_due()
    assert len(rest_api.received) == ATTEMPTS


def test_a_telephony_side_that_cannot_be_reached_loses_nothing(
    store: Store, rest_api: RestApi, clerk_at, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    queue_one(store, clock.now)
    clerk_at("http://127.0.0.1:9").send_due()
    assert "cannot be reached" in caplog.text
    assert "+12065550143" not in caplog.text
    clock.now += timedelta(hours=1)
    clerk_at(rest_api.url).send_due()
    assert len(rest_api.received) == 1


def test_two_clerks_send_a_message_once(store: Store, rest_api: RestApi, clerk_at, clock: Clock) -> None:
    for _ in range(20):
        queue_one(store, clock.now)
    threads = [Thread(target=clerk_at(rest_api.url).send_due) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rest_api.received) == 20


def test_the_clerk_works_until_it_is_stopped_and_erases_what_has_had_its_time(
    store: Store, rest_api: RestApi, clock: Clock
) -> None:
    erased, stop = Event(), Event()

    def erase() -> int:
        erased.set()
        return 1

    clerk = Clerk(PostOffice(store), text_sender(SID, TOKEN, rest_api.url, "+18005550199"), erase, clock)
    thread = Thread(target=clerk.work, args=(stop,))
    thread.start()
    assert erased.wait(5)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
