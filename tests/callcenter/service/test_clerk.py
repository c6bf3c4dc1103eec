"""The clerk with a real outbox and Twilio's real client; only the telephony side's REST API is a stand-in."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs

import pytest

from callcenter.service.clerk import ATTEMPTS, Clerk
from callcenter.service.telephony import TIMEOUT_SECONDS, text_sender
from data.post_office import PostOffice
from data.store import Store, open_engine

SID, TOKEN = "AC" + "0" * 32, "token"


@dataclass
class RestApi:
    """Takes messages as Twilio does, and answers with `status`; a refusal repeats the number, as Twilio's do."""

    status: int = 201
    extra: dict[str, object] = field(default_factory=dict)
    instead: bytes = b""
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
            words = f"The 'To' number {api.received[-1]['To']} is not a valid phone number."
            answer = {"sid": "SM" + "0" * 32, "code": 21211, "message": words, "status": api.status}
            body = api.instead or json.dumps({**answer, **api.extra}).encode()
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


def queue_one(store: Store, now: datetime, body: str = "A 123456") -> None:
    store.transaction(lambda transaction: transaction.outbox.add_text_message("+12065550143", body, now))


def send_all(clerk: Clerk) -> None:
    while clerk.send_next():
        pass


def test_a_text_message_goes_out_once_through_twilios_client(store: Store, rest_api: RestApi, clerk_at, clock: Clock) -> None:
    queue_one(store, clock.now)
    clerk = clerk_at(rest_api.url)
    send_all(clerk)
    send_all(clerk)
    assert rest_api.received == [{"To": "+12065550143", "From": "+18005550199", "Body": "A 123456"}]
    assert rest_api.paths == [f"/2010-04-01/Accounts/{SID}/Messages.json"]


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_a_message_that_is_refused_comes_back_later_and_is_given_up_in_the_end(
    store: Store, rest_api: RestApi, clerk_at, clock: Clock, status: int
) -> None:
    rest_api.status = status
    queue_one(store, clock.now)
    clerk = clerk_at(rest_api.url)
    send_all(clerk)
    send_all(clerk)
    assert len(rest_api.received) == 1, "not again before its time"
    for _ in range(ATTEMPTS + 2):
        clock.now += timedelta(hours=1)
        send_all(clerk)
    assert len(rest_api.received) == ATTEMPTS


NEWER_PROBLEM = {"type": "about:blank", "title": "Invalid 'To' number", "detail": "The number +12065550143 is not valid."}


@pytest.mark.parametrize("extra", [{}, NEWER_PROBLEM], ids=["message", "problem details"])
def test_a_refusal_that_names_the_number_is_kept_and_logged_without_it(
    store: Store, database_url: str, rest_api: RestApi, clerk_at, clock: Clock, caplog: pytest.LogCaptureFixture, extra
) -> None:
    caplog.set_level(logging.INFO)
    rest_api.status, rest_api.extra = 400, extra
    queue_one(store, clock.now)
    send_all(clerk_at(rest_api.url))
    engine = open_engine(database_url)
    kept = engine.read(lambda connection: connection.one("SELECT last_error FROM outbox"))
    engine.close()
    assert kept == ("The telephony side refused: HTTP status 400, error code 21211",)
    assert kept[0] in caplog.text
    assert "2065550143" not in caplog.text


def test_a_number_that_takes_no_messages_is_given_up_at_once(store: Store, rest_api: RestApi, clerk_at, clock: Clock) -> None:
    rest_api.status = 400
    queue_one(store, clock.now)
    clerk = clerk_at(rest_api.url)
    clerk.send_next()
    clock.now += timedelta(hours=1)
    assert not clerk.send_next()
    assert len(rest_api.received) == 1


def test_an_answer_that_is_no_message_is_a_refusal_like_any_other(
    store: Store, rest_api: RestApi, clerk_at, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    rest_api.instead = b"<html>a proxy says hello</html>"
    queue_one(store, clock.now)
    clerk_at(rest_api.url).send_next()
    assert "no message" in caplog.text


def test_a_telephony_side_that_cannot_be_reached_loses_nothing(
    store: Store, rest_api: RestApi, clerk_at, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    queue_one(store, clock.now)
    send_all(clerk_at("http://127.0.0.1:9"))
    assert "cannot be reached" in caplog.text
    assert "+12065550143" not in caplog.text
    clock.now += timedelta(hours=1)
    send_all(clerk_at(rest_api.url))
    assert len(rest_api.received) == 1


def test_two_clerks_send_a_message_once(store: Store, rest_api: RestApi, clerk_at, clock: Clock) -> None:
    for _ in range(20):
        queue_one(store, clock.now)
    threads = [Thread(target=send_all, args=(clerk_at(rest_api.url),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rest_api.received) == 20


def test_a_message_goes_out_once_however_slow_the_sending_of_those_before_it(store: Store, clock: Clock) -> None:
    bodies = [f"message {number}" for number in range(12)]
    for body in bodies:
        queue_one(store, clock.now, body)
    sent: list[str] = []
    other = Clerk(PostOffice(store), lambda _to, body: sent.append(body), lambda: 0, clock)

    def send_slowly(_to: str, body: str) -> None:
        clock.now += timedelta(seconds=TIMEOUT_SECONDS)
        sent.append(body)
        if len(sent) == 8:  # eighty seconds: longer than a lease
            send_all(other)

    send_all(Clerk(PostOffice(store), send_slowly, lambda: 0, clock))
    assert sorted(sent) == sorted(bodies)


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
