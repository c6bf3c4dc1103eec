"""The debugger's log over REST, from telephony sides that answer, answer oddly, or do not answer."""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from callcenter.floor.debugger import Alert, Level, LogPage, ReadLog, Unread, Wanted
from callcenter.service import debugger_log
from callcenter.service.debugger_log import PAGE_SIZE, log_reader

SID = "AC" + "0" * 32
CALL = "CA" + "2" * 32
URL = "https://line.example.com/voice"
FOREIGN = "-".join(("B7K2M", "QX4TR", "9WHVP", "3CJDF", "8GY6N"))  # shaped like a key, made up here


@pytest.fixture
def read(rest_api: Any) -> ReadLog:
    return log_reader(SID, "token", lambda: rest_api.url, has_twilio=False)


def notification(**told: object) -> dict[str, object]:
    return {
        "call_sid": CALL,
        "log": "1",
        "error_code": "12200",
        "message_date": "Sun, 22 Nov 2026 15:19:46 +0000",
        "message_text": f"warning 12200, {URL}, line 3: Schema validation warning: no such verb",
        "request_url": URL,
    } | told


def listing(*notifications: object, following: str | None = None) -> dict[str, object]:
    return {"notifications": notifications, "next_page_uri": following}


def test_an_entry_is_told_apart_into_level_code_document_line_and_sentence(rest_api: Any, read: ReadLog) -> None:
    rest_api.bodies["GET Notifications.json"] = listing(notification(), following="/more")
    at = datetime(2026, 11, 22, 15, 19, 46, tzinfo=UTC)
    alert = Alert(at, CALL, Level.WARNING, 12200, URL, 3, "Schema validation warning: no such verb")
    assert read(Wanted()) == LogPage((alert,), has_older=True)


def test_an_entry_without_a_line_has_none_and_one_written_otherwise_is_shown_whole(rest_api: Any, read: ReadLog) -> None:
    without = notification(
        log="0", error_code="11200", message_text=f"error 11200, {URL}: HTTP retrieval failure: it broke off"
    )
    foreign = notification(message_text="Msg=Something&line=7", call_sid=None)
    rest_api.bodies["GET Notifications.json"] = listing(without, foreign)
    found = read(Wanted())
    assert isinstance(found, LogPage)
    first, second = found.alerts
    assert (first.level, first.line, first.sentence) == (Level.ERROR, None, "HTTP retrieval failure: it broke off")
    assert (second.line, second.sentence, second.call_sid, found.has_older) == (None, "Msg=Something&line=7", "", False)


def test_what_is_shaped_like_a_foreign_key_is_removed_from_sentence_and_document(rest_api: Any, read: ReadLog) -> None:
    url = f"{URL}/{FOREIGN}"
    text = f"warning 12200, {url}, line 3: Schema validation warning: {FOREIGN} is no verb"
    rest_api.bodies["GET Notifications.json"] = listing(notification(request_url=url, message_text=text))
    found = read(Wanted())
    assert isinstance(found, LogPage)
    assert (FOREIGN not in str(found), found.alerts[0].line) == (True, 3)
    assert str(found).count("[product key removed]") == 2


@pytest.mark.parametrize(
    ("wanted", "path", "query"),
    [
        (Wanted(page=3), "Notifications.json", f"Page=2&PageSize={PAGE_SIZE}"),
        (Wanted(Level.ERROR), "Notifications.json", f"Page=0&PageSize={PAGE_SIZE}&Log=0"),
        (Wanted(Level.WARNING, CALL), f"Calls/{CALL}/Notifications.json", f"Page=0&PageSize={PAGE_SIZE}&Log=1"),
    ],
)
def test_level_call_and_page_are_asked_for_as_twilio_asks(
    rest_api: Any, read: ReadLog, wanted: Wanted, path: str, query: str
) -> None:
    rest_api.bodies[f"GET {path}"] = listing()
    assert read(wanted) == LogPage((), has_older=False)
    assert rest_api.paths == [f"/2010-04-01/Accounts/{SID}/{path}?{query}"]


ODD: dict[str, Callable[[Any], None]] = {
    "another account": lambda api: api.refusals.update({"GET Notifications.json": (401, 20003)}),
    "no JSON": lambda api: setattr(api, "instead", b"<html>"),
    "another object": lambda api: setattr(api, "instead", b"[1]"),
    "no code": lambda api: api.bodies.update({"GET Notifications.json": listing(notification(error_code="many"))}),
    "no date": lambda api: api.bodies.update({"GET Notifications.json": listing(notification(message_date="soon"))}),
    "a field missing": lambda api: api.bodies.update({"GET Notifications.json": listing(notification(message_text=None))}),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_answer_that_is_no_log_is_a_value_and_no_exception(rest_api: Any, read: ReadLog, odd: str) -> None:
    ODD[odd](rest_api)
    assert read(Wanted()) is Unread.NO_ANSWER


def test_nobody_there_is_a_value_and_twilio_is_not_asked() -> None:
    assert log_reader(SID, "token", lambda: "http://127.0.0.1:9", has_twilio=True)(Wanted()) is Unread.NO_ANSWER
    assert log_reader(SID, "token", lambda: None, has_twilio=False)(Wanted()) is Unread.NO_EXCHANGE
    assert log_reader(SID, "token", lambda: None, has_twilio=True)(Wanted()) is Unread.AT_TWILIO


def test_somebody_who_never_answers_holds_nobody_up_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debugger_log, "_PATIENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        read = log_reader(SID, "token", lambda: f"http://127.0.0.1:{silent.getsockname()[1]}", has_twilio=False)
        began = time.monotonic()
        assert read(Wanted()) is Unread.NO_ANSWER
    assert time.monotonic() - began < 5
