"""A call moved from outside, as the REST API moves it: https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource."""

import pytest

from pbx.request import Twiml, WebhookRequest

ELSEWHERE = WebhookRequest("http://centre.test/elsewhere")
PAGES = {"/elsewhere": "<Say>elsewhere</Say>", "/wait": "<Pause length='60'/>", "/done": "<Say>never</Say>"}


def redirect(stage):
    stage.interpreter.redirect(ELSEWHERE)


def hang_up(stage):
    stage.interpreter.hang_up()


@pytest.mark.parametrize(
    "document",
    [
        "<Pause length='60'/>",
        "<Say loop='0'>for ever</Say>",
        "<Play loop='0'>/music</Play>",
        "<Gather timeout='60' action='/done'/>",
        "<Gather timeout='60' action='/done'><Say loop='9'>well?</Say></Gather>",
        "<Enqueue waitUrl='/wait'>agents</Enqueue><Say>never</Say>",
        "<Dial><Conference>room</Conference></Dial><Say>never</Say>",
        "<Dial hangupOnStar='true'><Conference>room</Conference></Dial><Say>never</Say>",
    ],
)
def test_a_redirected_call_drops_what_it_does_and_follows_the_new_document(play, document):
    call = play({"/voice": f"<Pause/>{document}", **PAGES}, meanwhile={7.5: redirect})
    assert (call.ending, call.said[-1]) == ("hung-up-by-line", "elsewhere")
    assert call.request("/elsewhere").at == 7.5
    assert "never" not in call.said
    assert "/done" not in call.paths


def test_a_request_under_way_is_given_up(play):
    call = play({"/voice": "<Pause/>", **PAGES}, fetch_seconds=5, meanwhile={2.0: redirect})
    assert [request.at for request in call.requests] == [0.0, 2.0]
    assert call.said == ["elsewhere"]


def test_an_inline_document_is_followed_as_it_stands(play):
    call = play("<Pause length='60'/>", meanwhile={3.0: lambda stage: stage.interpreter.redirect(twiml("<Say>inline</Say>"))})
    assert (call.said, call.paths, call.ended_at) == (["inline"], ["/voice"], 5.0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<Say>", 12100),
        ("<Response><Redirect>/relative</Redirect></Response>", 11100),
        ("<Response><Record maxLength='1'/></Response>", 11100),
    ],
)
def test_an_inline_document_that_will_not_do_gives_way_to_the_fallback_url(play, text, code):
    pages = {"/voice": "<Pause length='60'/>", "/fallback": "<Say>sorry</Say>"}
    call = play(pages, fallback="/fallback", meanwhile={3.0: lambda stage: stage.interpreter.redirect(Twiml(text))})
    assert (call.said, call.failure.code) == (["sorry"], code)


def test_a_call_is_moved_as_often_as_somebody_wishes(play):
    moves = dict.fromkeys((3.0, 4.0, 5.0), redirect)
    call = play({"/voice": "<Pause length='60'/>", "/elsewhere": "<Say>elsewhere</Say><Pause length='9'/>"}, meanwhile=moves)
    assert [request.at for request in call.requests] == [0.0, 3.0, 4.0, 5.0]
    assert call.ended_at == 16.0


def test_of_two_wishes_at_once_the_later_counts(play):
    def both(stage):
        redirect(stage)
        stage.interpreter.redirect(twiml("<Say>later</Say>"))

    assert play({"/voice": "<Pause length='60'/>", **PAGES}, meanwhile={3.0: both}).said == ["later"]


def test_hanging_up_from_outside_ends_the_call_and_the_centre_is_told(play):
    call = play({"/voice": "<Say>hello</Say><Pause length='60'/>", "/status": ""}, status="/status", meanwhile={7.0: hang_up})
    assert (call.ending, call.ended_at, call.phone.events[-1]) == ("hung-up-by-line", 7.0, (7.0, "hang up"))
    assert call.request("/status").form["CallDuration"] == "7"


def test_a_queued_caller_who_is_redirected_leaves_the_queue_and_the_action_hears_of_it(play):
    places = []
    call = play(
        {"/voice": "<Enqueue action='/done' waitUrl='/wait'>agents</Enqueue><Say>never</Say>", **PAGES},
        meanwhile={30.0: redirect, 31.0: lambda stage: places.extend(queue.waiting for queue in stage.queues)},
    )
    form = call.request("/done").form
    assert (form["QueueResult"], form["QueueTime"], form["CallStatus"]) == ("redirected", "30", "in-progress")
    assert (call.said, call.ending, places) == (["elsewhere"], "hung-up-by-line", [[]])


def test_a_queued_caller_hung_up_on_from_outside_tells_the_action_of_a_hang_up(play):
    documents = {"/voice": "<Enqueue action='/done' waitUrl='/wait'>agents</Enqueue>", **PAGES}
    form = play(documents, meanwhile={30.0: hang_up}).request("/done").form
    assert (form["QueueResult"], form["CallStatus"]) == ("hangup", "completed")


def test_a_redirected_caller_leaves_the_conference_without_its_action(play):
    rooms = []
    call = play(
        {"/voice": "<Dial action='/done'><Conference>room</Conference></Dial>", **PAGES},
        meanwhile={30.0: redirect, 31.0: lambda stage: rooms.extend(stage.conferences)},
    )
    assert (call.said, "/done" in call.paths) == (["elsewhere"], False)
    assert [(room.status, room.reason) for room in rooms] == [("completed", "last-participant-left")]


def test_a_caller_who_hangs_up_after_being_moved_has_hung_up(play):
    call = play(
        {"/voice": "<Enqueue waitUrl='/wait'>agents</Enqueue>", "/wait": "<Pause/>", "/elsewhere": "<Pause length='60'/>"},
        meanwhile={3.0: redirect},
        hang_up_at=20,
    )
    assert call.ending == "hung-up-by-caller"


def twiml(verbs: str) -> Twiml:
    return Twiml(f"<Response>{verbs}</Response>")
