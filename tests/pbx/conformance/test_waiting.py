"""Enqueue and Leave: https://www.twilio.com/docs/voice/twiml/enqueue and .../leave."""

from datetime import UTC, datetime
from itertools import count

import pytest

from pbx.call import Call
from pbx.rooms.queues import LocalQueues

LEAVE = "<Leave/>"


def enqueue(attributes: str = "", then: str = "<Say>after</Say>", **pages):
    documents = {f"/{path}": page for path, page in pages.items()}
    return {"/voice": f'<Enqueue {attributes} waitUrl="/wait">agents</Enqueue>{then}', **documents}


def test_the_wait_document_is_asked_for_with_the_place_in_the_queue(play):
    form = play(enqueue(wait=LEAVE)).request("/wait").form
    assert form["QueueSid"].startswith("QU")
    assert (form["QueuePosition"], form["CurrentQueueSize"], form["MaxQueueSize"]) == ("1", "1", "1000")
    assert (form["QueueTime"], form["AvgQueueTime"]) == ("0", "0")


def test_the_wait_document_is_fetched_again_when_it_ends_for_ever(play):
    call = play(enqueue(wait="<Say>wait</Say><Pause length='8'/>"), hang_up_at=600)
    waits = [request for request in call.requests if request.path == "/wait"]
    assert [request.at for request in waits] == [10.0 * number for number in range(60)]
    assert waits[6].form["QueueTime"] == "60"


def test_an_empty_wait_document_is_fetched_no_faster_than_once_a_second(play):
    call = play(enqueue(wait="<Response/>"), hang_up_at=10.5)
    assert [request.at for request in call.requests[1:]] == [float(second) for second in range(11)]


def test_a_round_shorter_than_a_second_is_stretched_to_one(play):
    call = play(enqueue(wait="<Say>hm</Say>"), say_seconds=0.25, hang_up_at=3.5)
    assert [request.at for request in call.requests[1:]] == [0.0, 1.0, 2.0, 3.0]


def test_who_left_the_queue_no_longer_stands_in_it(play):
    call = play(enqueue(then="<Enqueue waitUrl='/second'>agents</Enqueue>", wait=LEAVE, second=LEAVE))
    form = call.request("/second").form
    assert (form["QueuePosition"], form["CurrentQueueSize"]) == ("1", "1")
    assert form["QueueSid"] == call.request("/wait").form["QueueSid"]


def test_the_wait_url_is_posted_by_default_and_got_when_asked(play):
    assert play(enqueue(wait=LEAVE)).request("/wait").method == "POST"
    assert play(enqueue('waitUrlMethod="GET"', wait=LEAVE)).request("/wait").method == "GET"


def test_a_wait_document_may_redirect_and_gather(play, keys):
    documents = enqueue(
        wait="<Redirect>/music</Redirect>",
        music='<Gather action="/chosen" numDigits="1"><Say>press one to leave</Say></Gather>',
        chosen=LEAVE,
    )
    call = play(documents, keys("1", at=3))
    assert call.said == ["press one to leave", "after"]
    assert call.request("/chosen").form["Digits"] == "1"


@pytest.mark.parametrize("wait_url", ["", 'waitUrl=""'])
def test_without_a_wait_url_the_caller_waits_in_silence(play, wait_url):
    call = play(f"<Enqueue {wait_url}>agents</Enqueue>", hang_up_at=1000)
    assert (call.ending, call.said, call.paths, call.ended_at) == ("waiting", [], ["/voice"], 1000.0)


def test_leave_goes_on_with_the_next_verb_when_there_is_no_action(play):
    call = play(enqueue(wait=f"<Say>wait</Say>{LEAVE}"))
    assert (call.said, call.ending) == (["wait", "after"], "hung-up-by-line")


def test_leave_asks_the_action_at_once_and_its_document_takes_over(play):
    call = play(enqueue('action="/done"', wait=f"<Pause length='7'/>{LEAVE}", done="<Say>done</Say>"))
    request = call.request("/done")
    assert (request.form["QueueResult"], request.form["QueueTime"], request.at) == ("leave", "7", 7.0)
    assert request.form["QueueSid"] == call.request("/wait").form["QueueSid"]
    assert (call.said, request.form["CallStatus"]) == (["done"], "in-progress")


def test_the_action_is_got_when_asked(play):
    assert play(enqueue('action="/done" method="GET"', wait=LEAVE, done="<Response/>")).request("/done").method == "GET"


def test_hanging_up_in_the_queue_tells_the_action_whose_document_cannot_run(play):
    call = play(enqueue('action="/done"', wait="<Pause length='60'/>", done="<Say>never</Say>"), hang_up_at=30)
    form = call.request("/done").form
    assert (form["QueueResult"], form["CallStatus"], form["QueueTime"]) == ("hangup", "completed", "30")
    assert (call.ending, call.said) == ("waiting", [])


def test_a_wait_document_may_hang_up(play):
    call = play(enqueue('action="/done"', wait="<Say>closed</Say><Hangup/>", done="<Say>never</Say>"))
    assert (call.ending, call.said) == ("hung-up-by-line", ["closed"])
    assert call.request("/done").form["QueueResult"] == "hangup"


@pytest.mark.parametrize("broken", [500, "<Response>"])
def test_a_wait_document_that_cannot_be_had_ends_the_wait_with_an_error(play, broken):
    call = play(enqueue('action="/done"', wait=broken, done="<Say>sorry</Say>"))
    assert (call.request("/done").form["QueueResult"], call.said) == ("error", ["sorry"])


def test_verbs_that_may_not_stand_in_a_wait_document_are_skipped_with_a_warning(play, warned):
    assert play(enqueue(wait=f"<Enqueue>other</Enqueue><Reject/>{LEAVE}")).said == ["after"]
    assert warned() == [12200, 12200]


def test_leave_outside_a_queue_is_skipped_with_a_warning(play, warned):
    assert play(f"{LEAVE}<Say>after</Say>").said == ["after"]
    assert warned() == [12200]


def test_after_leaving_a_hang_up_is_an_ordinary_one(play):
    assert play(enqueue(then="<Pause length='60'/>", wait=LEAVE), hang_up_at=30).ending == "hung-up-by-caller"


@pytest.mark.parametrize(("name", "code"), [("", 14204), ("x" * 65, 14205)])
def test_a_queue_name_of_no_or_more_than_64_characters_is_refused(play, warned, name, code):
    assert play(f"<Enqueue>{name}</Enqueue>").ending == "failed"
    assert warned() == [code]


def test_bad_methods_are_errors_and_post_applies(play, warned):
    call = play(enqueue('method="PUT" waitUrlMethod="PUT"', wait=LEAVE))
    assert (warned(), {alert.level for alert in call.stage.debugger}) == ([14201, 14206], {"error"})


def test_positions_move_up_when_somebody_leaves():
    seconds = count(0, 10)

    def clock():
        return datetime.fromtimestamp(next(seconds), UTC)

    queues = LocalQueues(lambda prefix: prefix + "1", clock)
    calls = [Call(f"CA{number}", "AC1", "+12065550143", "+12065550100", clock) for number in range(2)]
    first, second = (queues.admit("agents", call, clock(), lambda place: None) for call in calls)
    assert second.parameters()["QueuePosition"] == "2"
    first.leave()
    assert (second.parameters()["QueuePosition"], second.parameters()["CurrentQueueSize"]) == ("1", "1")
