"""Conferences and participants by REST: the way of a caller and an agent, as the console walks it."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException

from pbx.phones import messages

EVENTS = 'statusCallback="/events" statusCallbackEvent="start end join leave mute hold modify announcement"'
STAY = "wait\nend hung-up-by-line"


@pytest.fixture
def room(floor, request):
    """The name of a conference of this test's own, on a centre whose /voice and /agent lead there."""
    name = request.node.name[:64]
    floor.centre.pages.update(
        {
            "/voice": f'<Dial action="/after"><Conference {EVENTS} waitUrl="/wait">{name}</Conference></Dial>',
            "/agent": f'<Dial><Conference participantLabel="agent">{name}</Conference></Dial>',
            "/wait": "<Pause/>",
            "/after": "<Hangup/>",
        }
    )
    return name


@pytest.fixture
def talking(floor, room):
    """A caller and an agent who have met: the conference, and the caller's and the agent's call."""
    caller = floor.call(STAY, number="+12065550131")
    floor.centre.hears("/wait")
    agent = floor.call(STAY, path="/agent", number="+12065550132")
    sid = floor.centre.hears("/events", StatusCallbackEvent="conference-start")["ConferenceSid"]
    return floor.client.conferences(sid), caller, agent


def sid_of(floor, number):
    return next(call.sid for call in floor.client.calls.list(from_=number))


def event(floor, name, **fields):
    return floor.centre.hears("/events", StatusCallbackEvent=name, **fields)


def test_a_conference_has_the_fields_that_twilios_client_reads(floor, room, talking):
    shown = talking[0].fetch()
    assert (shown.friendly_name, shown.status, shown.api_version) == (room, "in-progress", "2010-04-01")
    assert (shown.reason_conference_ended, shown.call_sid_ending_conference) == (None, None)
    assert shown.date_created is not None
    assert shown.subresource_uris["participants"].endswith(f"/Conferences/{shown.sid}/Participants.json")


def test_conferences_are_found_by_name_and_status(floor, room, talking):
    found = floor.client.conferences.list(friendly_name=room, status="in-progress")
    assert [one.friendly_name for one in found] == [room]
    assert floor.client.conferences.list(friendly_name=room, status="completed") == []
    assert floor.client.conferences.list(friendly_name="nobody's") == []


def test_participants_have_the_fields_that_twilios_client_reads(floor, talking):
    caller, agent = talking[0].participants.list()
    assert (caller.call_sid, caller.label) == (sid_of(floor, "+12065550131"), None)
    assert (agent.label, agent.status) == ("agent", "connected")
    assert (caller.muted, caller.hold, caller.coaching, caller.call_sid_to_coach) == (False, False, False, None)
    assert (caller.start_conference_on_enter, caller.end_conference_on_exit) == (True, False)
    assert (caller.queue_time, caller.date_created is not None) == (None, True)
    assert talking[0].participants("agent").fetch().call_sid == agent.call_sid


def test_hold_plays_the_hold_url_and_mute_is_another_matter(floor, talking):
    floor.centre.pages["/hold"] = "<Say>Please hold the line.</Say>"
    caller = talking[0].participants(sid_of(floor, "+12065550131"))
    held = caller.update(hold=True, hold_url=floor.url("/hold"))
    assert (held.hold, held.muted) == (True, False)
    floor.centre.hears("/hold", times=2)
    assert event(floor, "participant-hold")["Hold"] == "true"
    muted = caller.update(muted=True)
    assert (muted.hold, muted.muted) == (True, True)
    assert [one.call_sid for one in talking[0].participants.list(hold=True, muted=True)] == [muted.call_sid]
    back = caller.update(hold=False)
    assert (back.hold, back.muted) == (False, True)
    assert event(floor, "participant-unhold")["Muted"] == "true"
    assert caller.update(muted=False).muted is False
    event(floor, "participant-unmute")


def test_an_announcement_is_heard_by_one_or_by_all(floor, talking):
    floor.centre.pages["/news"] = "<Say>News.</Say>"
    talking[0].participants("agent").update(announce_url=floor.url("/news"))
    event(floor, "announcement-end", ParticipantLabel="agent")
    assert [form["From"] for form in floor.centre.forms("/news")] == ["+12065550132"]
    talking[0].update(announce_url=floor.url("/news"))
    floor.centre.hears("/news", times=3)
    event(floor, "announcement-end")


def test_a_supervisor_listens_coaches_and_barges_in_by_one_update_each(floor, talking):
    agent_sid = sid_of(floor, "+12065550132")
    supervisor = talking[0].participants(sid_of(floor, "+12065550131"))
    assert supervisor.update(muted=True).muted
    coaching = supervisor.update(muted=False, coaching=True, call_sid_to_coach=agent_sid)
    assert (coaching.muted, coaching.coaching, coaching.call_sid_to_coach) == (False, True, agent_sid)
    barging = supervisor.update(coaching=False)
    assert (barging.coaching, barging.call_sid_to_coach) == (False, None)
    assert event(floor, "participant-modify", Coaching="true")["CallSidToCoach"] == agent_sid


def test_who_is_put_out_goes_on_with_the_action_and_the_other_stays(floor, talking):
    caller_sid = sid_of(floor, "+12065550131")
    assert talking[0].participants(caller_sid).delete() is True
    assert floor.centre.hears("/after")["DialCallStatus"] == "answered"
    talking[1].result(20)
    assert [one.label for one in talking[0].participants.list()] == ["agent"]
    assert talking[0].fetch().status == "in-progress"
    talking[0].update(status="completed")
    talking[2].result(20)


def test_ending_the_conference_puts_everybody_out(floor, talking):
    assert talking[0].update(status="completed").status == "completed"
    talking[1].result(20)
    talking[2].result(20)
    assert floor.centre.hears("/after")["DialCallStatus"] == "answered"
    over = talking[0].fetch()
    assert (over.reason_conference_ended, talking[0].participants.list()) == ("conference-ended-via-api", [])


def test_end_conference_on_exit_can_be_set_later(floor, talking):
    assert talking[0].participants("agent").update(end_conference_on_exit=True).end_conference_on_exit
    talking[0].participants("agent").delete()
    talking[1].result(20)
    over = talking[0].fetch()
    assert over.reason_conference_ended == "participant-with-end-conference-on-exit-kicked"
    assert over.call_sid_ending_conference == sid_of(floor, "+12065550132")


def test_a_caller_sent_back_to_the_line_is_gone_from_the_conference_at_once(floor, talking):
    floor.centre.pages["/back"] = "<Say>Welcome back.</Say>"
    caller_sid = sid_of(floor, "+12065550131")
    floor.client.calls(caller_sid).update(url=floor.url("/back"))
    assert [one.label for one in talking[0].participants.list()] == ["agent"]
    talking[1].result(20)
    assert floor.centre.forms("/after") == []
    talking[0].participants("agent").delete()


def test_an_agents_phone_that_waits_is_rung_into_the_callers_conference(floor, room):
    floor.call(STAY)
    room_sid = conference_of(floor, room)
    floor.call(STAY, number="+12065550141", waits=True)
    participant = floor.client.conferences(room_sid).participants.create(
        from_="+12065550100", to="+12065550141", label="agent", end_conference_on_exit=True, beep="false"
    )
    assert (participant.status, participant.label, participant.conference_sid) == ("queued", "agent", room_sid)
    event(floor, "conference-start")
    agent = floor.client.conferences(room_sid).participants("agent").fetch()
    assert (agent.call_sid, agent.end_conference_on_exit) == (participant.call_sid, True)
    floor.client.calls(agent.call_sid).update(status="completed")
    event(floor, "conference-end", CallSidEndingConference=agent.call_sid)


@pytest.mark.parametrize("named_by", ["label", "call_sid"])
def test_putting_out_who_still_rings_stops_the_ringing_and_leaves_the_caller_waiting(floor, room, named_by):
    floor.call(STAY)
    conference = floor.client.conferences(conference_of(floor, room))
    with ringing_phone(floor, "+12065550142"):
        progress = {"status_callback": floor.url("/progress"), "status_callback_event": ["ringing", "completed"]}
        agent = conference.participants.create(from_="+12065550100", to="+12065550142", label="agent", **progress)
        floor.centre.hears("/progress", CallStatus="ringing")
        shown = {one.label: one.status for one in conference.participants.list()}
        assert (shown, conference.participants("agent").fetch().status) == ({None: "connected", "agent": "ringing"}, "ringing")
        assert conference.participants(getattr(agent, named_by)).delete() is True
        floor.centre.hears("/progress", CallStatus="canceled", CallSid=agent.call_sid)
    assert floor.client.calls(agent.call_sid).fetch().status == "canceled"
    assert [one.label for one in conference.participants.list()] == [None]
    with pytest.raises(TwilioRestException) as refused:
        conference.participants("agent").delete()
    assert refused.value.status == 404


@contextmanager
def ringing_phone(floor, number):
    """A phone that may be rung and that nobody answers; it has heard the exchange tell it to stop, on the way out."""
    attached, heard = threading.Event(), []

    async def ring():
        headers = {"Authorization": aiohttp.encode_basic_auth("AC" + "2" * 32, "not-a-secret")}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.ws_connect(f"{floor.exchange.url}/phones", autoping=False) as socket,
        ):
            await socket.send_bytes(messages.write(messages.Hello(number=number, may_ring=True)))
            await socket.ping()
            await socket.receive(timeout=20)  # the pong: what was sent before has been read
            attached.set()
            heard.extend([messages.read_to_phone((await socket.receive(timeout=20)).data) for _ in range(2)])

    phone = floor.phones.begin(ring())
    attached.wait(20)
    yield
    phone.result(20)
    assert [type(message).__name__ for message in heard] == ["Ring", "HangUp"]


def conference_of(floor, room):
    floor.centre.hears("/wait")
    return floor.client.conferences.list(friendly_name=room)[0].sid


def test_a_phone_nobody_has_is_a_call_that_fails_and_a_conference_that_ends(floor, room):
    progress = {"status_callback": floor.url("/progress"), "status_callback_event": ["completed"]}
    participant = floor.client.conferences(room).participants.create(from_="+12065550100", to="+12065550199", **progress)
    assert participant.status == "queued"
    floor.centre.hears("/progress", CallStatus="failed", CallSid=participant.call_sid)
    over = floor.client.conferences(participant.conference_sid).fetch()
    assert (over.friendly_name, over.status, over.reason_conference_ended) == (room, "completed", "last-participant-left")


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"to": ""}, 400, 21201),
        ({"from_": ""}, 400, 21213),
        ({"timeout": 601}, 400, 21208),
        ({"conference_record": "maybe"}, 400, 20001),
        ({"label": "a/b"}, 400, 16023),
        ({"coaching": True}, 400, 20001),
        ({"max_participants": 1}, 400, 20001),
        ({"beep": "loud"}, 400, 20001),
    ],
)
def test_a_participant_is_not_made_of_bad_values(floor, room, given, status, code):
    values = {"from_": "+12065550100", "to": "+12065550199", **given}
    with pytest.raises(TwilioRestException) as refused:
        floor.client.conferences(room).participants.create(**values)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert floor.client.conferences.list(friendly_name=room) == []


def test_a_conference_that_is_over_or_never_was_takes_no_participant(floor):
    with pytest.raises(TwilioRestException) as refused:
        floor.client.conferences("CF" + "0" * 32).participants.create(from_="+1", to="+2")
    assert (refused.value.status, refused.value.code) == (404, 16022)


def test_a_label_is_not_given_twice(floor, talking):
    with pytest.raises(TwilioRestException) as refused:
        talking[0].participants.create(from_="+12065550100", to="+12065550199", label="agent")
    assert (refused.value.status, refused.value.code) == (400, 16025)


def test_a_leg_that_never_came_is_told_as_one_that_left(floor, room):
    told = {"conference_status_callback": floor.url("/told"), "conference_status_callback_event": ["leave", "end"]}
    floor.client.conferences(room).participants.create(from_="+12065550100", to="+12065550199", label="agent", **told)
    left = floor.centre.hears("/told", StatusCallbackEvent="participant-leave", ParticipantLabel="agent")
    assert (left["ParticipantCallStatus"], left["ReasonParticipantLeft"]) == ("failed", "participant_add_failed")
    floor.centre.hears("/told", StatusCallbackEvent="conference-end")


def test_who_is_moved_by_rest_is_told_so(floor, talking):
    floor.centre.pages["/elsewhere"] = "<Hangup/>"
    floor.client.calls(sid_of(floor, "+12065550132")).update(url=floor.url("/elsewhere"))
    assert event(floor, "participant-leave", ParticipantLabel="agent")["ReasonParticipantLeft"] == "participant_updated_via_api"


def test_conferences_are_listed_by_the_day_they_were_made(floor, room, talking):
    today, day = talking[0].fetch().date_created.date(), timedelta(days=1)
    assert [one.friendly_name for one in floor.client.conferences.list(friendly_name=room, date_created=today)] == [room]
    assert floor.client.conferences.list(friendly_name=room, date_created_after=today + day) == []
    assert floor.client.conferences.list(friendly_name=room, date_updated_before=today - day) == []


def test_who_is_not_in_the_room_is_not_found(floor, talking):
    with pytest.raises(TwilioRestException) as refused:
        talking[0].participants("nobody").update(muted=True)
    assert (refused.value.status, refused.value.code) == (404, 20404)
