"""Live pages: what a stream says, when it says nothing, and when it ends."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from callcenter.console import fragments, live
from callcenter.console.fragments import FRAGMENTS
from callcenter.console.watch import Watch
from callcenter.floor.people import Availability, Role


class Stream:
    """An open event stream, read event by event."""

    def __init__(self, response: Any) -> None:
        self._chunks = response.response

    def next(self) -> tuple[str, Any]:
        """The next event's name and data; comments and settings of the stream are passed over."""
        for chunk in self._chunks:
            lines = dict(line.split(": ", 1) for line in chunk.decode().splitlines() if ": " in line)
            if "data" in lines:
                name = lines.get("event", "message")
                return name, json.loads(lines["data"]) if name == "message" else lines["data"]
        return "end", None

    def parts(self) -> dict[str, str]:
        """The parts of the next event that has any."""
        while True:
            name, data = self.next()
            assert name != "end", "the stream ended"
            if name == "message":
                return dict(data["parts"])


@contextmanager
def opened(browser: Any, show: str, case: str = "") -> Iterator[Stream]:
    response = browser.client.get(f"/console/stream?show={show}&case={case}", buffered=False)
    assert response.status_code == 200, response.text
    assert response.mimetype == "text/event-stream"
    try:
        yield Stream(response)
    finally:
        response.close()


def test_a_stream_begins_with_everything_the_page_shows(console: Any) -> None:
    console.arrive()
    with opened(console.signed_in("amira"), "bar,queue,approvals") as stream:
        parts = stream.parts()
    assert set(parts) == {"bar", "queue", "approvals"}
    assert "100001" in parts["queue"]


def test_only_what_has_changed_is_sent_and_within_a_second(console: Any) -> None:
    with opened(console.signed_in("amira"), "bar,queue,approvals") as stream:
        stream.parts()
        began = console.clock.now
        console.arrive(needs_senior=True)
        parts = stream.parts()
    assert set(parts) == {"queue"}
    assert console.clock.now == began


def test_parts_that_the_role_may_not_see_are_not_sent(console: Any) -> None:
    with opened(console.signed_in("amira"), "floor,bar,nonsense") as stream:
        assert set(stream.parts()) == {"bar"}


def test_a_stream_that_has_nothing_to_say_beats(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_BEAT_SECONDS", 0.05)
    with opened(console.signed_in("amira"), "bar") as stream:
        stream.parts()
        assert stream.next() == ("beat", console.clock.now.isoformat())


def test_each_reader_gets_a_form_token_of_their_own_in_shared_markup(console: Any) -> None:
    console.arrive()
    tokens = set()
    for name in ("amira", "bruno"):
        console.is_doing(name, Availability.AVAILABLE)
        browser = console.signed_in(name)
        with opened(browser, "queue") as stream:
            token = stream.parts()["queue"].split('name="csrf_token" value="')[1].split('"')[0]
        tokens.add(token)
        form = {"csrf_token": token, "call_sid": "CA-none"}
        assert browser.client.post("/console/answer", data=form).status_code == 303
    assert len(tokens) == 2


def test_an_open_page_is_a_sign_of_life(console: Any) -> None:
    console.is_doing("amira", Availability.AVAILABLE)
    console.clock.turn(seconds=30)
    with opened(console.signed_in("amira"), "bar") as stream:
        stream.parts()
        assert console.presence("amira").seen_at == console.clock.now


def test_a_page_without_a_stream_gets_the_same_by_asking_and_is_seen(console: Any) -> None:
    console.is_doing("amira", Availability.AVAILABLE)
    console.clock.turn(seconds=30)
    answer = console.signed_in("amira").get("/console/fragments?show=bar,floor")
    assert set(answer.json["parts"]) == {"bar"}
    assert console.presence("amira").seen_at == console.clock.now


def test_streams_above_the_limit_are_asked_to_come_back(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "STREAMS", 1)
    browser = console.signed_in("amira")
    with opened(browser, "bar") as stream:
        stream.parts()
        refused = browser.get("/console/stream?show=bar")
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
    with opened(browser, "bar"):
        """There is room again once the page is closed."""


@pytest.mark.parametrize("ending", ["disabled", "idle", "signed out"])
def test_a_stream_ends_with_the_session(console: Any, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr(live, "_BEAT_SECONDS", 0.05)
    browser = console.signed_in("amira")
    with opened(browser, "bar") as stream:
        stream.parts()
        if ending == "disabled":
            console.store.transaction(lambda tx: tx.people.save(replace(tx.people.find("amira"), is_disabled=True)))
        elif ending == "signed out":
            browser.send("/console/sign-out")
        console.clock.turn(minutes=30)
        names = {stream.next()[0] for _ in range(20)}
    assert "end" in names


def test_a_new_role_counts_in_open_pages(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_BEAT_SECONDS", 0.05)
    console.arrive(needs_senior=True)
    with opened(console.signed_in("amira"), "queue") as stream:
        assert "not yours" in stream.parts()["queue"]
        console.store.transaction(lambda tx: tx.people.save(replace(tx.people.find("amira"), role=Role.SENIOR_AGENT)))
        console.clock.turn(seconds=6)
        assert "not yours" not in stream.parts()["queue"]


def test_the_same_sight_is_drawn_once_for_everybody(console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = fragments._markup
    monkeypatch.setattr(fragments, "_markup", lambda part, *rest: drawn.append(part.id) or draw(part, *rest))
    together = Barrier(3)

    def read(name: str) -> None:
        with opened(console.signed_in(name), "queue") as stream:
            stream.parts()
            together.wait(10)
            assert "100001" in stream.parts()["queue"]
            together.wait(10)

    with ThreadPoolExecutor() as readers:
        reading = [readers.submit(read, name) for name in ("amira", "bruno")]
        together.wait(10)
        drawn.clear()
        console.arrive()
        together.wait(10)
        assert drawn == ["queue"]
        assert [one.result(10) for one in reading] == [None, None]


def test_the_poller_rests_while_no_page_is_open_and_begins_again(console: Any) -> None:
    watch = Watch(console.centre)
    with watch.attended_by("amira"):
        watch.wait(0, 5, follows_calls=True)
        first = watch._thread
        assert first
    first.join(5)
    assert not first.is_alive()
    with watch.attended_by("amira"):
        _, glance = watch.wait(watch._number, 0.4, follows_calls=True)
        assert watch._thread is not first
        assert glance.people["amira"].full_name == "Amira Doe"


def test_a_page_that_shows_no_calls_sleeps_while_they_move(console: Any) -> None:
    entry = console.arrive()
    watch = Watch(console.centre)
    with watch.attended_by("amira"):
        follows, _ = watch.wait(0, 5, follows_calls=True)
        rests, _ = watch.wait(0, 5, follows_calls=False)
        console.moves_on(entry.call_sid)
        assert watch.wait(follows, 5, follows_calls=True)[0] != follows
        assert watch.wait(rests, 0.4, follows_calls=False)[0] == rests
        console.arrive()
        assert watch.wait(rests, 5, follows_calls=False)[0] != rests


def test_a_poller_that_met_an_error_is_replaced_and_pages_are_not_told_that_all_is_well(
    console: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[BaseException] = []
    monkeypatch.setattr("threading.excepthook", lambda told: met.append(told.exc_value))
    watch = Watch(console.centre)
    works = console.centre.store.read
    with watch.attended_by("amira"):
        monkeypatch.setattr(console.centre.store, "read", _fails)
        watch._keep_running()
        watch._thread.join(5)
        assert not watch.is_fresh()
        monkeypatch.setattr(console.centre.store, "read", works)
        assert watch.wait(0, 5, follows_calls=True)[0] == 1
        assert watch.is_fresh()
    assert [str(error) for error in met] == ["the database is gone"]


def _fails(_work: object) -> None:
    raise OSError("the database is gone")


def test_every_live_part_can_be_drawn_for_every_role_that_may_see_it(console: Any) -> None:
    console.arrive()
    for name in ("amira", "dana", "celeste", "erin", "felix"):
        answer = console.signed_in(name).get(f"/console/fragments?show={','.join(FRAGMENTS)}&case=100001")
        assert answer.status_code == 200
        assert "approvals" in answer.json["parts"]
