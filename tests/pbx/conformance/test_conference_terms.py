"""The attributes of Conference: https://www.twilio.com/docs/voice/twiml/conference."""

import pytest

from pbx.document import parse_twiml
from pbx.recording import RecordingPlan, Source
from pbx.request import Content, Method, WebhookRequest
from pbx.rooms.seat import Terms
from pbx.vocabulary import CALL_VERBS

TWO = "In a conference with 1 other."


def conference_in(attributes, name="room"):
    body = f"<Response><Dial><Conference {attributes}>{name}</Conference></Dial></Response>".encode()
    document = parse_twiml(body, "http://centre.test/voice", CALL_VERBS)
    return document.verbs[0].party, [notice.code.value for notice in document.notices]


def test_the_defaults_are_the_page_s():
    party, codes = conference_in("")
    assert (party.room, party.seating, codes) == ("room", Terms(), [])
    assert party.seating == Terms(False, "true", True, False, Content(None, Method.POST), 250, "", "", None)


@pytest.mark.parametrize("beep", ["true", "false", "onEnter", "onExit"])
def test_beep_has_four_values(beep):
    party, codes = conference_in(f'beep="{beep}"')
    assert (party.seating.beep, codes) == (beep, [])


def test_all_21_attributes_are_known():
    attributes = (
        'muted="true" beep="onExit" startConferenceOnEnter="false" endConferenceOnExit="true" participantLabel="me" '
        'jitterBufferSize="off" waitUrl="/w" waitMethod="GET" maxParticipants="2" record="do-not-record" trim="trim-silence" '
        f'region="us1" coach="CA{"1" * 32}" statusCallback="/s" statusCallbackMethod="GET" statusCallbackEvent="start end join '
        'leave mute hold modify speaker announcement" recordingStatusCallback="/r" recordingStatusCallbackMethod="GET" '
        'recordingStatusCallbackEvent="completed" eventCallbackUrl="/e" recordingConfigurationId="x"'
    )
    party, codes = conference_in(attributes)
    assert (party.seating.muted, party.seating.label, party.seating.maximum, codes) == (True, "me", 2, [])
    assert len(party.seating.notification.events) == 9


@pytest.mark.parametrize("record", ["true", "record-from-start"])
def test_the_room_is_recorded_from_its_start_without_silence_at_its_ends(record):
    party, codes = conference_in(f'record="{record}"')
    assert (party.seating.recording, codes) == (RecordingPlan(Source.CONFERENCE, is_trimmed=True), [])


@pytest.mark.parametrize("record", ["", 'record="do-not-record"', 'record="false"'])
def test_the_room_is_not_recorded_unless_asked_for(record):
    assert conference_in(record)[0].seating.recording is None


@pytest.mark.parametrize(("attribute", "code"), [('record="maybe"', 13217), ('trim="some"', 13699)])
def test_bad_values_about_the_recording_are_warnings(attribute, code):
    assert conference_in(attribute)[1] == [code]


def test_the_recording_callback_outweighs_the_legacy_one():
    both = 'record="true" trim="do-not-trim" recordingStatusCallback="/new" eventCallbackUrl="/old"'
    plan = conference_in(both)[0].seating.recording
    assert (plan.is_trimmed, plan.report.url.rpartition("/")[2], plan.report.is_legacy) == (False, "new", False)


def test_a_name_has_at_most_128_characters():
    assert conference_in("", "x" * 128)[0].room == "x" * 128
    assert conference_in("", "x" * 129)[1] == [13237]


def test_an_empty_wait_url_is_silence():
    assert conference_in('waitUrl=""')[0].seating.wait == Content("", Method.POST)


@pytest.mark.parametrize("label", ["x" * 129, "a/b", "CA" + "0" * 32])
def test_a_label_that_cannot_stand_in_a_path_is_16023(label):
    party, codes = conference_in(f'participantLabel="{label}"')
    assert (party.seating.label, codes) == ("", [16023])


def test_nothing_starts_with_fewer_than_two(play):
    call = play("<Dial><Conference>room</Conference></Dial>", hang_up_at=30)
    assert TWO not in [event for _, event in call.phone.events]


def test_the_name_is_case_sensitive(play):
    call = play("<Dial><Conference>Room</Conference></Dial>", hang_up_at=9, meanwhile={3.0: lambda stage: stage.joins("room")})
    assert len(list(call.stage.conferences)) == 2


def test_the_body_may_be_the_sid_of_a_live_conference(play):
    def enter(stage):
        (room,) = stage.conferences
        stage.joins(room.sid)

    call = play("<Dial><Conference>room</Conference></Dial>", hang_up_at=9, meanwhile={3.0: enter})
    assert (3.0, TWO) in call.phone.events


def test_the_timeout_of_dial_means_nothing_to_a_conference(play):
    call = play("<Dial timeout='5'><Conference>room</Conference></Dial><Say>after</Say>", hang_up_at=60)
    assert (call.said, call.ended_at) == ([], 60.0)


def test_the_action_after_a_conference_is_told_answered_and_of_no_child_call(play):
    pages = {"/voice": "<Dial action='/done' timeLimit='9'><Conference>room</Conference></Dial>", "/done": "<Hangup/>"}
    form = play(pages).request("/done").form
    assert form["DialCallStatus"] == "answered"
    assert not {"DialCallSid", "DialCallDuration"} & form.keys()


def test_a_call_moved_elsewhere_requests_no_dial_action_and_is_out_of_the_room_at_once(play):
    seen = []

    def move(stage):
        stage.interpreter.redirect(WebhookRequest("http://centre.test/elsewhere"))

    def look(stage):
        (room,) = stage.conferences
        seen.append(len(room.participants))

    pages = {"/voice": "<Dial action='/done'><Conference>room</Conference></Dial>", "/elsewhere": "<Say>elsewhere</Say>"}
    meanwhile = {2.0: lambda stage: stage.joins("room"), 3.0: look, 5.0: move, 5.1: look}
    call = play(pages, meanwhile=meanwhile)
    assert (seen, call.said, "/done" in call.paths) == ([2, 1], ["elsewhere"], False)
