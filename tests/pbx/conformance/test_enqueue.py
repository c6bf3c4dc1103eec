"""Enqueue and Leave: https://www.twilio.com/docs/voice/twiml/enqueue and .../leave."""

import pytest

LEAVE = "<Leave/>"


def test_without_a_wait_url_the_caller_hears_music(play):
    call = play("<Enqueue>agents</Enqueue>", hang_up_at=5)
    assert call.phone.events[1:] == [(0.0, "play music"), (2.0, "play music"), (4.0, "play music")]


def test_an_empty_wait_url_is_silence(play):
    call = play("<Enqueue waitUrl=''>agents</Enqueue>", hang_up_at=500)
    assert (call.phone.events, call.ended_at) == ([(0.0, "answer")], 500.0)


def test_the_wait_url_is_told_where_the_caller_stands(play):
    call = play({"/voice": "<Enqueue waitUrl='/wait'>agents</Enqueue>", "/wait": "<Pause length='10'/>"}, hang_up_at=15)
    first, second = (request.form for request in call.requests if request.path == "/wait")
    assert {name: first[name] for name in ("QueuePosition", "QueueTime", "AvgQueueTime", "CurrentQueueSize")} == {
        "QueuePosition": "1",
        "QueueTime": "0",
        "AvgQueueTime": "0",
        "CurrentQueueSize": "1",
    }
    assert (first["MaxQueueSize"], first["QueueSid"][:2], second["QueueTime"]) == ("1000", "QU", "10")


def test_a_recording_may_be_the_wait_content(play):
    call = play({"/voice": "<Enqueue waitUrl='/wait'>agents</Enqueue>", "/wait": "<Play>/music.wav</Play>"}, hang_up_at=3)
    assert call.phone.events[1:] == [(0.0, "play http://centre.test/music.wav"), (2.0, "play http://centre.test/music.wav")]


@pytest.mark.parametrize("verb", ["<Hangup/>", "<Redirect>/more</Redirect>", "<Gather/>", "<Say>x</Say>", "<Pause/>", LEAVE])
def test_these_verbs_may_stand_in_wait_content(play, warned, verb):
    pages = {"/voice": "<Enqueue waitUrl='/wait'>agents</Enqueue>", "/wait": verb, "/more": LEAVE}
    play(pages, hang_up_at=20)
    assert warned() == []


@pytest.mark.parametrize("verb", ["<Dial>+12065550111</Dial>", "<Record/>", "<Enqueue>x</Enqueue>", "<Reject/>", "<Connect/>"])
def test_other_verbs_in_wait_content_are_a_warning(play, warned, verb):
    play({"/voice": "<Enqueue waitUrl='/wait'>agents</Enqueue>", "/wait": verb + LEAVE})
    assert warned() == [12200]


def test_a_full_queue_sends_the_caller_on_with_14207(play, warned):
    other = lambda stage: stage.calls("/other")  # noqa: E731
    pages = {
        "/voice": "<Say>hello</Say><Enqueue maxQueueSize='1' action='/done'>agents</Enqueue>",
        "/other": "<Enqueue waitUrl=''>agents</Enqueue>",
        "/done": "<Say>too many</Say>",
    }
    call = play(pages, meanwhile={1.0: other})
    form = call.request("/done").form
    assert (form["QueueResult"], warned(), call.said[-1]) == ("queue-full", [14207], "too many")
    assert not {"QueueSid", "QueueTime"} & form.keys()


def test_a_queue_full_without_an_action_goes_on_with_the_next_verb(play):
    pages = {
        "/voice": "<Pause length='2'/><Enqueue maxQueueSize='1'>agents</Enqueue><Say>after</Say>",
        "/other": "<Enqueue waitUrl=''>agents</Enqueue>",
    }
    assert play(pages, meanwhile={1.0: lambda stage: stage.calls("/other")}).said == ["after"]


@pytest.mark.parametrize("size", ["0", "5001", "many"])
def test_a_bad_queue_size_is_a_warning(play, warned, size):
    play(f"<Enqueue maxQueueSize='{size}'>agents</Enqueue>", hang_up_at=1)
    assert warned() == [12200]


def test_leave_requests_the_action_at_once(play):
    pages = {
        "/voice": "<Enqueue waitUrl='/wait' action='/done'>agents</Enqueue>",
        "/wait": "<Say>wait</Say><Leave/>",
        "/done": "<Hangup/>",
    }
    form = play(pages).request("/done").form
    assert (form["QueueResult"], form["QueueTime"], form["QueueSid"][:2]) == ("leave", "2", "QU")


def test_a_workflow_needs_no_name_and_waits_in_a_queue_of_its_own(play, warned):
    enqueue = '<Enqueue workflowSid="WW1"><Task>{"language": "en"}</Task></Enqueue>'
    call = play(enqueue, hang_up_at=3)
    assert ([queue.name for queue in call.stage.queues], warned()) == (["WW1"], [14226])
