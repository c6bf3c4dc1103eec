"""Dial to a Conference: https://www.twilio.com/docs/voice/twiml/conference and .../dial."""

import pytest

from pbx.request import Content
from pbx.rooms.events import RoomEvent

ALONE = "In a conference with 0 others."
TWO = "In a conference with 1 other."
OTHER = "CA" + "9" * 32


def dial(conference="", dial="", then="<Say>after</Say>", **pages):
    documents = {f"/{path}": page for path, page in pages.items()}
    return {"/voice": f"<Dial {dial}><Conference {conference}>room</Conference></Dial>{then}", **documents}


def joins(**terms):
    return lambda stage: stage.joins("room", **terms)


def room(stage):
    return next(iter(stage.conferences))


def heard(call):
    """What the caller's ear was turned to, by second."""
    return [(at, event) for at, event in call.phone.events if event not in ("answer", "hang up")]


def test_a_caller_alone_hears_the_wait_url_again_and_again(play):
    call = play(dial('waitUrl="/wait"', wait="<Say>wait</Say><Play>/music</Play>"), hang_up_at=9)
    waits = [request for request in call.requests if request.path == "/wait"]
    assert [(request.at, request.method) for request in waits] == [(0.0, "POST"), (4.0, "POST"), (8.0, "POST")]
    assert call.ending == "hung-up-by-caller"


def test_wait_content_that_takes_no_time_is_fetched_once_a_second(play):
    call = play(dial('waitUrl="/wait" waitMethod="GET"', wait="<Response/>"), hang_up_at=3.5)
    assert [(request.at, request.method) for request in call.requests[1:]] == [(float(at), "GET") for at in range(4)]


def test_without_a_wait_url_there_is_music_and_with_an_empty_one_silence(play):
    assert heard(play(dial(), hang_up_at=3)) == [(0.0, "play music"), (2.0, "play music")]
    assert heard(play(dial('waitUrl=""'), hang_up_at=3)) == []


def test_wait_content_that_cannot_be_had_is_silence_and_the_caller_stays(play, warned):
    call = play(dial('waitUrl="/wait"', wait=500), hang_up_at=100)
    assert (call.ended_at, warned()) == (100.0, [11200, 11200])


def test_verbs_that_may_not_stand_in_wait_content_are_skipped(play, warned):
    call = play(dial('waitUrl="/wait"', wait="<Gather/><Hangup/><Say>wait</Say>"), hang_up_at=1)
    assert (call.said, warned()) == (["wait"], [12200, 12200])


def test_the_conference_starts_when_the_second_arrives_and_the_music_stops_at_once(play):
    call = play(dial(), meanwhile={3.0: joins()}, hang_up_at=10)
    assert heard(call)[-1] == (3.0, TWO)


@pytest.mark.parametrize(("mine", "others", "starts"), [("false", False, False), ("false", True, True), ("true", False, True)])
def test_nothing_starts_before_somebody_is_there_who_may_start_it(play, mine, others, starts):
    call = play(dial(f'startConferenceOnEnter="{mine}"'), meanwhile={3.0: joins(starts_on_enter=others)}, hang_up_at=10)
    assert ((3.0, TWO) in heard(call)) is starts


def test_who_is_left_alone_stays_in_silence(play):
    call = play(dial(), meanwhile={3.0: joins(), 5.0: lambda stage: room(stage).participants[1].leave()}, hang_up_at=20)
    assert (heard(call)[-1], call.ended_at) == ((5.0, ALONE), 20.0)


def test_when_one_leaves_who_ends_the_conference_the_action_takes_over(play):
    documents = dial(dial="action='/done'", done="<Say>done</Say>")
    others = {3.0: joins(ends_on_exit=True), 5.0: lambda stage: room(stage).participants[1].leave()}
    call = play(documents, meanwhile=others)
    form = call.request("/done").form
    assert (form["DialCallStatus"], form["CallStatus"], call.request("/done").at) == ("answered", "in-progress", 5.0)
    assert not {"DialCallSid", "DialCallDuration"} & form.keys()
    assert call.said == ["done"]


def test_without_an_action_the_next_verb_runs(play):
    assert play(dial(), meanwhile={5.0: lambda stage: room(stage).end()}).said == ["after"]


def test_a_caller_put_out_of_the_room_goes_on_with_the_next_verb(play):
    def kick(stage):
        room(stage).remove(room(stage).participants[0], kicked=True)

    call = play(dial(), meanwhile={3.0: joins(), 5.0: kick})
    assert (call.said, call.phone.said[0][0]) == (["after"], 5.0)


def test_hanging_up_in_the_conference_tells_the_action_whose_document_cannot_run(play):
    call = play(dial(dial="action='/done' method='GET'", done="<Say>never</Say>"), hang_up_at=30)
    request = call.request("/done")
    assert (request.method, request.form["CallStatus"], request.form["DialCallStatus"]) == ("GET", "completed", "answered")
    assert (call.ending, call.said) == ("hung-up-by-caller", [])


def test_the_time_limit_ends_the_stay(play):
    call = play(dial(dial="timeLimit='60'"), meanwhile={3.0: joins()})
    assert call.phone.said == [(60.0, "after")]


def test_the_star_leaves_the_conference_only_when_it_may(play, keys):
    pressed = keys("1*", at=10)
    assert play(dial(dial="hangupOnStar='true'"), pressed, meanwhile={3.0: joins()}).phone.said == [(10.25, "after")]
    assert play(dial(), pressed, meanwhile={3.0: joins()}).said == []


def test_a_full_room_admits_nobody_and_the_dial_has_failed(play, warned):
    documents = {
        "/voice": "<Pause length='5'/>" + dial('maxParticipants="1"', "action='/done'")["/voice"],
        "/done": "<Say>full</Say>",
    }
    call = play(documents, meanwhile={1.0: joins()})
    assert (call.request("/done").form["DialCallStatus"], call.said, warned()) == ("failed", ["full"], [16020])


def test_on_hold_the_hold_content_is_heard_and_then_the_room_again(play):
    def hold(content):
        def act(stage):
            held = room(stage).participants[0]
            held.held = content
            room(stage).change(held, RoomEvent.HOLD if content else RoomEvent.UNHOLD)

        return act

    others = {3.0: joins(), 5.0: hold(Content("http://centre.test/hold")), 11.0: hold(None)}
    call = play(dial(hold="<Say>please hold</Say>"), meanwhile=others, hang_up_at=20)
    assert [at for at, _ in call.phone.said] == [5.0, 7.0, 9.0]
    assert (heard(call)[-1], call.request("/hold").method) == ((11.0, TWO), "POST")


def test_an_announcement_is_played_once_and_then_the_room_is_heard_again(play):
    def announce(stage):
        room(stage).announce(Content("http://centre.test/news"), room(stage).participants[0])

    call = play(dial(news="<Say>news</Say>"), meanwhile={3.0: joins(), 5.0: announce, 30.0: announce}, hang_up_at=60)
    assert call.phone.said == [(5.0, "news"), (30.0, "news")]
    assert [at for at, event in heard(call) if event == TWO] == [3.0, 7.0, 32.0]


def test_the_status_callback_tells_what_was_subscribed_to_in_order(play):
    attributes = 'statusCallback="/events" statusCallbackEvent="start end join leave" participantLabel="caller"'
    others = {3.0: joins(label="agent", ends_on_exit=True), 5.0: lambda stage: room(stage).participants[1].leave()}
    call = play(dial(attributes, events=""), meanwhile=others)
    told = [request.form for request in call.requests if request.path == "/events"]
    assert [form["StatusCallbackEvent"] for form in told] == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [form["SequenceNumber"] for form in told] == [str(number) for number in range(6)]
    assert {form["FriendlyName"] for form in told} == {"room"}
    assert (told[0]["ParticipantLabel"], told[1]["CallSid"]) == ("caller", OTHER)
    assert told[5]["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert told[5]["CallSidEndingConference"] == OTHER


def test_nothing_is_told_that_was_not_subscribed_to(play):
    call = play(
        dial('statusCallback="/events" statusCallbackEvent="end"', events=""), meanwhile={3.0: lambda stage: room(stage).end()}
    )
    told = [request.form for request in call.requests if request.path == "/events"]
    assert [(form["StatusCallbackEvent"], form["ReasonConferenceEnded"]) for form in told] == [
        ("conference-end", "conference-ended-via-api")
    ]
    assert "CallSidEndingConference" not in told[0]


def test_a_name_used_again_is_a_new_conference(play):
    seen = []

    def look(stage):
        seen.extend((room.sid, room.status) for room in stage.conferences)

    documents = {"/voice": dial(then="")["/voice"] * 2}
    play(documents, meanwhile={3.0: lambda stage: room(stage).end(), 5.0: look}, hang_up_at=9)
    assert [status for _, status in seen] == ["completed", "init"]
    assert len({sid for sid, _ in seen}) == 2


@pytest.mark.parametrize(
    ("nouns", "code"),
    [
        ("<Conference>room</Conference><Conference>b</Conference>", 13215),
        ("<Conference>room</Conference><Number>+12065550111</Number>", 13000),
        ("<Client>agent</Client><Conference>room</Conference>", 13000),
    ],
)
def test_beside_a_conference_nothing_else_is_dialled(play, warned, nouns, code):
    call = play(f"<Dial>{nouns}</Dial>", hang_up_at=10, meanwhile={3.0: joins()})
    assert (warned(), heard(call)[-1]) == ([code], (3.0, TWO))


def test_a_conference_without_a_name_is_a_failed_dial(play, warned):
    call = play({"/voice": '<Dial action="/done"><Conference/></Dial>', "/done": "<Hangup/>"})
    assert (call.request("/done").form["DialCallStatus"], warned()) == ("failed", [13237])


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ('muted="yes"', 13230),
        ('startConferenceOnEnter="yes"', 13232),
        ('waitUrl="ftp://music"', 13233),
        ('waitMethod="PUT"', 13234),
        ('beep="loud"', 13235),
        ('participantLabel="a/b"', 16023),
        ('maxParticipants="251"', 12200),
        ('coach="somebody"', 12200),
        ('statusCallbackEvent="shout"', 12200),
        ('unheard="of"', 12200),
    ],
)
def test_a_bad_value_is_a_warning_and_the_default_applies(play, warned, attributes, code):
    call = play(dial(attributes), hang_up_at=10, meanwhile={3.0: joins()})
    assert (warned(), heard(call)[-1]) == ([code], (3.0, TWO))


def test_a_bad_end_conference_on_exit_is_an_error(play):
    assert play(dial('endConferenceOnExit="maybe"')).failure.code == 13231


@pytest.mark.parametrize(
    ("attribute", "code"), [("method='PUT'", 13210), ("hangupOnStar='x'", 13213), ("timeLimit='x'", 13216)]
)
def test_bad_values_of_dial_are_warnings(play, warned, attribute, code):
    play(dial(dial=attribute), hang_up_at=3)
    assert warned() == [code]


def test_attributes_that_are_twilios_and_have_no_effect_here_are_not_warned_of(play, warned):
    play(
        dial('jitterBufferSize="small" record="do-not-record" region="us1"', dial='timeout="20" record="true" callerId="+1"'),
        hang_up_at=3,
    )
    assert warned() == []


def told(call, event):
    return [request.form for request in call.requests if request.form.get("StatusCallbackEvent") == event]


SUBSCRIBED = 'statusCallback="/events" statusCallbackEvent="start end join leave announcement"'


def test_who_leaves_is_told_with_the_reason_and_the_status_of_the_call(play):
    def kick(stage):
        room(stage).remove(room(stage).participants[1], kicked=True)

    call = play(dial(SUBSCRIBED, events=""), meanwhile={3.0: joins(), 5.0: kick}, hang_up_at=9)
    kicked, gone = told(call, "participant-leave")
    assert (kicked["CallSid"], kicked["ReasonParticipantLeft"]) == (OTHER, "participant_updated_via_api")
    assert (gone["ReasonParticipantLeft"], gone["ParticipantCallStatus"]) == ("participant_hung_up", "in-progress")


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda stage: room(stage).end(), "conference_ended_via_api"),
        (lambda stage: room(stage).participants[1].leave(), "moderator_ended_conference"),
    ],
)
def test_whoever_is_put_out_by_the_end_of_the_conference_is_told_so(play, end, reason):
    others = {3.0: joins(ends_on_exit=True, label="chair"), 5.0: end}
    call = play(dial(SUBSCRIBED, events=""), meanwhile=others)
    callers = [form for form in told(call, "participant-leave") if form["CallSid"] != OTHER]
    assert [form["ReasonParticipantLeft"] for form in callers] == [reason]


def test_the_end_names_the_label_of_who_ended_it(play):
    others = {3.0: joins(ends_on_exit=True, label="chair"), 5.0: lambda stage: room(stage).participants[1].leave()}
    (form,) = told(play(dial(SUBSCRIBED, events=""), meanwhile=others), "conference-end")
    assert (form["ParticipantLabelEndingConference"], form["CallSidEndingConference"]) == ("chair", OTHER)


def test_an_announcement_to_everybody_is_told_without_a_participant_and_one_to_one_with_it(play):
    def announce(listener):
        def act(stage):
            content = Content("http://centre.test/news")
            room(stage).announce(content, room(stage).participants[0] if listener else None)

        return act

    call = play(dial(SUBSCRIBED, events="", news="<Say>news</Say>"), meanwhile={1.0: announce(False), 5.0: announce(True)})
    everybody, one = told(call, "announcement-end")
    assert (everybody["AnnounceUrl"], "CallSid" in everybody) == ("http://centre.test/news", False)
    assert one["CallSid"] == "CA" + "1" * 32


def test_an_announcement_that_cannot_be_had_is_told_and_the_room_is_heard_again_at_once(play, warned):
    def announce(stage):
        room(stage).announce(Content("http://centre.test/news"))

    others = {1.0: joins(muted=True), 5.0: announce}
    call = play(dial(SUBSCRIBED, events="", news=500), meanwhile=others, hang_up_at=9)
    # the second participant has no phone here that could hear it out
    assert (warned(), heard(call)[-1]) == ([11200], (5.0, TWO))


def test_a_failed_announcement_says_why(play):
    def announce(stage):
        room(stage).announce(Content("http://centre.test/news"), room(stage).participants[0])

    (form,) = told(play(dial(SUBSCRIBED, events="", news=500), meanwhile={1.0: announce}, hang_up_at=9), "announcement-fail")
    assert (form["AnnounceUrl"], bool(form["ReasonAnnouncementFailed"])) == ("http://centre.test/news", True)


def test_an_announcement_is_over_when_its_last_listener_has_left(play):
    others = {1.0: lambda stage: room(stage).announce(Content("http://centre.test/news"))}
    call = play(dial(SUBSCRIBED, events="", news="<Pause length='60'/>"), meanwhile=others, hang_up_at=9)
    assert len(told(call, "announcement-end")) == 1


def refused(play, attributes="", name="room", **more):
    pages = {"/voice": f'<Dial action="/done"><Conference {attributes}>{name}</Conference></Dial>', "/done": "<Hangup/>"}
    return play(pages, **more).request("/done").form["DialCallStatus"]


def test_a_label_that_is_taken_is_16025_and_the_dial_has_failed(play, warned):
    def first(stage):
        stage.joins("room", label="me")

    pages = {
        "/voice": '<Pause length="2"/><Dial action="/done"><Conference participantLabel="me">room</Conference></Dial>',
        "/done": "<Hangup/>",
    }
    call = play(pages, meanwhile={1.0: first})
    assert (call.request("/done").form["DialCallStatus"], warned()) == ("failed", [16025])


def test_coaching_somebody_who_is_not_there_is_13240_and_the_dial_has_failed(play, warned):
    assert (refused(play, f'coach="{OTHER}"'), warned()) == ("failed", [13240])


@pytest.mark.parametrize("sid", ["CF" + "0" * 31 + "9", "CF" + "0" * 31 + "1"])
def test_a_sid_of_no_live_conference_is_13236_and_the_dial_has_failed(play, warned, sid):
    def over(stage):
        stage.joins("room").leave()

    pages = {"/voice": f'<Pause length="2"/><Dial action="/done"><Conference>{sid}</Conference></Dial>', "/done": "<Hangup/>"}
    call = play(pages, meanwhile={1.0: over})
    assert (call.request("/done").form["DialCallStatus"], warned()) == ("failed", [13236])
