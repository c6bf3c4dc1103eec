"""The clerk with a real outbox and Twilio's real client; only the telephony side's REST API is a stand-in."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest

from callcenter.service.clerk import Clerk, Job, call_control, text_messages
from callcenter.service.telephony import TIMEOUT_SECONDS, TelephonyError, text_sender
from data.post_office import PostOffice
from data.store import Store, open_engine

SID, TOKEN = "AC" + "0" * 32, "token"
ATTEMPTS = 5


@dataclass
class Clock:
    """A clock that the test moves."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


def texting(store: Store, send: Callable[[str, str], None], clock: Clock, *jobs: Job) -> Clerk:
    return Clerk(PostOffice(store), {"text message": text_messages(send)}, jobs, clock)


@pytest.fixture
def clerk_at(store: Store, clock: Clock) -> Callable[[str], Clerk]:
    def at(url: str) -> Clerk:
        return texting(store, text_sender(SID, TOKEN, url, "+18005550199"), clock)

    return at


def queue_one(store: Store, now: datetime, body: str = "A 123456") -> None:
    store.transaction(lambda transaction: transaction.outbox.add_text_message("+12065550143", body, now))


def send_all(clerk: Clerk) -> None:
    while clerk.send_next():
        pass


def test_a_text_message_goes_out_once_through_twilios_client(store: Store, rest_api, clerk_at, clock: Clock) -> None:
    queue_one(store, clock.now)
    clerk = clerk_at(rest_api.url)
    send_all(clerk)
    send_all(clerk)
    assert rest_api.received == [{"To": "+12065550143", "From": "+18005550199", "Body": "A 123456"}]
    assert rest_api.paths == [f"/2010-04-01/Accounts/{SID}/Messages.json"]


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_a_message_that_is_refused_comes_back_later_and_is_given_up_in_the_end(
    store: Store, rest_api, clerk_at, clock: Clock, status: int
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
    store: Store, database_url: str, rest_api, clerk_at, clock: Clock, caplog: pytest.LogCaptureFixture, extra
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


def test_a_number_that_takes_no_messages_is_given_up_at_once(store: Store, rest_api, clerk_at, clock: Clock) -> None:
    rest_api.status = 400
    queue_one(store, clock.now)
    clerk = clerk_at(rest_api.url)
    clerk.send_next()
    clock.now += timedelta(hours=1)
    assert not clerk.send_next()
    assert len(rest_api.received) == 1


def test_an_answer_that_is_no_message_is_a_refusal_like_any_other(
    store: Store, rest_api, clerk_at, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    rest_api.instead = b"<html>a proxy says hello</html>"
    queue_one(store, clock.now)
    clerk_at(rest_api.url).send_next()
    assert "no message" in caplog.text


def test_a_telephony_side_that_cannot_be_reached_loses_nothing(
    store: Store, rest_api, clerk_at, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    queue_one(store, clock.now)
    send_all(clerk_at("http://127.0.0.1:9"))
    assert "cannot be reached" in caplog.text
    assert "+12065550143" not in caplog.text
    clock.now += timedelta(hours=1)
    send_all(clerk_at(rest_api.url))
    assert len(rest_api.received) == 1


def test_two_clerks_send_a_message_once(store: Store, rest_api, clerk_at, clock: Clock) -> None:
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
    other = texting(store, lambda _to, body: sent.append(body), clock)

    def send_slowly(_to: str, body: str) -> None:
        clock.now += timedelta(seconds=TIMEOUT_SECONDS)
        sent.append(body)
        if len(sent) == 8:  # eighty seconds: longer than a lease
            send_all(other)

    send_all(texting(store, send_slowly, clock))
    assert sorted(sent) == sorted(bodies)


def working(clerk: Clerk, stop: Event) -> Thread:
    thread = Thread(target=clerk.work, args=(stop,), daemon=True)
    thread.start()
    return thread


def test_the_clerk_works_until_it_is_stopped_and_does_its_jobs(store: Store, clock: Clock) -> None:
    done, stop = Event(), Event()
    thread = working(texting(store, lambda _to, _body: None, clock, Job("erase", timedelta(minutes=1), done.set)), stop)
    assert done.wait(5)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_job_is_done_again_when_its_time_has_come_and_not_before(store: Store, clock: Clock) -> None:
    began, often, seldom, stop = clock.now, [], [], Event()

    def send(_to: str, body: str) -> None:
        clock.now += timedelta(seconds=1)
        if clock.now == began + timedelta(seconds=20):
            stop.set()

    def passed() -> float:
        return (clock.now - began).total_seconds()

    jobs = (
        Job("often", timedelta(seconds=1), lambda: often.append(passed())),
        Job("seldom", timedelta(seconds=10), lambda: seldom.append(passed())),
    )
    for number in range(20):  # with something to send there is no pause
        queue_one(store, clock.now, f"message {number}")
    texting(store, send, clock, *jobs).work(stop)
    assert (often, seldom) == ([float(second) for second in range(20)], [0.0, 10.0])


class DatabaseBusy(Exception):
    """What a test's database says."""


def test_a_job_that_fails_as_expected_is_logged_and_stops_neither_the_others_nor_the_post(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    sent, stop = [], Event()
    done = Event()

    def fail() -> None:
        raise DatabaseBusy("The database was busy for 10 seconds; try again soon.")

    def send(_to: str, body: str) -> None:
        sent.append(body)
        stop.set()

    jobs = (Job("lost agents", timedelta(seconds=1), fail), Job("erase", timedelta(seconds=1), done.set))
    queue_one(store, clock.now)
    clerk = Clerk(PostOffice(store), {"text message": text_messages(send)}, jobs, clock, expected=(DatabaseBusy,))
    thread = working(clerk, stop)
    thread.join(10)
    assert sent == ["A 123456"]
    assert done.is_set()
    assert "The job 'lost agents' has to wait: The database was busy" in caplog.text


@dataclass
class BusyPost:
    """An outbox whose database is away for a while."""

    stop: Event
    asked: int = 0

    def claim_next(self, now: datetime, lease_seconds: float) -> None:
        self.asked += 1
        if self.asked == 2:
            self.stop.set()
        raise DatabaseBusy("The database cannot be reached.")

    def done(self, id: str) -> None:
        raise AssertionError

    def failed(self, id: str, retry_at: datetime | None, error: str) -> None:
        raise AssertionError


def test_a_database_that_is_away_does_not_end_the_clerk(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    stop = Event()
    post = BusyPost(stop)
    thread = working(Clerk(post, {}, (), clock, expected=(DatabaseBusy,)), stop)
    thread.join(10)
    assert post.asked == 2
    assert "The outbox has to wait" in caplog.text


def controlling(store: Store, clock: Clock, perform: Callable[..., None]) -> Clerk:
    errands = {"text message": text_messages(lambda _to, _body: None), "call control": call_control(perform)}
    return Clerk(PostOffice(store), errands, (), clock)


def test_acts_on_calls_are_done_in_the_order_they_were_asked_for(store: Store, clock: Clock) -> None:
    for do in ("ring", "dequeue", "hold"):
        store.transaction(lambda tx, do=do: tx.outbox.add_call_control({"do": do}, clock.now))
    done: list[str] = []
    send_all(controlling(store, clock, lambda command: done.append(command["do"])))
    assert done == ["ring", "dequeue", "hold"]


def test_an_act_on_a_call_is_tried_again_within_seconds_and_soon_given_up(store: Store, clock: Clock) -> None:
    store.transaction(lambda tx: tx.outbox.add_call_control({"do": "hold"}, clock.now))
    tried: list[datetime] = []

    def refuse(_command: object) -> None:
        tried.append(clock.now)
        raise TelephonyError("The conference of this call has not begun")

    clerk, began = controlling(store, clock, refuse), clock.now
    for _ in range(120):
        send_all(clerk)
        clock.now += timedelta(seconds=0.25)
    assert [(moment - began).total_seconds() for moment in tried] == [0, 1, 3, 7]


def ask(store: Store, clock: Clock, **command: str) -> None:
    store.transaction(lambda tx: tx.outbox.add_call_control({"call": "CA1", **command}, clock.now))


def passing(clock: Clock, clerk: Clerk, seconds: float) -> None:
    """The clerk at work for so long."""
    for _ in range(int(seconds * 4)):
        send_all(clerk)
        clock.now += timedelta(seconds=0.25)


def test_a_hold_that_is_tried_again_does_not_undo_what_came_after_it(store: Store, clock: Clock) -> None:
    begins, done = clock.now + timedelta(seconds=2), []

    def perform(command: Mapping[str, str]) -> None:
        if clock.now < begins:
            raise TelephonyError("The conference of this call has not begun")
        done.append(command["on"])

    clerk = controlling(store, clock, perform)
    ask(store, clock, do="hold", on="yes")
    passing(clock, clerk, 1.5)
    ask(store, clock, do="hold", on="no")
    passing(clock, clerk, 10)
    assert done == ["yes", "no"]


@pytest.mark.parametrize("do", ["redirect", "dequeue", "hang_up"])
def test_a_caller_who_is_to_be_moved_is_moved_when_the_telephony_side_is_back(store: Store, clock: Clock, do: str) -> None:
    back_at, done = clock.now + timedelta(minutes=9), []

    def perform(command: Mapping[str, str]) -> None:
        if clock.now < back_at:
            raise TelephonyError("The telephony side cannot be reached")
        done.append((command["do"], clock.now))

    ask(store, clock, do=do)
    passing(clock, controlling(store, clock, perform), 600)
    ((did, at),) = done
    assert did == do
    assert at - back_at <= timedelta(seconds=4), "the pauses do not grow with the outage"


def test_moving_a_caller_is_given_up_after_ten_minutes_and_holds_up_nothing_then(store: Store, clock: Clock) -> None:
    tried: list[str] = []

    def refuse(command: Mapping[str, str]) -> None:
        tried.append(command["do"])
        raise TelephonyError("The telephony side cannot be reached")

    ask(store, clock, do="redirect")
    ask(store, clock, do="drop")
    clerk = controlling(store, clock, refuse)
    passing(clock, clerk, 599)
    assert set(tried) == {"redirect"}
    passing(clock, clerk, 30)
    assert tried[-4:] == ["drop"] * 4


def test_an_act_that_fails_holds_up_the_caller_for_seconds_only(store: Store, clock: Clock) -> None:
    began, done = clock.now, []

    def perform(command: Mapping[str, str]) -> None:
        if command["do"] == "mute":
            raise TelephonyError("The conference of this call has not begun")
        done.append((clock.now - began).total_seconds())

    ask(store, clock, do="mute")
    ask(store, clock, do="redirect")
    passing(clock, controlling(store, clock, perform), 20)
    assert done == [7.0]


def test_a_final_refusal_is_not_tried_again(store: Store, clock: Clock) -> None:
    store.transaction(lambda tx: tx.outbox.add_call_control({"do": "call_back"}, clock.now))
    tried: list[object] = []

    def refuse(command: object) -> None:
        tried.append(command)
        raise TelephonyError("No such number", is_final=True)

    clerk = controlling(store, clock, refuse)
    send_all(clerk)
    clock.now += timedelta(hours=1)
    send_all(clerk)
    assert len(tried) == 1
