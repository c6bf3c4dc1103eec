"""Dial to a Queue, and the Enqueue it ends: https://www.twilio.com/docs/voice/twiml/queue and .../enqueue."""

import pytest

from pbx.leg import Key
from pbx.request import WebhookRequest

AGENT = "CA" + "8" * 32
TWO = "In a conference with 1 other."
QUEUED = "<Enqueue action='/done' waitUrl='/wait'>agents</Enqueue><Say>after</Say>"
MUSIC = "<Say loop='0'>please hold</Say>"


def pages(agent="<Dial action='/dialled'><Queue>agents</Queue></Dial><Say>agent after</Say>", **more):
    return {
        "/voice": QUEUED,
        "/wait": MUSIC,
        "/agent": agent,
        "/done": "<Say>goodbye</Say>",
        "/dialled": "<Pause length='5'/>",
        **{f"/{path}": page for path, page in more.items()},
    }


def agent_calls(heard=None):
    return lambda stage: stage.calls("/agent", heard)


def test_whoever_dials_the_queue_is_connected_to_the_one_who_waits(play):
    call = play(pages(), meanwhile={10.0: agent_calls()}, hang_up_at=30)
    assert (10.0, TWO) in call.phone.events
    assert (10.0, TWO) in call.stage.others[0].events


def test_the_wait_music_stops_in_the_middle(play):
    call = play(pages(), meanwhile={9.0: agent_calls()}, hang_up_at=30)
    assert [at for at, _ in call.phone.said] == [0.0, 2.0, 4.0, 6.0, 8.0]


def test_the_first_who_came_is_connected_first(play):
    later = "CA" + "7" * 32
    meanwhile = {5.0: lambda stage: stage.calls("/voice", sid=later), 10.0: agent_calls()}
    call = play(pages(), meanwhile=meanwhile, hang_up_at=30)
    assert call.request("/done").form["CallSid"] == "CA" + "1" * 32
    assert call.request("/dialled").form["DialCallSid"] == "CA" + "1" * 32


def test_an_empty_queue_is_waited_at_until_somebody_comes(play):
    documents = pages(agent=QUEUED, second="<Dial><Queue>agents</Queue></Dial>", voice="<Dial><Queue>agents</Queue></Dial>")
    meanwhile = {0.0: lambda stage: stage.queues.create("agents"), 10.0: agent_calls()}
    call = play({**documents, "/agent": QUEUED}, meanwhile=meanwhile, hang_up_at=30)
    assert call.phone.events == [(0.0, "answer"), (10.0, TWO)]


def test_an_empty_queue_is_given_up_after_the_timeout_and_five_seconds(play):
    documents = pages(voice="<Pause/><Dial action='/done' timeout='10'><Queue>agents</Queue></Dial>")
    call = play(documents, meanwhile={0.0: lambda stage: stage.queues.create("agents")})
    assert (call.request("/done").at, call.request("/done").form["DialCallStatus"]) == (16.0, "no-answer")


def test_a_queue_that_does_not_exist_is_an_error(play):
    call = play(pages(voice="<Dial action='/done'><Queue>nobody</Queue></Dial>"))
    form = call.request("/done").form
    assert (form["DialCallStatus"], form["QueueResult"]) == ("failed", "error")


def test_the_action_of_enqueue_is_told_once_when_the_two_have_parted(play, gone):
    call = play(pages(), meanwhile={10.0: agent_calls({30.0: gone})})
    told = [request for request in call.requests if request.path == "/done"]
    form = told[0].form
    assert ([request.at for request in told], form["QueueResult"], form["QueueTime"]) == ([30.0], "bridged", "30")
    assert (form["CallStatus"], call.said[-1]) == ("in-progress", "goodbye")


def test_the_action_of_dial_is_told_of_the_queue_and_the_caller(play):
    call = play(pages(), meanwhile={10.0: agent_calls()}, hang_up_at=30)
    form = call.request("/dialled").form
    assert (form["DialCallStatus"], form["DialCallSid"], form["DialCallDuration"]) == ("completed", "CA" + "1" * 32, "20")
    assert (form["DialBridged"], form["QueueSid"][:2], form["CallSid"]) == ("true", "QU", AGENT)


def test_a_caller_who_hangs_up_while_talking_was_bridged(play):
    call = play(pages(), meanwhile={10.0: agent_calls()}, hang_up_at=30)
    form = call.request("/done").form
    assert (form["QueueResult"], form["CallStatus"], call.ending) == ("bridged", "completed", "hung-up-by-caller")


def test_an_agent_who_presses_the_star_lets_the_caller_go_on(play):
    agent = "<Dial hangupOnStar='true'><Queue>agents</Queue></Dial>"
    call = play(pages(agent), meanwhile={10.0: agent_calls({20.0: Key("*")})})
    assert call.phone.said[-1] == (20.0, "goodbye")


def test_once_talking_the_caller_is_not_in_the_queue_any_more(play):
    seen = []
    look = lambda stage: seen.append(len(stage.queues.get("agents").waiting))  # noqa: E731
    play(pages(), meanwhile={5.0: look, 10.0: agent_calls(), 15.0: look}, hang_up_at=30)
    assert seen == [1, 0]


WHISPER = "<Dial><Queue url='/whisper'>agents</Queue></Dial>"


def test_the_url_of_queue_is_played_to_the_caller_who_waited(play):
    documents = pages(WHISPER, whisper="<Say>an agent comes</Say>")
    call = play(documents, meanwhile={10.0: agent_calls()}, hang_up_at=30)
    assert (call.phone.said[-1], (12.0, TWO) in call.phone.events) == ((10.0, "an agent comes"), True)
    assert call.stage.others[0].said == []


def test_the_whisper_is_told_who_fetches_whom(play):
    call = play(pages(WHISPER, whisper="<Pause/>"), meanwhile={10.0: agent_calls()}, hang_up_at=30)
    form = call.request("/whisper").form
    assert (form["CallSid"], form["DequeingCallSid"]) == ("CA" + "1" * 32, AGENT)
    assert (form["QueueTime"], form["QueueSid"][:2]) == ("10", "QU")


@pytest.mark.parametrize("verb", ["<Gather/>", "<Dial>+12065550111</Dial>", "<Hangup/>", "<Enqueue>x</Enqueue>"])
def test_verbs_that_may_not_stand_in_a_queue_s_whisper_are_skipped(play, warned, verb):
    documents = pages(WHISPER, whisper=verb + "<Say>an agent comes</Say>")
    call = play(documents, meanwhile={10.0: agent_calls()}, hang_up_at=30)
    assert (warned(), call.said[-1]) == ([12200], "an agent comes")


def test_a_whisper_that_cannot_be_had_connects_the_two_all_the_same(play, warned):
    call = play(pages(WHISPER, whisper=500), meanwhile={10.0: agent_calls()}, hang_up_at=30)
    assert ((10.0, TWO) in call.phone.events, warned()) == (True, [11200])


def test_a_caller_who_hangs_up_during_the_whisper_gives_way_to_the_next(play, gone):
    later = "CA" + "7" * 32
    documents = pages(WHISPER, whisper="<Say loop='5'>an agent comes</Say>")
    meanwhile = {5.0: lambda stage: stage.calls("/voice", {60.0: gone}, later), 10.0: agent_calls()}
    call = play(documents, meanwhile=meanwhile, hang_up_at=12)
    assert call.request("/done").form["QueueResult"] == "hangup"
    assert call.stage.others[0].said[-1] == (20.0, "an agent comes")
    assert (22.0, TWO) in call.stage.others[1].events


def test_an_agent_who_hangs_up_during_the_whisper_leaves_the_caller_first_in_the_queue(play, gone):
    documents = pages(WHISPER, whisper="<Say loop='5'>an agent comes</Say>")
    meanwhile = {10.0: agent_calls({13.0: gone}), 20.0: agent_calls()}
    call = play(documents, meanwhile=meanwhile, hang_up_at=60)
    assert (13.0, "please hold") in call.phone.said
    assert (30.0, TWO) in call.phone.events


def test_a_caller_moved_while_talking_was_redirected_from_bridged(play):
    move = lambda stage: stage.interpreter.redirect(WebhookRequest("http://centre.test/elsewhere"))  # noqa: E731
    documents = pages(elsewhere="<Say>elsewhere</Say>")
    call = play(documents, meanwhile={10.0: agent_calls(), 20.0: move})
    assert call.request("/done").form["QueueResult"] == "redirected-from-bridged"
    assert (call.said[-1], call.request("/dialled").at) == ("elsewhere", 20.0)


def test_a_caller_moved_during_the_whisper_was_bridging(play):
    move = lambda stage: stage.interpreter.redirect(WebhookRequest("http://centre.test/elsewhere"))  # noqa: E731
    documents = pages(WHISPER, whisper="<Say loop='5'>an agent comes</Say>", elsewhere="<Say>elsewhere</Say>")
    call = play(documents, meanwhile={10.0: agent_calls(), 12.0: move})
    assert call.request("/done").form["QueueResult"] == "bridging-in-process"


@pytest.mark.parametrize(
    ("noun", "code"),
    [
        ("<Queue method='PUT'>agents</Queue>", 14210),
        ("<Queue url='ftp://x'>agents</Queue>", 14211),
        ("<Queue/>", 14212),
        (f"<Queue>{'x' * 65}</Queue>", 14213),
    ],
)
def test_a_bad_queue_is_an_error(play, noun, code):
    assert play(f"<Dial>{noun}</Dial>").failure.code == code
