"""Calls with sound, over real SIP and RTP: what the webhooks are told, what REST shows, and who hears whom."""

import asyncio
import json

import aiohttp
import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from pbx.audio.port import Unanswered
from voices.sound import Sound

ACCOUNT, TOKEN = "AC" + "2" * 32, "not-a-secret"
LINE = "+12065550100"
EVENTS = "initiated ringing answered completed"


def until(found):
    """Ask again and again, each time over the network, until there is something."""
    for _ in range(2000):
        if answer := found():
            return answer
    return pytest.fail("there was nothing")


def test_a_call_tells_the_webhook_what_twilio_tells_of_a_sip_call_and_is_listed_with_its_sound(softphones):
    floor = softphones.floor
    floor.centre.pages["/voice"] = "<Gather numDigits='1' timeout='30' action='/pressed'/>"
    phone = softphones.dial("activate")
    form = floor.centre.hears("/voice")
    assert (form["To"], form["From"], form["Direction"]) == (LINE, "sip:bob@127.0.0.1", "inbound")
    assert (form["SipSourceIp"], form["CallerName"], bool(form["SipCallId"])) == ("127.0.0.1", "Bob", True)
    call = floor.client.calls(form["CallSid"]).fetch()
    assert (call.status, call.caller_name, call.parent_call_sid) == ("in-progress", "Bob", None)
    leg = until(lambda: [leg for leg in floor.state()["legs"] if leg["call_sid"] == call.sid and leg["received_frames"]])[0]
    assert (leg["codec"], leg["lost_frames"], leg["jitter_seconds"] < 1) == ("PCMU", 0, True)
    phone.press("7")
    assert floor.centre.hears("/pressed")["Digits"] == "7"
    phone.is_gone()
    assert floor.centre.hears("/status")["CallStatus"] == "completed"
    assert floor.state()["legs"] == []


@pytest.mark.parametrize("dialled", ["+12065550100", "12065550100", "0012065550100", "+1-206-555-0100", "Activate"])
def test_a_number_may_be_written_as_people_write_it(softphones, dialled):
    softphones.floor.centre.pages["/voice"] = "<Pause/>"
    softphones.dial(dialled).is_gone()
    assert softphones.floor.centre.hears("/voice")["To"] == LINE


def test_a_caller_with_a_number_is_known_by_it(softphones):
    softphones.floor.centre.pages["/voice"] = "<Pause/>"
    softphones.dial("activate", "sip:+493023125142@127.0.0.1").is_gone()
    assert softphones.floor.centre.hears("/voice")["From"] == "+493023125142"


def test_nobody_is_there_under_a_name_that_nobody_has(softphones):
    assert softphones.try_to_dial("somebody") == Unanswered("failed", 404)
    assert softphones.floor.centre.forms("/voice") == []


def test_a_number_that_rest_gives_another_webhook_calls_that_one(softphones):
    floor = softphones.floor
    number = floor.client.incoming_phone_numbers.list()[0]
    number.update(voice_url=floor.url("/other"))
    try:
        floor.centre.pages["/other"] = "<Pause/>"
        softphones.dial("activate").is_gone()
        assert floor.centre.hears("/other")["To"] == LINE
    finally:
        number.update(voice_url=floor.url("/voice"))


def test_hanging_up_ends_the_call_and_tells_the_status_callback(softphones):
    floor = softphones.floor
    floor.centre.pages["/voice"] = "<Play digits='1'/><Pause length='60'/>"
    phone = softphones.dial("activate")
    sid = floor.centre.hears("/voice")["CallSid"]
    phone.is_told("1")
    phone.hang_up()
    assert floor.centre.hears("/status", CallSid=sid)["CallStatus"] == "completed"
    assert floor.client.calls(sid).fetch().status == "completed"


def test_rest_moves_and_ends_a_call(softphones):
    floor = softphones.floor
    floor.centre.pages |= {"/voice": "<Gather timeout='60'/>", "/elsewhere": "<Play digits='5'/><Pause length='60'/>"}
    phone = softphones.dial("activate")
    sid = floor.centre.hears("/voice")["CallSid"]
    until(lambda: floor.client.calls(sid).fetch().status == "in-progress")
    floor.client.calls(sid).update(url=floor.url("/elsewhere"))
    phone.is_told("5")
    floor.client.calls(sid).update(status="completed")
    phone.is_gone()


# Phones that are rung


def test_a_call_made_by_rest_rings_a_sip_phone_which_hears_the_document(softphones):
    floor = softphones.floor
    call = order(floor, softphones.address("amira"), twiml="<Response><Play digits='12'/></Response>")
    phone = softphones.rung()
    phone.is_told("12")
    phone.is_gone()
    assert floor.centre.hears("/progress", CallStatus="completed")["CallSid"] == call.sid
    told = sorted((form["SequenceNumber"], form["CallStatus"]) for form in floor.centre.forms("/progress"))
    assert [status for _, status in told] == ["initiated", "ringing", "in-progress", "completed"]


def test_a_call_made_by_rest_has_the_fallback_it_was_made_with(softphones):
    floor = softphones.floor
    floor.centre.pages |= {"/broken": "<Say>", "/sorry": "<Play digits='7'/>"}
    order(floor, softphones.address("amira"), url=floor.url("/broken"), fallback_url=floor.url("/sorry"))
    softphones.rung().is_told("7")
    told = floor.centre.hears("/sorry")
    assert (told["ErrorCode"], told["ErrorUrl"], told["Direction"]) == ("12100", floor.url("/broken"), "outbound-api")


def test_a_status_callback_is_refused_at_a_host_with_an_underscore(softphones):
    client, odd = softphones.floor.client, "http://my_host.test/"
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to=LINE, from_=LINE, url="http://centre.test/", status_callback=odd)
    assert (refused.value.status, refused.value.code) == (400, 21609)
    with pytest.raises(TwilioRestException) as refused:
        client.incoming_phone_numbers.list()[0].update(status_callback=odd)
    assert (refused.value.status, refused.value.code) == (400, 21609)


@pytest.mark.parametrize(("name", "status"), [("busy", "busy"), ("nobody", "no-answer")])
def test_a_phone_that_is_not_answered_says_how(softphones, name, status):
    floor = softphones.floor
    call = order(floor, softphones.address(name), timeout=1, twiml="<Response/>")
    assert floor.centre.hears("/progress", CallStatus=status)["CallSid"] == call.sid
    assert floor.client.calls(call.sid).fetch().status == status


def test_dial_makes_a_child_call_that_rest_lists_and_that_tells_its_own_callback(softphones):
    floor = softphones.floor
    sip = f"<Sip statusCallback='/child' statusCallbackEvent='{EVENTS}'>{softphones.address('amira')}</Sip>"
    floor.centre.pages["/voice"] = f"<Dial action='/dialled'>{sip}</Dial>"
    caller, callee = softphones.dial("activate"), softphones.rung()
    parent = floor.centre.hears("/voice")["CallSid"]
    child = until(lambda: floor.client.calls.list(parent_call_sid=parent, status="in-progress"))[0]
    assert (child.direction, child.parent_call_sid, child.to) == ("outbound-dial", parent, softphones.address("amira"))
    callee.hum()
    caller.hears_something()
    caller.hum()
    callee.hears_something()
    callee.hang_up()
    dialled = floor.centre.hears("/dialled")
    assert (dialled["DialCallStatus"], dialled["DialCallSid"]) == ("completed", child.sid)
    assert floor.centre.hears("/child", CallStatus="completed")["ParentCallSid"] == parent
    told = sorted((form["SequenceNumber"], form["CallStatus"]) for form in floor.centre.forms("/child"))
    assert [status for _, status in told] == ["initiated", "ringing", "in-progress", "completed"]
    caller.is_gone()


def test_a_dial_to_somebody_who_is_not_there_has_failed(softphones):
    floor = softphones.floor
    floor.centre.pages["/voice"] = "<Dial action='/dialled'><Client>nobody</Client></Dial>"
    softphones.dial("activate").is_gone()
    assert floor.centre.hears("/dialled")["DialCallStatus"] == "failed"


# Conferences


def test_who_is_in_a_conference_hears_the_others_and_the_tone_of_who_comes_and_goes(softphones):
    floor = softphones.floor
    first, second = meet(softphones, "room", "amira", "bruno")
    first.hears_nothing_for(0.5)  # the tone of the second is over
    second.hum()
    first.hears_something()
    first.hears_nothing_for(0.5)
    muted(floor, "room", "bruno", "true")
    first.heard()
    second.hum()
    first.hears_nothing_for(0.3)
    assert first.heard() == 0
    second.hang_up()
    first.hears_something()


def test_a_coach_is_heard_by_the_coached_alone(softphones):
    floor = softphones.floor
    agent, customer = meet(softphones, "desk", "amira", "carl", beep="false")
    agents_sid = participant(floor, "desk", "amira").call_sid
    terms = {"coaching": True, "call_sid_to_coach": agents_sid, "beep": "false", "label": "celeste"}
    room = conference(floor, "desk")
    room.participants.create(to=softphones.address("celeste"), from_=LINE, **terms)
    coach = softphones.rung()
    until(lambda: are_connected(floor, "desk", 3))
    coach.hum()
    agent.hears_something()
    customer.hears_nothing_for(0.3)
    assert customer.heard() == 0


def test_an_announcement_is_heard_by_everybody_and_hold_by_one(softphones):
    floor = softphones.floor
    floor.centre.pages |= {"/news": "<Play digits='123'/>", "/hold": "<Play digits='99'/><Pause length='60'/>"}
    first, second = meet(softphones, "talk", "amira", "bruno", beep="false")
    conference(floor, "talk").update(announce_url=floor.url("/news"))
    first.is_told("123")
    second.is_told("123")
    conference(floor, "talk").participants("amira").update(hold=True, hold_url=floor.url("/hold"), hold_method="POST")
    first.is_told("12399")
    second.hum()
    first.hears_nothing_for(0.3)
    assert first.heard() == 0


def test_a_caller_whose_agent_hangs_up_stays_and_can_be_moved_back_to_the_queue(softphones):
    floor = softphones.floor
    agent, customer = meet(softphones, "desk2", "amira", "carl", beep="false")
    sid = participant(floor, "desk2", "carl").call_sid
    agent.hang_up()
    until(lambda: [one.label for one in conference(floor, "desk2").participants.list()] == ["carl"])
    floor.client.calls(sid).update(twiml="<Response><Enqueue waitUrl=''>again</Enqueue></Response>")
    queue = until(lambda: [queue for queue in floor.client.queues.list() if queue.friendly_name == "again"])[0]
    assert [member.call_sid for member in until(queue.members.list)] == [sid]
    customer.hang_up()
    until(lambda: not queue.members.list())


# What goes wrong, and what is kept


def test_what_is_wrong_with_a_document_is_a_notification_with_its_code_and_line(softphones):
    floor = softphones.floor
    floor.centre.pages["/voice"] = "\n<Gather numDigits='none'/><Hangup/>"
    softphones.dial("activate").is_gone()
    sid = floor.centre.hears("/voice")["CallSid"]
    alert = floor.client.calls(sid).notifications.list()[0]
    assert (alert.error_code, alert.log, alert.call_sid) == ("13314", "1", sid)
    assert "/voice, line 2" in alert.message_text
    assert floor.client.notifications(alert.sid).fetch().message_text == alert.message_text
    assert alert.sid not in {error.sid for error in floor.client.notifications.list(log=0)}


def test_a_recording_is_listed_played_without_a_token_and_deleted(softphones):
    floor = softphones.floor
    floor.centre.pages |= {"/voice": "<Record maxLength='1' playBeep='false' action='/recorded'/>", "/recorded": "<Hangup/>"}
    phone = softphones.dial("activate")
    phone.hum(1.0)
    form = floor.centre.hears("/recorded")
    recordings = floor.client.calls(form["CallSid"]).recordings.list()
    assert [(one.status, one.source) for one in recordings] == [("completed", "RecordVerb")]
    file = requests.get(form["RecordingUrl"], timeout=10).content
    assert Sound.of_mulaw(file.partition(b"data")[2][4:]).peak > 3000
    floor.client.recordings(recordings[0].sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        floor.client.recordings(recordings[0].sid).fetch()
    assert gone.value.status == 404


def test_what_the_line_says_is_told_to_whoever_watches_and_cleaned(softphones, in_a_loop):
    floor = softphones.floor
    floor.centre.pages["/voice"] = "<Gather numDigits='1' timeout='30'><Say>A SECRET thing.</Say></Gather>"
    captions = in_a_loop(first_captions(floor.exchange.url, softphones))
    assert [(one["speaker"], one["words"]) for one in captions] == [("line", "A (removed) thing."), ("keys", "4")]
    assert {one["caller"] for one in captions} == {"sip:bob@127.0.0.1"}


async def first_captions(url, softphones):
    """What is told of a call in which the line says something, and then a key is pressed."""
    loop, headers = asyncio.get_running_loop(), {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
    async with aiohttp.ClientSession(headers=headers) as session, session.ws_connect(f"{url}/exchange/captions") as socket:
        phone = await loop.run_in_executor(None, softphones.dial, "activate")
        said = json.loads((await socket.receive(20)).data)
        phone.press("4")
        return said, json.loads((await socket.receive(20)).data)


# Helpers of these tests


def order(floor, to, **how):
    progress = floor.url("/progress")
    return floor.client.calls.create(to=to, from_=LINE, status_callback=progress, status_callback_event=EVENTS.split(), **how)


def meet(softphones, room, *names, **terms):
    """These two in a conference, each under a label of their own."""
    handsets = []
    for name in names:
        softphones.floor.client.conferences(room).participants.create(
            to=softphones.address(name), from_=LINE, label=name, wait_url="", **terms
        )
        handsets.append(softphones.rung())
        until(lambda: are_connected(softphones.floor, room, len(handsets)))
    return handsets


def are_connected(floor, room, count):
    """Whether so many are in the conference, and nobody is only being rung for it."""
    return [one.status for one in conference(floor, room).participants.list()] == ["connected"] * count


def conference(floor, name):
    sid = until(lambda: floor.client.conferences.list(friendly_name=name))[0].sid
    return floor.client.conferences(sid)


def participant(floor, room, label):
    return conference(floor, room).participants(label).fetch()


def muted(floor, room, label, flag):
    conference(floor, room).participants(label).update(muted=flag)
