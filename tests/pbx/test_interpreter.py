"""The call as a whole: standard parameters, failures and their fallback, the status callback."""

from email.utils import parsedate_to_datetime

import pytest


def test_every_request_carries_the_standard_parameters(play):
    form = play("<Say>hello</Say>").requests[0].form
    assert form == {
        "CallSid": "CA" + "1" * 32,
        "AccountSid": "AC" + "2" * 32,
        "From": "+12065550143",
        "Caller": "+12065550143",
        "To": "+12065550100",
        "Called": "+12065550100",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "ApiVersion": "2010-04-01",
    }


def test_a_whole_call_walks_from_document_to_document(play, keys):
    documents = {
        "/voice": "<Say>welcome</Say><Redirect>/group</Redirect>",
        "/group": '<Gather action="/check" numDigits="6" finishOnKey=""><Say>group one</Say></Gather>'
        "<Redirect>/group</Redirect>",
        "/check": "<Say>thank you</Say><Hangup/>",
    }
    call = play(documents, keys("123456", at=12))
    assert call.said == ["welcome", "group one", "group one", "thank you"]
    assert call.paths == ["/voice", "/group", "/group", "/check"]
    assert call.ending == "hung-up-by-line"


@pytest.mark.parametrize(("broken", "code"), [(500, "11200"), ("not xml", "12100"), ("<?xml version='1.0'?><Wrong/>", "12102")])
def test_a_document_that_fails_gives_way_to_the_fallback_url_with_the_error(play, broken, code):
    call = play({"/voice": broken, "/fallback": "<Say>one moment</Say>"}, fallback="/fallback")
    form = call.request("/fallback").form
    assert (form["ErrorCode"], form["ErrorUrl"]) == (code, "http://centre.test/voice")
    assert (call.said, call.ending) == (["one moment"], "hung-up-by-line")


def test_a_later_document_that_fails_gives_way_to_the_fallback_url_too(play, keys):
    documents = {"/voice": '<Gather action="/next" numDigits="1"/>', "/next": 503, "/fallback": "<Say>sorry</Say>"}
    call = play(documents, keys("1", at=1), fallback="/fallback")
    assert call.request("/fallback").form["ErrorUrl"] == "http://centre.test/next"
    assert call.said == ["sorry"]


def test_without_a_fallback_url_the_apology_is_said_and_the_call_ends(play, warned):
    call = play({"/voice": 500}, status="/status")
    assert call.said == ["We are sorry, an application error has occurred. Goodbye."]
    assert (call.ending, call.failure.code) == ("failed", 11200)
    assert warned() == [11200, 11200]


def test_a_fallback_that_fails_too_ends_in_the_apology(play):
    call = play({"/voice": 500, "/fallback": "<Redirect>/voice</Redirect>"}, fallback="/fallback")
    assert (call.ending, call.paths) == ("failed", ["/voice", "/fallback", "/voice"])


@pytest.mark.parametrize(
    ("fallback", "paths"),
    [
        ("<Redirect>/other</Redirect>", ["/voice", "/fallback", "/other"]),
        ("<Redirect>/good</Redirect>", ["/voice", "/fallback", "/good", "/voice"]),
        ('<Gather action="/voice" actionOnEmptyResult="true"/>', ["/voice", "/fallback", "/voice"]),
    ],
    ids=["to another that fails", "by a good document", "through a silent question"],
)
def test_a_fallback_that_leads_back_into_failure_does_not_go_round_for_ever(play, fallback, paths):
    documents = {
        "/voice": 503,
        "/other": 503,
        "/good": "<Redirect>/voice</Redirect>",
        "/fallback": fallback,
    }
    call = play(documents, fallback="/fallback")
    assert (call.ending, call.said) == ("failed", ["We are sorry, an application error has occurred. Goodbye."])
    assert call.paths == paths


def test_after_a_recovered_fallback_a_later_failure_gives_way_to_it_again(play):
    documents = {
        "/voice": 503,
        "/fallback": ["<Redirect>/recovered</Redirect>", "<Say>one moment</Say>"],
        "/recovered": "<Say>welcome back</Say><Redirect>/later</Redirect>",
        "/later": 503,
    }
    call = play(documents, fallback="/fallback")
    assert (call.said, call.ending) == (["welcome back", "one moment"], "hung-up-by-line")
    assert call.paths == ["/voice", "/fallback", "/recovered", "/later", "/fallback"]


def test_a_caller_who_answers_the_fallback_is_covered_again_even_for_the_same_document(play, keys):
    documents = {"/voice": 503, "/fallback": '<Gather action="/voice" numDigits="1"/>'}
    call = play(documents, {**keys("1", at=1), **keys("1", at=3)}, fallback="/fallback")
    assert call.paths == ["/voice", "/fallback"] * 3
    assert call.ending == "hung-up-by-line"


def test_a_fallback_that_fails_when_the_caller_has_answered_it_ends_in_the_apology(play, keys):
    documents = {"/voice": 503, "/fallback": ['<Gather numDigits="1"/>', "not xml"]}
    call = play(documents, keys("1", at=1), fallback="/fallback")
    assert (call.ending, call.paths) == ("failed", ["/voice", "/fallback", "/fallback"])


def test_what_first_failed_is_what_the_call_failed_of(play):
    call = play({"/voice": "not xml", "/fallback": 500}, fallback="/fallback")
    assert (call.failure.code, call.failure.url) == (12100, "http://centre.test/voice")


def test_plain_text_is_spoken_and_the_call_ends(play):
    call = play("Out of order", content_type="text/plain")
    assert (call.said, call.ending) == (["Out of order"], "hung-up-by-line")


def test_a_content_type_that_is_no_twiml_fails_with_12300(play, warned):
    assert play("<Say>hello</Say>", content_type="application/json").ending == "failed"
    assert warned() == [12300]


@pytest.mark.parametrize(("hang_up_at", "duration"), [(7.5, "4"), (3600.0, "12")])
def test_the_status_callback_closes_the_call_whoever_ended_it(play, hang_up_at, duration):
    documents = {"/voice": "<Pause length='3'/><Say>a</Say><Pause length='10'/>", "/status": ""}
    call = play(documents, status="/status", hang_up_at=hang_up_at)
    form = call.requests[-1].form
    assert call.requests[-1].path == "/status"
    assert (form["CallStatus"], form["CallDuration"]) == ("completed", duration)
    assert (form["CallbackSource"], form["SequenceNumber"]) == ("call-progress-events", "0")
    assert parsedate_to_datetime(form["Timestamp"]).year == 2026


def test_a_call_hung_up_while_ringing_lasted_no_time(play):
    call = play({"/voice": "<Pause length='30'/>", "/status": ""}, status="/status", hang_up_at=9)
    assert (call.ending, call.request("/status").form["CallDuration"]) == ("hung-up-by-caller", "0")


def test_a_status_callback_that_fails_changes_nothing(play):
    assert play({"/voice": "<Say>a</Say>", "/status": 500}, status="/status").ending == "hung-up-by-line"
