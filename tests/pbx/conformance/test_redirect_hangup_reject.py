"""Redirect, Hangup and Reject: https://www.twilio.com/docs/voice/twiml/{redirect,hangup,reject}."""

import pytest


def test_redirect_replaces_the_document_and_what_follows_is_unreachable(play):
    call = play({"/voice": "<Redirect>/next</Redirect><Say>never</Say>", "/next": "<Say>here</Say>"})
    assert (call.said, call.paths) == (["here"], ["/voice", "/next"])


@pytest.mark.parametrize(("attribute", "method"), [("", "POST"), ('method="POST"', "POST"), ('method="get"', "GET")])
def test_redirect_posts_by_default(play, attribute, method):
    assert play({"/voice": f"<Redirect {attribute}>/next</Redirect>", "/next": "<Response/>"}).requests[1].method == method


def test_redirect_with_a_bad_method_is_warned_of_and_posts(play, warned):
    assert play({"/voice": "<Redirect method='PUT'>/n</Redirect>", "/n": "<Say>x</Say>"}).requests[1].method == "POST"
    assert warned() == [13710]


def test_redirect_resolves_against_the_document_that_holds_it(play):
    documents = {"/voice": "<Redirect>a/b</Redirect>", "/a/b": "<Redirect>c?d=1</Redirect>", "/a/c": "<Say>here</Say>"}
    assert [request.url for request in play(documents).requests[1:]] == [
        "http://centre.test/a/b",
        "http://centre.test/a/c?d=1",
    ]


def test_redirect_without_a_url_is_refused(play, warned):
    assert play("<Redirect> </Redirect>").ending == "failed"
    assert warned() == [11100]


def test_redirect_first_keeps_the_phone_ringing(play):
    call = play({"/voice": "<Redirect>/next</Redirect>", "/next": "<Redirect>/last</Redirect>", "/last": "<Say>x</Say>"})
    assert [request.form["CallStatus"] for request in call.requests] == ["ringing", "ringing", "ringing"]


def test_redirect_after_an_answer_finds_the_call_in_progress(play):
    call = play({"/voice": "<Say>x</Say><Redirect>/next</Redirect>", "/next": "<Say>y</Say>"})
    assert [request.form["CallStatus"] for request in call.requests] == ["ringing", "in-progress"]


def test_a_phone_that_is_gone_is_not_redirected_for_ever(play):
    call = play("<Say>round and round</Say><Redirect>/voice</Redirect>", hang_up_at=11)
    assert (call.ending, call.ended_at) == ("hung-up-by-caller", 11.0)


def test_nothing_more_is_fetched_for_a_phone_that_is_gone(play):
    documents = {"/voice": "<Redirect>/next</Redirect>", "/next": "<Redirect>/last</Redirect>", "/last": "<Say>x</Say>"}
    call = play(documents, fetch_seconds=1, hang_up_at=1.5)
    assert (call.ending, call.paths) == ("hung-up-by-caller", ["/voice", "/next"])


def test_hangup_ends_the_call_and_what_follows_is_unreachable(play):
    call = play("<Say>bye</Say><Hangup/><Say>never</Say>")
    assert (call.said, call.ending) == (["bye"], "hung-up-by-line")
    assert call.phone.events[-1] == (2.0, "hang up")


def test_hangup_as_the_first_verb_answers_first(play):
    assert play("<Hangup/>").phone.events == [(0.0, "answer"), (0.0, "hang up")]


def test_the_end_of_the_document_hangs_up(play):
    call = play("<Say>bye</Say>")
    assert (call.ending, call.phone.events[-1]) == ("hung-up-by-line", (2.0, "hang up"))


def test_an_empty_document_answers_and_hangs_up(play):
    call = play("<Response/>")
    assert (call.ending, call.phone.events) == ("hung-up-by-line", [(0.0, "answer"), (0.0, "hang up")])


@pytest.mark.parametrize(
    ("attribute", "reason", "status"),
    [("", "rejected", "no-answer"), ('reason="rejected"', "rejected", "no-answer"), ('reason="busy"', "busy", "busy")],
)
def test_reject_as_the_first_verb_never_answers(play, attribute, reason, status):
    call = play({"/voice": f"<Reject {attribute}/>", "/status": ""}, status="/status")
    assert (call.ending, call.phone.events) == ("rejected", [(0.0, reason)])
    form = call.request("/status").form
    assert (form["CallStatus"], form["CallDuration"]) == (status, "0")


def test_a_bad_reason_is_warned_of_and_rejected_applies(play, warned):
    assert play('<Reject reason="asleep"/>').phone.events == [(0.0, "rejected")]
    assert warned() == [13810]


def test_reject_after_an_answer_hangs_up(play):
    assert play("<Say>hello</Say><Reject/>").phone.events[-1] == (2.0, "hang up")
