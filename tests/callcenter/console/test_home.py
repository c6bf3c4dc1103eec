"""An agent's first page: the own state, the queue, answering."""

from typing import Any

import pytest

from callcenter.floor.audit import Act
from callcenter.floor.people import Availability
from callcenter.floor.queue import EntryStatus


def entry_of(console: Any, sid: str) -> Any:
    return console.store.read(lambda tx: tx.queue.find(sid))


def test_an_empty_queue_and_no_cases_are_said(console: Any) -> None:
    page = console.signed_in("amira").read()
    assert "Nobody waits." in page
    assert "No case yet." in page


def test_the_queue_tells_place_wait_reason_and_language_in_words(console: Any) -> None:
    console.arrive("agent.mak_limit")
    console.clock.turn(seconds=65)
    second = console.arrive("agent.kms_host_limit")
    page = console.signed_in("amira").read()
    assert f"1 1:05 100001 Volume key used up en Answer 2 0:00 {second.case_number} KMS hosts used up en Answer" in page
    assert "2 waiting for you, longest 1:05" in page


def test_a_case_that_opens_while_the_page_is_open_joins_the_newest_cases(console: Any) -> None:
    browser = console.signed_in("amira")
    assert 'data-live="recent"' in browser.get("/console").text
    entry = console.arrive("agent.mak_limit")
    answer = browser.get("/console/fragments?show=recent").text
    assert entry.case_number in answer
    assert "No case yet." not in answer


def test_callers_this_agent_may_not_answer_are_shown_with_the_reason(console: Any) -> None:
    console.arrive(language="de")
    console.arrive(needs_senior=True)
    console.arrive(for_agent="bruno")
    page = console.signed_in("amira").read()
    assert "needs de" in page
    assert "for a senior agent" in page
    assert "for Bruno Doe" in page
    assert "Nobody waits for you" in page
    assert "Answer case" not in console.signed_in("amira").get("/console").text


@pytest.mark.parametrize(
    ("wanted", "reason", "sentence"),
    [
        ("available", "", "You are available now."),
        ("break", "meal", "You are on a break: meal."),
        ("break", "", "Choose what the break is for"),
        ("on call", "", "Choose available, break or offline"),
        ("nonsense", "", "Choose available, break or offline"),
    ],
)
def test_agents_say_what_they_are_doing(console: Any, wanted: str, reason: str, sentence: str) -> None:
    browser = console.signed_in("amira")
    browser.send("/console/availability", availability=wanted, reason=reason)
    assert sentence in browser.read()
    presence = console.presence("amira")
    assert (presence and presence.availability.value) == (wanted if sentence.startswith("You are") else None)


def test_a_break_asked_for_during_a_call_is_promised_for_afterwards(console: Any) -> None:
    console.is_doing("amira", Availability.ON_CALL)
    browser = console.signed_in("amira")
    browser.send("/console/availability", availability="break", reason="training")
    page = browser.read()
    assert "the break begins afterwards" in page
    assert "then a break: training" in page


def test_answer_next_takes_the_caller_at_the_head_to_the_desk(console: Any) -> None:
    first, second = console.arrive(), console.arrive()
    browser = console.signed_in("amira")
    browser.send("/console/availability", availability="available")
    answer = browser.send("/console/answer", call_sid="next")
    assert answer.headers["Location"] == f"/console/calls/{first.case_number}"
    assert entry_of(console, first.call_sid).answered_by == "amira"
    assert entry_of(console, second.call_sid).status is EntryStatus.WAITING
    assert Act.ANSWERED in {entry.act for entry in console.acts()}


def test_two_agents_press_answer_and_one_is_told_who_was_faster(console: Any) -> None:
    call = console.arrive()
    browsers = {name: console.signed_in(name) for name in ("amira", "bruno")}
    for name, browser in browsers.items():
        console.is_doing(name, Availability.AVAILABLE)
        browser.send("/console/answer", call_sid=call.call_sid)
    assert entry_of(console, call.call_sid).answered_by == "amira"
    assert "Amira Doe" in browsers["bruno"].read().split("Waiting for a person")[0]


def test_two_agents_press_next_and_each_gets_a_caller(console: Any) -> None:
    calls = [console.arrive(), console.arrive()]
    for name in ("amira", "bruno"):
        console.is_doing(name, Availability.AVAILABLE)
        console.signed_in(name).send("/console/answer", call_sid="next")
    assert [entry_of(console, call.call_sid).answered_by for call in calls] == ["amira", "bruno"]


def test_answering_while_on_a_break_is_refused_with_a_sentence(console: Any) -> None:
    call = console.arrive()
    console.is_doing("amira", Availability.BREAK)
    browser = console.signed_in("amira")
    browser.send("/console/answer", call_sid=call.call_sid)
    assert "You are on a break; say that you are available first." in browser.read()
    assert entry_of(console, call.call_sid).status is EntryStatus.WAITING


def test_answer_next_with_nobody_waiting_is_said(console: Any) -> None:
    console.is_doing("amira", Availability.AVAILABLE)
    browser = console.signed_in("amira")
    browser.send("/console/answer", call_sid="next")
    assert "Nobody waits whom you may answer." in browser.read()


def test_a_script_gets_the_refusal_as_a_problem(console: Any) -> None:
    console.is_doing("amira", Availability.AVAILABLE)
    browser = console.signed_in("amira")
    token = browser.get("/console/session").json["token"]
    headers = {"Accept": "application/json"}
    answer = browser.client.post("/console/answer", data={"csrf_token": token, "call_sid": "CA-none"}, headers=headers)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"] == "There is no such call in the queue."


def test_the_own_call_stays_in_sight_until_it_is_wrapped_up(console: Any) -> None:
    call = console.arrive("agent.three_bad_groups")
    console.is_doing("amira", Availability.AVAILABLE)
    browser = console.signed_in("amira")
    browser.send("/console/answer", call_sid=call.call_sid)
    page = browser.read("/console/profile")
    assert f"Case {call.case_number} three bad groups" in page
    assert "Open the call" in page


def test_whoever_serves_no_calls_has_no_bar_and_no_answer_button(console: Any) -> None:
    console.arrive()
    page = console.signed_in("felix").get("/console").text
    assert 'data-live="bar"' not in page
    assert "/console/answer" not in page


def test_the_profile_keeps_phone_and_languages(console: Any) -> None:
    browser = console.signed_in("amira")
    browser.send("/console/profile", phone="+18005550142", languages="EN de")
    agent = console.store.read(lambda tx: tx.people.find("amira"))
    assert (agent.phone, agent.languages) == ("+18005550142", frozenset({"en", "de"}))
    assert Act.AGENT_CHANGED in {entry.act for entry in console.acts()}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"phone": "call me", "languages": "en"}, "Write the phone as"),
        ({"phone": "", "languages": "english"}, "Write the languages as"),
    ],
)
def test_a_profile_that_will_not_do_is_refused_where_it_was_typed(console: Any, fields: dict[str, str], sentence: str) -> None:
    browser = console.signed_in("amira")
    answer = browser.send("/console/profile", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(typed in answer.text for typed in fields.values())
