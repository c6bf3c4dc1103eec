"""What every request carries, and what an answer may be: https://www.twilio.com/docs/voice/twiml."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pbx.call import CallStatus
from pbx.exchange.numbers import IncomingNumber
from pbx.fallback import Fallback
from pbx.leg import Key
from pbx.request import Method

SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
STANDING = {"CallSid", "AccountSid", "From", "To", "Caller", "Called", "CallStatus", "Direction", "ApiVersion"}

GATHERED = {"/voice": "<Gather numDigits='1' action='/next'/>", "/next": "<Redirect>/last</Redirect>", "/last": "<Hangup/>"}


def test_every_request_of_a_call_carries_the_standing_parameters(play):
    call = play(GATHERED, {1.0: Key("5")}, status="/status")
    assert [request.form.keys() >= STANDING for request in call.requests] == [True] * 4


def test_sids_have_34_characters(play):
    form = play("<Hangup/>").requests[0].form
    assert SID.fullmatch(form["CallSid"])
    assert SID.fullmatch(form["AccountSid"])


def test_caller_and_called_repeat_from_and_to(play):
    form = play("<Hangup/>").requests[0].form
    assert (form["Caller"], form["Called"]) == (form["From"], form["To"])
    assert (form["Direction"], form["ApiVersion"]) == ("inbound", "2010-04-01")


def test_the_first_request_finds_the_call_ringing_and_later_ones_in_progress(play):
    call = play(GATHERED, {1.0: Key("5")}, status="/status")
    statuses = [request.form["CallStatus"] for request in call.requests]
    assert statuses == [CallStatus.RINGING, CallStatus.IN_PROGRESS, CallStatus.IN_PROGRESS, CallStatus.COMPLETED]


def test_what_was_entered_goes_to_the_action_alone(play):
    call = play(GATHERED, {1.0: Key("5")})
    assert ["Digits" in request.form for request in call.requests] == [False, True, False]


@pytest.mark.parametrize(("finish", "told"), [("1#", ("1", "#")), ("12", ("12", ""))])
def test_the_action_is_told_which_key_finished(play, keys, finish, told):
    pages = {"/voice": "<Gather numDigits='2' action='/next'/>", "/next": "<Hangup/>"}
    form = play(pages, keys(finish, at=1)).request("/next").form
    assert (form["Digits"], form["FinishedOnKey"]) == told


def test_the_end_of_the_call_is_told_with_its_duration(play):
    form = play("<Pause length='1'/><Say>hello</Say>", status="/status").request("/status").form
    assert (form["CallStatus"], form["CallDuration"], form["SequenceNumber"]) == ("completed", "2", "0")
    assert (form["CallbackSource"], form["Timestamp"]) == ("call-progress-events", "Thu, 01 Jan 2026 00:00:03 +0000")


@pytest.mark.parametrize(("reason", "status"), [("", "no-answer"), ("reason='busy'", "busy")])
def test_a_rejected_call_ends_as_no_answer_or_busy(play, reason, status):
    assert play(f"<Reject {reason}/>", status="/status").request("/status").form["CallStatus"] == status


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", 11770),
        ("  \n", 11770),
        ("<Response>", 12100),
        ("no xml at all", 12100),
        ('<?xml version="7.0"?><Response/>', 12101),
        ('<?xml version="1.0"?><html/>', 12102),
        ('<?xml version="1.0"?><response/>', 12102),
        ("<!DOCTYPE Response><Response/>", 12100),
    ],
)
def test_an_answer_that_is_no_twiml_is_an_error_with_its_own_code(play, body, code):
    call = play({"/voice": body, "/fallback": "<Say>sorry</Say>"}, fallback="/fallback")
    assert (call.failure.code, call.request("/fallback").form["ErrorCode"]) == (code, str(code))
    assert call.request("/fallback").form["ErrorUrl"] == "http://centre.test/voice"


@pytest.mark.parametrize("content_type", ["text/xml", "application/xml", "text/html", "text/xml; charset=utf-8", "TEXT/XML"])
def test_these_content_types_are_twiml(play, content_type):
    assert play("<Say>hello</Say>", content_type=content_type).said == ["hello"]


def test_an_answer_of_sound_is_played_and_the_call_ends(play):
    call = play("not read", content_type="audio/mpeg")
    assert call.phone.events == [(0.0, "answer"), (0.0, "play http://centre.test/voice"), (2.0, "hang up")]


def test_an_answer_of_plain_text_is_spoken_and_the_call_ends(play):
    call = play("hello there", content_type="text/plain")
    assert (call.said, call.ending) == (["hello there"], "hung-up-by-line")


def test_plain_text_that_is_twiml_is_twiml(play):
    assert play("<Response><Say>hello</Say></Response>", content_type="text/plain").said == ["hello"]


@pytest.mark.parametrize("content_type", ["", "application/json", "image/png"])
def test_any_other_content_type_is_12300(play, content_type):
    assert play("<Say>hello</Say>", content_type=content_type).failure.code == 12300


def test_names_are_case_sensitive(play, warned):
    assert (play("<say>no</say><Say>yes</Say>").said, warned()) == (["yes"], [12200])


def test_a_warning_names_the_document_and_the_line(play):
    call = play("<Response>\n\n<Pause length='x'/></Response>")
    (alert,) = call.stage.debugger
    assert (alert.level, alert.code, alert.url, alert.line) == ("warning", 13910, "http://centre.test/voice", 3)
    assert alert.call_sid == "CA" + "1" * 32


def test_an_error_is_in_the_debugger_too(play):
    (alert,) = play({"/voice": "<Response>", "/status": ""}, status="/status").stage.debugger
    assert (alert.level, alert.code) == ("error", 12100)


def test_a_caller_who_hangs_up_before_the_answer_ends_as_canceled(play):
    form = play("<Pause length='60'/><Say>never</Say>", status="/status", hang_up_at=5).request("/status").form
    assert (form["CallStatus"], form["CallDuration"]) == ("canceled", "0")


def test_nothing_is_asked_for_once_the_caller_has_hung_up(play):
    call = play({"/voice": "<Redirect>/voice</Redirect>"}, fetch_seconds=1, hang_up_at=4.5, status="/status")
    assert (call.paths, call.ending) == (["/voice"] * 5 + ["/status"], "hung-up-by-caller")


@pytest.mark.parametrize("methods", [("GET", "POST"), ("POST", "GET")])
def test_the_fallback_and_the_status_callback_have_methods_of_their_own(play, methods):
    fallback, status = methods

    def configure(stage):
        methods = {"fallback_method": Method(fallback), "status_callback_method": Method(status)}
        stage.interpreter.number = replace(stage.interpreter.number, **methods)
        stage.interpreter.fallback = Fallback("http://centre.test/sorry", Method(fallback))

    pages = {"/voice": "<Pause/><Redirect>/broken</Redirect>", "/broken": 500, "/sorry": "<Hangup/>"}
    call = play(pages, fallback="/sorry", status="/status", meanwhile={0.5: configure})
    assert (call.request("/sorry").method, call.request("/status").method) == methods


def test_numbers_hand_their_methods_to_the_call():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    number = IncomingNumber("+12065550100", "", "http://a.test/", at, at, voice_fallback_method=Method.GET)
    assert (number.line.fallback_method, number.line.status_callback_method) == (Method.GET, Method.POST)
    number.status_callback_method = Method.GET
    assert number.line.status_callback_method == Method.GET
