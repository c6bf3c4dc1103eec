"""Calls by REST: https://www.twilio.com/docs/voice/api/call-resource, read and moved by Twilio's own client."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

QUEUED = 'hear "please hold"\nwait\n'
PAGES = {
    "/voice": '<Say>Please hold.</Say><Enqueue action="/dequeued" waitUrl="/wait">agents</Enqueue><Say>after</Say>',
    "/wait": "<Play>/music.wav</Play>",
    "/elsewhere": "<Say>You are elsewhere.</Say><Hangup/>",
}


@pytest.fixture
def queued(floor):
    """A caller in the queue, and the sid of the call."""
    floor.centre.pages.update(PAGES)
    call = floor.call(QUEUED + 'hear "elsewhere"\nend hung-up-by-line')
    return call, floor.centre.hears("/wait")["CallSid"]


def test_a_call_has_the_fields_that_twilios_client_reads(floor, queued):
    call = floor.client.calls(queued[1]).fetch()
    assert (call.sid, call.status, call.direction) == (queued[1], "in-progress", "inbound")
    assert (call.to, call._from, call.api_version) == ("+12065550100", "+12065550143", "2010-04-01")
    assert abs((datetime.now(UTC) - call.start_time).total_seconds()) < 60
    assert (call.end_time, call.duration, call.parent_call_sid) == (None, None, None)
    assert call.uri.endswith(f"/Calls/{call.sid}.json")


def test_calls_are_listed_by_status_and_number(floor, queued):
    def listed(**wanted):
        return [call.sid for call in floor.client.calls.list(**wanted)]

    assert listed(status="in-progress") == [queued[1]]
    assert listed(from_="+12065550143", status="in-progress", to="+12065550100") == [queued[1]]
    assert listed(from_="+12065550999") == []


def test_a_call_is_moved_to_another_url(floor, queued):
    call, sid = queued
    moved = floor.client.calls(sid).update(url=floor.url("/elsewhere"), method="GET")
    assert moved.sid == sid
    call.result(20)
    form = floor.centre.hears("/dequeued")
    assert (form["QueueResult"], form["CallSid"]) == ("redirected", sid)
    assert floor.centre.forms("/elsewhere")[0]["CallStatus"] == "in-progress"


def test_a_call_is_moved_to_an_inline_document(floor, queued):
    call, sid = queued
    floor.client.calls(sid).update(twiml="<Response><Say>You are elsewhere.</Say></Response>")
    call.result(20)


def test_a_call_is_hung_up_and_then_known_as_completed(floor):
    floor.centre.pages.update(PAGES)
    call = floor.call(QUEUED + "end hung-up-by-line")
    sid = floor.centre.hears("/wait")["CallSid"]
    floor.client.calls(sid).update(status="completed")
    call.result(20)
    assert floor.centre.hears("/dequeued")["QueueResult"] == "hangup"
    over = floor.client.calls(sid).fetch()
    assert (over.status, over.duration.isdigit()) == ("completed", True)
    assert over.end_time is not None
    assert floor.centre.hears("/status")["CallStatus"] == "completed"


def test_a_call_that_is_over_cannot_be_moved(floor, queued):
    call, sid = queued
    floor.client.calls(sid).update(url=floor.url("/elsewhere"))
    call.result(20)
    with pytest.raises(TwilioRestException) as refused:
        floor.client.calls(sid).update(url=floor.url("/elsewhere"))
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_a_call_unknown_here_is_not_found(floor):
    with pytest.raises(TwilioRestException) as refused:
        floor.client.calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)
    assert "was not found" in refused.value.msg


def test_another_token_is_not_let_in(floor):
    with pytest.raises(TwilioRestException) as refused:
        floor.client_with("wrong").calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert "Basic" in requests.get(f"{floor.exchange.url}/2010-04-01/Accounts", timeout=10).headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("update", "code"),
    [({}, 21205), ({"url": "nowhere"}, 21205), ({"twiml": "x" * 4001}, 20001), ({"status": "dancing"}, 20001)],
)
def test_an_update_that_says_nothing_usable_is_refused_in_a_sentence(floor, queued, update, code):
    with pytest.raises(TwilioRestException) as refused:
        floor.client.calls(queued[1]).update(**update)
    assert (refused.value.status, refused.value.code) == (400, code)
    floor.client.calls(queued[1]).update(url=floor.url("/elsewhere"))


def test_a_listing_is_read_page_by_page(floor):
    floor.centre.pages["/voice"] = "<Hangup/>"
    for _ in range(3):
        floor.call("end hung-up-by-line").result(20)
    sids = [call.sid for call in floor.client.calls.list(page_size=1, limit=3)]
    assert len(set(sids)) == 3
    assert sids[0] == floor.centre.told[-1][1]["CallSid"]


# Calls made by REST, to a phone that waits for one.


def test_a_phone_that_waits_is_rung_answers_and_hears_the_document(floor):
    floor.centre.pages["/callback"] = "<Say>This is your callback.</Say>"
    phone = floor.call('hear "your callback"\nend hung-up-by-line', number="+12065550111", waits=True)
    call = order(floor, "+12065550111", url=floor.url("/callback"))
    phone.result(20)
    form = floor.centre.hears("/callback")
    assert (form["CallSid"], form["Direction"], form["CallStatus"]) == (call.sid, "outbound-api", "in-progress")
    assert (form["From"], form["To"]) == ("+12065550100", "+12065550111")
    assert floor.centre.hears("/progress", CallStatus="completed")["CallSid"] == call.sid
    assert sorted((form["SequenceNumber"], form["CallStatus"]) for form in floor.centre.forms("/progress")) == [
        ("0", "initiated"),
        ("1", "ringing"),
        ("2", "in-progress"),
        ("3", "completed"),
    ]
    assert floor.centre.forms("/status") == []


def test_a_number_where_no_phone_waits_fails(floor):
    call = order(floor, "+12065550122", twiml="<Response/>")
    assert (call.status, call.direction) == ("queued", "outbound-api")
    assert floor.centre.hears("/progress", CallStatus="failed")["CallSid"] == call.sid
    assert floor.client.calls(call.sid).fetch().status == "failed"


def test_a_phone_on_a_call_is_busy(floor, queued):
    order(floor, "+12065550143", url=floor.url("/callback"))
    floor.centre.hears("/progress", CallStatus="busy")


def test_a_call_that_lasts_as_long_as_it_may_is_hung_up(floor):
    floor.centre.pages["/endless"] = '<Pause length="600"/>'
    phone = floor.call("wait\nend hung-up-by-line", number="+12065550111", waits=True)
    call = order(floor, "+12065550111", url=floor.url("/endless"), time_limit=1)
    phone.result(20)
    assert floor.centre.hears("/progress", CallStatus="completed", CallSid=call.sid)["CallDuration"] in ("1", "2")


@pytest.mark.parametrize("limit", [0, 14401])
def test_a_call_lasts_at_least_a_second_and_at_most_four_hours(floor, limit):
    with pytest.raises(TwilioRestException) as refused:
        order(floor, "+12065550111", twiml="<Response/>", time_limit=limit)
    assert (refused.value.status, refused.value.code) == (400, 20001)


def test_a_call_needs_a_number_a_sender_and_a_document(floor):
    for missing, code in (({"to": ""}, 21201), ({"from_": ""}, 21213), ({"to": "nobody"}, 21211), ({"url": ""}, 21205)):
        given = {"to": "+12065550111", "from_": "+12065550100", "url": floor.url("/callback"), **missing}
        with pytest.raises(TwilioRestException) as refused:
            floor.client.calls.create(**given)
        assert (refused.value.status, refused.value.code) == (400, code)


def test_a_call_with_bad_values_is_refused_with_twilios_code(floor):
    for bad, code in (
        ({"send_digits": "12x"}, 21206),
        ({"send_digits": "1" * 33}, 21206),
        ({"timeout": 601}, 21208),
        ({"method": "PUT"}, 21209),
        ({"record": True, "recording_channels": "three"}, 20001),
        ({"record": True, "recording_status_callback": "http://my_host.test/"}, 21609),
    ):
        with pytest.raises(TwilioRestException) as refused:
            floor.client.calls.create(to="+12065550111", from_="+12065550100", url=floor.url("/callback"), **bad)
        assert (refused.value.status, refused.value.code) == (400, code)


def test_there_are_no_applications_here(floor):
    with pytest.raises(TwilioRestException) as refused:
        floor.client.calls.create(to="+12065550111", from_="+12065550100", application_sid="AP" + "0" * 32)
    assert (refused.value.status, refused.value.code) == (400, 21218)


def test_machine_detection_changes_nothing(floor):
    call = floor.client.calls.create(
        to="+12065550122", from_="+12065550100", twiml="<Response/>", machine_detection="Enable", async_amd="true"
    )
    assert (call.status, call.answered_by) == ("queued", None)


def test_url_and_twiml_exclude_each_other_when_a_call_is_moved(floor, queued):
    with pytest.raises(TwilioRestException) as refused:
        floor.client.calls(queued[1]).update(url=floor.url("/elsewhere"), twiml="<Response/>")
    assert (refused.value.status, refused.value.code) == (400, 20001)
    floor.client.calls(queued[1]).update(url=floor.url("/elsewhere"))


def test_a_call_is_moved_with_a_fallback_of_its_own(floor, queued):
    call, sid = queued
    floor.centre.pages |= {"/broken": "<Say>", "/sorry": "<Say>You are elsewhere.</Say>"}
    floor.client.calls(sid).update(url=floor.url("/broken"), fallback_url=floor.url("/sorry"))
    assert floor.centre.hears("/sorry")["ErrorCode"] == "12100"
    call.result(20)


def test_a_live_call_is_given_a_shorter_time_and_a_callback(floor):
    floor.centre.pages |= PAGES
    call = floor.call(QUEUED + "end hung-up-by-line")
    sid = floor.centre.hears("/wait")["CallSid"]
    updated = floor.client.calls(sid).update(time_limit=1, status_callback=floor.url("/told"))
    assert updated.status == "in-progress"
    call.result(20)
    assert floor.centre.hears("/told", CallStatus="completed")["CallSid"] == sid


def test_canceled_leaves_a_call_in_progress_alone(floor, queued):
    call, sid = queued
    assert floor.client.calls(sid).update(status="canceled").status == "in-progress"
    floor.client.calls(sid).update(url=floor.url("/elsewhere"))
    call.result(20)


def test_a_call_that_is_over_stays_as_it_is(floor, queued):
    call, sid = queued
    floor.client.calls(sid).update(url=floor.url("/elsewhere"))
    call.result(20)
    assert [floor.client.calls(sid).update(status=wish).status for wish in ("completed", "canceled")] == ["completed"] * 2


@pytest.mark.parametrize("wish", ["completed", "canceled"])
def test_a_call_that_is_not_answered_is_canceled_and_cannot_be_moved(softphones, wish):
    floor = softphones.floor
    call = order(floor, softphones.address("nobody"), twiml="<Response/>")
    floor.centre.hears("/progress", CallStatus="ringing", CallSid=call.sid)
    with pytest.raises(TwilioRestException) as refused:
        floor.client.calls(call.sid).update(url=floor.url("/elsewhere"))
    assert (refused.value.status, refused.value.code) == (400, 21220)
    assert floor.client.calls(call.sid).update(status=wish).status == "canceled"
    floor.centre.hears("/progress", CallStatus="canceled", CallSid=call.sid)


@pytest.mark.parametrize("document", [{"url": "/menu"}, {"twiml": "<Response><Play digits='9'/></Response>"}])
def test_send_digits_are_keyed_to_whoever_answers_before_the_document(softphones, document):
    floor = softphones.floor
    floor.centre.pages["/menu"] = "<Play digits='9'/>"
    where = {name: floor.url(value) if name == "url" else value for name, value in document.items()}
    order(floor, softphones.address("amira"), send_digits="w12#", **where)
    softphones.rung().is_told("12#9")


def test_calls_are_listed_by_the_day_on_which_they_began(floor, queued):
    today = floor.client.calls(queued[1]).fetch().start_time.date()
    day = timedelta(days=1)

    def listed(**wanted):
        return queued[1] in [call.sid for call in floor.client.calls.list(**wanted)]

    assert listed(start_time=today)
    assert not listed(start_time=today - day)
    assert listed(start_time_after=today, start_time_before=today + day)
    assert not listed(start_time_after=today + day)
    assert not listed(end_time=today)


def order(floor, to, **document):
    events = ["initiated", "ringing", "answered", "completed"]
    progress = floor.url("/progress")
    return floor.client.calls.create(
        to=to, from_="+12065550100", status_callback=progress, status_callback_event=events, **document
    )
