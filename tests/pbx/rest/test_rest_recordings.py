"""Recordings by REST, over real SIP and RTP: https://www.twilio.com/docs/voice/api/recording."""

import io
import wave

import numpy
import pytest
import requests
from twilio.base.exceptions import TwilioRestException

LINE = "+12065550100"
EVENTS = ["in-progress", "completed"]


def peaks(url):
    """How loud each channel of a recording is."""
    with wave.open(io.BytesIO(requests.get(url, timeout=10).content)) as file:
        samples = numpy.frombuffer(file.readframes(file.getnframes()), numpy.int16).reshape(-1, file.getnchannels())
    return [int(peak) for peak in numpy.abs(samples.astype(int)).max(axis=0)]


def media(floor, sid):
    """Where the sound of a recording is."""
    return f"{floor.exchange.url}/2010-04-01/Accounts/AC{'2' * 32}/Recordings/{sid}.wav"


@pytest.fixture
def talking(softphones):
    """A call on a line that listens: the phone, and the call by REST."""
    floor = softphones.floor
    floor.centre.pages |= {"/voice": "<Gather numDigits='1' timeout='60' action='/pressed'/>", "/pressed": "<Hangup/>"}
    phone = softphones.dial("activate")
    sid = floor.centre.hears("/voice")["CallSid"]
    while floor.client.calls(sid).fetch().status != "in-progress":
        pass
    return phone, floor.client.calls(sid)


def test_a_call_under_way_is_recorded_until_it_is_over(softphones, talking):
    floor, (phone, call) = softphones.floor, talking
    callback = {"recording_status_callback": floor.url("/recorded"), "recording_status_callback_event": EVENTS}
    begun = call.recordings.create(**callback)
    assert (begun.status, begun.source, begun.call_sid) == ("in-progress", "StartCallRecordingAPI", call.fetch().sid)
    assert "RecordingDuration" not in floor.centre.hears("/recorded", RecordingStatus="in-progress")
    phone.hum(1.0)
    phone.press("1")
    form = floor.centre.hears("/recorded", RecordingStatus="completed")
    assert (form["RecordingSid"], form["RecordingSource"]) == (begun.sid, "StartCallRecordingAPI")
    (kept,) = call.recordings.list()
    assert (kept.status, peaks(form["RecordingUrl"])[0] > 3000) == ("completed", True)


def test_a_recording_is_paused_goes_on_and_is_stopped(softphones, talking):
    call = talking[1]
    sid = call.recordings.create().sid
    assert call.recordings("Twilio.CURRENT").update(status="paused", pause_behavior="skip").status == "paused"
    assert call.recordings(sid).fetch().status == "paused"
    assert call.recordings(sid).update(status="in-progress").status == "in-progress"
    assert call.recordings(sid).update(status="stopped").status == "stopped"
    assert call.recordings(sid).fetch().status == "completed"
    with pytest.raises(TwilioRestException) as refused:
        call.recordings(sid).update(status="paused")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_a_recording_under_way_is_neither_deleted_nor_played(softphones, talking):
    floor, call = softphones.floor, talking[1]
    begun = call.recordings.create()
    with pytest.raises(TwilioRestException) as refused:
        call.recordings(begun.sid).delete()
    assert (refused.value.status, requests.get(media(floor, begun.sid), timeout=10).status_code) == (409, 404)
    call.recordings(begun.sid).update(status="stopped")
    assert call.recordings(begun.sid).delete()


def test_a_call_that_is_over_cannot_be_recorded(softphones, talking):
    phone, call = talking
    phone.press("1")
    softphones.floor.centre.hears("/status", CallSid=call.fetch().sid)
    with pytest.raises(TwilioRestException) as refused:
        call.recordings.create()
    assert (refused.value.status, refused.value.code) == (400, 21220)


@pytest.mark.parametrize(("channels", "count"), [("mono", 1), ("dual", 2)])
def test_a_call_may_be_made_to_be_recorded_and_its_last_callback_tells_where(softphones, channels, count):
    floor = softphones.floor
    call = floor.client.calls.create(
        to=softphones.address("amira"),
        from_=LINE,
        twiml="<Response><Gather numDigits='1' timeout='60' action='/pressed'/></Response>",
        status_callback=floor.url("/progress"),
        record=True,
        recording_channels=channels,
    )
    phone = softphones.rung()
    phone.hum(1.0)
    phone.hang_up()
    form = floor.centre.hears("/progress", CallStatus="completed")
    (kept,) = floor.client.calls(call.sid).recordings.list()
    assert (kept.source, kept.channels, form["RecordingSid"]) == ("OutboundAPI", count, kept.sid)
    assert (peaks(form["RecordingUrl"])[0] > 3000, form["RecordingDuration"]) == (True, kept.duration)


def test_a_conference_is_recorded_and_its_recording_found_below_it(softphones):
    floor = softphones.floor
    recorded = "record='record-from-start' recordingStatusCallback='/recorded' beep='false' waitUrl=''"
    floor.centre.pages["/voice"] = f"<Dial><Conference {recorded}>taped</Conference></Dial>"
    first = softphones.dial("activate")
    second = softphones.dial("activate", "sip:carl@127.0.0.1")
    floor.centre.hears("/voice", times=2)
    second.hum(0.3)
    first.hears_something()
    second.hum(1.0)
    second.hang_up()
    first.hang_up()
    form = floor.centre.hears("/recorded")
    assert (form["RecordingSource"], form["RecordingStatus"]) == ("Conference", "completed")
    conference = floor.client.conferences(form["ConferenceSid"])
    (kept,) = conference.recordings.list()
    assert (kept.sid, kept.conference_sid, kept.status) == (form["RecordingSid"], form["ConferenceSid"], "completed")
    assert peaks(form["RecordingUrl"])[0] > 3000
    assert conference.recordings(kept.sid).delete()
    assert conference.recordings.list() == []
