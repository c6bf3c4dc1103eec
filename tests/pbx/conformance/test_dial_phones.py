"""Dial to phones: https://www.twilio.com/docs/voice/twiml/dial, .../number, .../client and .../sip."""

import pytest

from pbx.leg import Key
from pbx.line import ProgressReport
from pbx.request import Method, WebhookRequest

NUMBER = "+12065550111"
OTHER = "+12065550122"
AFTER = "<Say>after</Say>"


def dial(attributes="", noun=f"<Number>{NUMBER}</Number>", then=AFTER, **pages):
    documents = {f"/{path}": page for path, page in pages.items()}
    return {"/voice": f"<Dial {attributes}>{noun}</Dial>{then}", "/done": "<Hangup/>", **documents}


def told(call):
    """What the action was told."""
    return call.request("/done").form


def rung(call):
    """Who was rung, by second."""
    return [(attempt.rung_at, attempt.target.address) for attempt in call.stage.room.attempts]


def child(call):
    return call.stage.room.attempts[-1]


def test_the_text_of_dial_is_a_number_to_be_rung(play, rings):
    call = play(dial(noun=NUMBER), phones={NUMBER: rings(heard={})}, hang_up_at=9)
    assert rung(call) == [(0.0, NUMBER)]


def test_spaces_and_punctuation_in_a_number_do_not_matter(play, rings):
    assert rung(play(dial(noun="+1 (206) 555-0111"), hang_up_at=9)) == [(0.0, NUMBER)]


def test_dial_answers_the_caller_who_hears_the_other_phone_ring(play, rings):
    call = play(dial(), phones={NUMBER: rings(after=4)}, hang_up_at=9)
    assert call.phone.events[:3] == [(0.0, "answer"), (0.0, "ring back"), (4.0, "In a conference with 1 other.")]


def test_when_the_callee_answers_the_two_hear_each_other(play, rings):
    call = play(dial(), phones={NUMBER: rings(after=4)}, hang_up_at=9)
    assert (4.0, "In a conference with 1 other.") in child(call).phone.events


def test_without_an_action_the_next_verb_runs_when_the_callee_hangs_up(play, rings, gone):
    call = play(dial(), phones={NUMBER: rings(heard={30.0: gone})})
    assert (call.said, call.phone.said[0][0], call.ending) == (["after"], 30.0, "hung-up-by-line")


def test_the_action_is_told_of_a_completed_call(play, rings, gone):
    call = play(dial('action="/done"'), phones={NUMBER: rings(after=4, heard={30.0: gone})})
    form = told(call)
    assert (form["DialCallStatus"], form["DialCallDuration"], form["DialBridged"]) == ("completed", "26", "true")
    assert form["DialCallSid"] == child(call).call.sid != form["CallSid"]
    assert (call.request("/done").method, form["CallStatus"], call.said) == ("POST", "in-progress", [])


def test_the_action_may_be_got(play, rings):
    assert play(dial('action="/done" method="GET"')).request("/done").method == "GET"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_the_action_is_told_why_nobody_took_the_call(play, rings, status):
    call = play(dial('action="/done"'), phones={NUMBER: rings(after=1, otherwise=status)})
    assert (told(call)["DialCallStatus"], told(call)["DialBridged"]) == (status, "false")
    assert "DialCallDuration" not in told(call)


def test_a_number_that_nobody_has_comes_out_as_failed_with_13224(play, warned):
    assert (told(play(dial('action="/done"')))["DialCallStatus"], warned()) == ("failed", [13224])


@pytest.mark.parametrize(("timeout", "seconds"), [("", 35.0), ('timeout="10"', 15.0), ('timeout="600"', 605.0)])
def test_the_timeout_is_30_seconds_and_always_gets_5_more(play, rings, timeout, seconds):
    call = play(dial(f'action="/done" {timeout}'), phones={NUMBER: rings(after=1000)})
    assert (call.request("/done").at, told(call)["DialCallStatus"]) == (seconds, "no-answer")
    assert child(call).ended_at == seconds


@pytest.mark.parametrize("timeout", ["4", "601", "soon", "-1"])
def test_a_timeout_out_of_5_to_600_is_13212_and_30_applies(play, rings, warned, timeout):
    call = play(dial(f'action="/done" timeout="{timeout}"'), phones={NUMBER: rings(after=1000)})
    assert (call.request("/done").at, warned()) == (35.0, [13212])


def test_a_caller_who_gives_up_while_it_rings_ends_the_other_phones_ringing(play, rings):
    call = play(dial('action="/done"'), phones={NUMBER: rings(after=1000)}, hang_up_at=8)
    assert (child(call).ended_at, call.ending, told(call)["DialCallStatus"]) == (8.0, "hung-up-by-caller", "canceled")
    assert told(call)["CallStatus"] == "completed"


def test_a_caller_who_hangs_up_ends_the_callee_s_call_too(play, rings):
    call = play(dial('action="/done"'), phones={NUMBER: rings(after=4)}, hang_up_at=20)
    assert (20.0, "hang up") in child(call).phone.events
    assert (told(call)["DialCallStatus"], told(call)["CallStatus"]) == ("completed", "completed")


def test_hangup_on_star_drops_the_callee_and_the_caller_goes_on(play, rings):
    call = play(dial('hangupOnStar="true"'), {10.0: Key("*")}, phones={NUMBER: rings(after=4)})
    assert (call.phone.said, (10.0, "hang up") in child(call).phone.events) == ([(10.0, "after")], True)


def test_without_hangup_on_star_a_star_is_only_a_key(play, rings):
    call = play(dial(), {10.0: Key("*")}, phones={NUMBER: rings(after=4)}, hang_up_at=20)
    assert (call.said, call.ended_at) == ([], 20.0)


def test_the_callee_s_star_drops_nobody(play, rings):
    call = play(dial('hangupOnStar="true"'), phones={NUMBER: rings(after=4, heard={10.0: Key("*")})}, hang_up_at=20)
    assert (call.said, call.ended_at) == ([], 20.0)


def test_the_time_limit_counts_from_the_answer(play, rings):
    call = play(dial('timeLimit="10"'), phones={NUMBER: rings(after=4)})
    assert call.phone.said == [(14.0, "after")]


def test_the_time_limit_is_four_hours(play, rings):
    call = play(dial(), phones={NUMBER: rings(after=4)}, hang_up_at=20000)
    assert call.phone.said[:1] in ([], [(3600.0, "after")])  # the callee of this test hangs up after an hour


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ('method="PUT"', 13210),
        ('hangupOnStar="maybe"', 13213),
        ('callerId="!?"', 13214),
        ('timeLimit="0"', 13216),
        ('timeLimit="14401"', 13216),
        ('record="maybe"', 13217),
        ('sequential="maybe"', 13218),
        ('answerOnBridge="maybe"', 13219),
        ('ringTone="xx"', 13220),
        ('recordingStatusCallback="ftp://x"', 13256),
        ('recordingStatusCallbackEvent="shout"', 13621),
        ('recordingTrack="x"', 13622),
        ('trim="x"', 13699),
        ('unheard="of"', 12200),
    ],
)
def test_a_bad_attribute_of_dial_is_a_warning_and_the_default_applies(play, rings, warned, attribute, code):
    call = play(dial(attribute), phones={NUMBER: rings(after=4)}, hang_up_at=9)
    assert (warned(), call.phone.events[2]) == ([code], (4.0, "In a conference with 1 other."))


def test_the_callee_is_shown_the_caller_s_own_number(play, rings):
    assert child(play(dial(), hang_up_at=9)).call.caller == "+12065550143"


@pytest.mark.parametrize("caller_id", ["+12065550100", "client:amira", "sip:desk@centre.test"])
def test_caller_id_is_shown_instead(play, caller_id):
    assert child(play(dial(f'callerId="{caller_id}"'), hang_up_at=9)).call.caller == caller_id


def test_answer_on_bridge_leaves_the_caller_ringing_until_the_callee_answers(play, rings):
    call = play(dial('answerOnBridge="true"'), phones={NUMBER: rings(after=4)}, hang_up_at=9)
    assert call.phone.events[:2] == [(4.0, "answer"), (4.0, "In a conference with 1 other.")]


def test_answer_on_bridge_with_nobody_there_answers_only_for_what_comes_next(play, rings):
    call = play(dial('answerOnBridge="true" action="/done"'), phones={NUMBER: rings(after=4, otherwise="busy")})
    assert told(call)["CallStatus"] == "ringing"


def test_answer_on_bridge_changes_nothing_once_the_call_is_answered(play, rings):
    pages = dial('answerOnBridge="true"')
    call = play({**pages, "/voice": "<Say>hello</Say>" + pages["/voice"]}, phones={NUMBER: rings(after=4)}, hang_up_at=9)
    assert call.phone.events[:2] == [(0.0, "answer"), (2.0, "ring back")]


@pytest.mark.parametrize("tone", ["us", "uk", "de", "us-old"])
def test_ring_tone_names_the_country_whose_tone_is_heard(play, rings, tone):
    call = play(dial(f'ringTone="{tone}"'), phones={NUMBER: rings(after=4)}, hang_up_at=9)
    assert call.phone.events[1] == (0.0, f"ring back {tone}")


def test_several_numbers_ring_at_once_and_the_first_answer_wins(play, rings):
    two = f"<Number>{NUMBER}</Number><Number>{OTHER}</Number>"
    call = play(dial(noun=two), phones={NUMBER: rings(after=9), OTHER: rings(after=4)}, hang_up_at=20)
    slow, fast = call.stage.room.attempts
    assert (rung(call), slow.ended_at, slow.phone) == ([(0.0, NUMBER), (0.0, OTHER)], 4.0, None)
    assert (4.0, "In a conference with 1 other.") in fast.phone.events


def test_of_two_who_answer_at_one_moment_one_is_hung_up_on(play, rings):
    two = f"<Number>{NUMBER}</Number><Client>amira</Client>"
    call = play(dial(noun=two), phones={NUMBER: rings(after=4), "client:amira": rings(after=4)}, hang_up_at=20)
    talking = [attempt for attempt in call.stage.room.attempts if attempt.ended_at is None]
    assert len(talking) == 1


def test_one_that_refuses_does_not_end_the_ringing_of_the_others(play, rings):
    two = f"<Number>{NUMBER}</Number><Number>{OTHER}</Number>"
    phones = {NUMBER: rings(after=1, otherwise="busy"), OTHER: rings(after=4)}
    assert (4.0, "In a conference with 1 other.") in play(dial(noun=two), phones=phones, hang_up_at=9).phone.events


def test_at_most_ten_ring_and_the_rest_is_a_warning(play, rings, warned):
    noun = f"<Number>{NUMBER}</Number>" * 11
    assert (len(rung(play(dial(noun=noun), phones={NUMBER: rings()}, hang_up_at=9))), warned()) == (10, [13215])


def test_sequential_rings_one_after_the_other(play, rings):
    two = f"<Number>{NUMBER}</Number><Number>{OTHER}</Number>"
    phones = {NUMBER: rings(after=3, otherwise="busy"), OTHER: rings(after=4)}
    call = play(dial('sequential="true"', two), phones=phones, hang_up_at=20)
    assert (rung(call), call.phone.events[-1][0]) == ([(0.0, NUMBER), (3.0, OTHER)], 7.0)


def test_sequential_gives_each_its_own_timeout(play, rings):
    two = f"<Number>{NUMBER}</Number><Number>{OTHER}</Number>"
    call = play(dial('sequential="true" timeout="5"', two), phones={NUMBER: rings(after=99), OTHER: rings(after=99)})
    assert (rung(call)[1][0], call.phone.said) == (10.0, [(20.0, "after")])


@pytest.mark.parametrize("number", ["", "hello", "1-800-FLOWERS", "+", "+12065550111x1", "1" * 16])
def test_what_is_no_number_is_13223_and_a_failed_dial(play, warned, number):
    call = play(dial('action="/done"', f"<Number>{number}</Number>"))
    assert (told(call)["DialCallStatus"], warned(), rung(call)) == ("failed", [13223], [])


def test_an_empty_dial_fails_and_the_call_goes_on(play, warned):
    call = play(dial(noun=""))
    assert (call.said, warned()) == (["after"], [13223])


@pytest.mark.parametrize("noun", ["<Say>hello</Say>", "<WhatsApp>+1</WhatsApp>", "<number>+12065550111</number>"])
def test_what_cannot_stand_in_dial_is_13215_and_skipped(play, rings, warned, noun):
    call = play(dial(noun=noun + f"<Number>{NUMBER}</Number>"), phones={NUMBER: rings()}, hang_up_at=9)
    assert (warned(), rung(call)) == ([13215], [(0.0, NUMBER)])


def test_send_digits_sounds_keys_to_the_callee_before_they_are_connected(play, rings):
    noun = f'<Number sendDigits="wwww1928">{NUMBER}</Number>'
    call = play(dial(noun=noun), phones={NUMBER: rings(after=4)}, hang_up_at=20)
    assert child(call).phone.events == [(4.0, "sound wwww1928"), (6.0, "In a conference with 1 other."), (20.0, "hang up")]


def test_send_digits_that_are_no_keys_are_13222(play, rings, warned):
    call = play(dial(noun=f'<Number sendDigits="12x">{NUMBER}</Number>'), phones={NUMBER: rings(after=4)}, hang_up_at=20)
    assert (warned(), child(call).phone.events[0][1]) == ([13222], "In a conference with 1 other.")


WHISPERED = f'<Number url="/whisper">{NUMBER}</Number>'


def test_the_url_of_a_number_is_played_to_the_callee_before_they_are_connected(play, rings):
    call = play(dial(noun=WHISPERED, whisper="<Say>a caller for you</Say>"), phones={NUMBER: rings(after=4)}, hang_up_at=20)
    assert child(call).phone.said == [(4.0, "a caller for you")]
    assert call.phone.events[:3] == [(0.0, "answer"), (0.0, "ring back"), (6.0, "In a conference with 1 other.")]


def test_the_whisper_is_asked_for_with_the_callee_s_call(play, rings):
    call = play(dial(noun=WHISPERED, whisper="<Pause/>"), phones={NUMBER: rings(after=4)}, hang_up_at=20)
    request = call.request("/whisper")
    assert (request.at, request.method, request.form["CallSid"]) == (4.0, "POST", child(call).call.sid)


def test_a_whisper_that_gathers_lets_the_callee_refuse_the_call(play, rings):
    screen = "<Gather action='/taken' numDigits='1'><Say>press one</Say></Gather><Hangup/>"
    pages = dial('action="/done"', WHISPERED, whisper=screen, taken="<Say>here they are</Say>")
    refused = play(pages, phones={NUMBER: rings(after=4)})
    assert (told(refused)["DialBridged"], told(refused)["DialCallStatus"]) == ("false", "completed")
    taken = play(pages, phones={NUMBER: rings(after=4, heard={7.0: Key("1")})}, hang_up_at=60)
    assert (9.0, "In a conference with 1 other.") in child(taken).phone.events


def test_a_dial_in_a_whisper_is_13201_and_ends_that_call(play, rings, warned):
    pages = dial('action="/done"', WHISPERED, whisper="<Dial>+12065550199</Dial>")
    call = play(pages, phones={NUMBER: rings(after=4)})
    assert (warned(), told(call)["DialBridged"], len(rung(call))) == ([13201], "false", 1)


@pytest.mark.parametrize("verb", ["<Enqueue>q</Enqueue>", "<Record/>", "<Reject/>", "<Leave/>"])
def test_verbs_that_may_not_stand_in_a_whisper_are_skipped(play, rings, warned, verb):
    call = play(dial(noun=WHISPERED, whisper=verb + "<Say>hello</Say>"), phones={NUMBER: rings(after=4)}, hang_up_at=20)
    assert (warned(), child(call).phone.said) == ([12200], [(4.0, "hello")])


def test_a_whisper_that_cannot_be_had_ends_the_callee_s_call(play, rings, warned):
    call = play(dial('action="/done"', WHISPERED, whisper=500), phones={NUMBER: rings(after=4)})
    assert (warned(), told(call)["DialBridged"], call.ending) == ([11200], "false", "hung-up-by-line")


def test_a_caller_who_hangs_up_during_the_whisper_ends_it(play, rings):
    pages = dial(noun=WHISPERED, whisper="<Say loop='9'>hold on</Say>")
    call = play(pages, phones={NUMBER: rings(after=4)}, hang_up_at=7)
    assert (7.0, "hang up") in child(call).phone.events


def test_a_callee_who_hangs_up_during_the_whisper_was_never_connected(play, rings, gone):
    pages = dial('action="/done"', WHISPERED, whisper="<Say loop='9'>hold on</Say>")
    call = play(pages, phones={NUMBER: rings(after=4, heard={6.0: gone})})
    assert (call.request("/done").at, told(call)["DialBridged"]) == (6.0, "false")


def test_status_callbacks_of_a_noun_go_with_its_attempt(play):
    noun = f'<Number statusCallback="/s" statusCallbackMethod="GET" statusCallbackEvent="initiated ringing">{NUMBER}</Number>'
    report = child(play(dial(noun=noun))).target.report
    assert report == ProgressReport("http://centre.test/s", Method.GET, frozenset({"initiated", "ringing"}))


def test_only_completed_is_told_unless_more_is_asked_for(play):
    noun = f'<Number statusCallback="/s">{NUMBER}</Number>'
    assert child(play(dial(noun=noun))).target.report.events == {"completed"}


def test_client_rings_an_identity(play):
    assert rung(play(dial(noun="<Client>amira</Client>"))) == [(0.0, "client:amira")]


def test_a_client_s_identity_and_parameters_may_be_children(play):
    noun = '<Client><Identity>amira</Identity><Parameter name="case" value="7"/></Client>'
    target = child(play(dial(noun=noun))).target
    assert (target.address, target.headers) == ("client:amira", {"case": "7"})


def test_sip_rings_an_address_with_its_credentials(play):
    target = child(play(dial(noun='<Sip username="u" password="p">sip:bob@example.com</Sip>'))).target
    assert (target.address, target.username, target.password) == ("sip:bob@example.com", "u", "p")
    assert "p'" not in repr(target)


def test_headers_of_a_sip_call_stand_in_its_address(play):
    noun = "<Sip>sip:bob@example.com?X-One=1&amp;x-two=a%20b&amp;User-to-User=3</Sip>"
    target = child(play(dial(noun=noun))).target
    assert (target.address, target.headers) == ("sip:bob@example.com", {"X-One": "1", "x-two": "a b", "User-to-User": "3"})


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("sip:bob@example.com?Subject=1", 13252),
        ("sip:bob@example.com?X-A=" + "1" * 1024, 13253),
        ("sip:bob@example.com?X-A=1%0d%0aEvil:2", 13252),
    ],
)
def test_headers_that_cannot_be_sent_are_left_out(play, rings, warned, uri, code):
    target = child(play(dial(noun=f"<Sip>{uri}</Sip>"), phones={"sip:bob@example.com": rings()}, hang_up_at=9)).target
    assert (target.headers, warned()) == ({}, [code])


@pytest.mark.parametrize("uri", ["", "bob", "mailto:bob@example.com", "sip:bob", "sip:" + "b" * 250 + "@example.com"])
def test_a_bad_sip_address_is_13243_and_nobody_is_rung(play, warned, uri):
    assert (rung(play(dial(noun=f"<Sip>{uri}</Sip>"))), warned()) == ([], [13243])


def test_the_action_is_told_the_final_response_of_a_sip_phone(play, rings):
    pages = dial('action="/done"', "<Sip>sip:bob@x</Sip>")
    busy = told(play(pages, phones={"sip:bob@x": rings(after=1, otherwise="busy", response_code=486)}))
    taken = told(play(pages, phones={"sip:bob@x": rings(after=1)}, hang_up_at=9))
    number = told(play(dial('action="/done"'), phones={NUMBER: rings(after=1, otherwise="busy", response_code=486)}))
    assert (busy["DialSipResponseCode"], taken["DialSipResponseCode"]) == ("486", "200")
    assert "DialSipResponseCode" not in number


def test_uris_of_a_sip_noun_are_tried_by_priority_then_weight(play, rings):
    uris = '<Uri priority="2">sip:c@x</Uri><Uri priority="1" weight="1">sip:b@x</Uri><Uri priority="1" weight="9">sip:a@x</Uri>'
    call = play(dial(noun=f"<Sip>{uris}</Sip>"), phones={"sip:c@x": rings(after=1)}, hang_up_at=9)
    assert [address for _, address in rung(call)] == ["sip:a@x", "sip:b@x", "sip:c@x"]


def test_headers_may_be_children_of_sip(play):
    noun = '<Sip><Uri>sip:bob@x</Uri><Headers><Header name="X-One" value="1"/></Headers></Sip>'
    assert child(play(dial(noun=noun))).target.headers == {"X-One": "1"}


def test_a_callee_moved_from_outside_leaves_the_caller_s_dial_and_goes_on_alone(play, rings):
    def move(stage):
        stage.room.attempts[0].carrier.redirect(WebhookRequest("http://centre.test/elsewhere"))

    pages = dial(then="<Say>after</Say><Pause length='60'/>", elsewhere="<Say>elsewhere</Say><Pause length='20'/>")
    call = play(pages, phones={NUMBER: rings(after=4)}, meanwhile={10.0: move})
    assert (call.phone.said, child(call).phone.said) == ([(10.0, "after")], [(10.0, "elsewhere")])
    assert (32.0, "hang up") in child(call).phone.events


def test_a_callee_hung_up_on_from_outside_ends_the_dial(play, rings):
    call = play(dial(), phones={NUMBER: rings(after=4)}, meanwhile={10.0: lambda s: s.room.attempts[0].carrier.hang_up()})
    assert call.phone.said == [(10.0, "after")]


def test_a_caller_moved_from_outside_ends_the_callee_s_call(play, rings):
    def move(stage):
        stage.interpreter.redirect(WebhookRequest("http://centre.test/elsewhere"))

    pages = dial('action="/done"', elsewhere="<Say>elsewhere</Say>")
    call = play(pages, phones={NUMBER: rings(after=4)}, meanwhile={10.0: move})
    assert (call.said, "/done" in call.paths, (10.0, "hang up") in child(call).phone.events) == (["elsewhere"], False, True)


@pytest.mark.parametrize(
    ("record", "channels", "seconds"),
    [
        ("record-from-answer", 1, 5),
        ("true", 1, 5),
        ("record-from-ringing", 1, 9),
        ("record-from-answer-dual", 2, 5),
        ("record-from-ringing-dual", 2, 9),
    ],
)
def test_record_keeps_what_both_say_and_tells_the_action_where(play, rings, gone, record, channels, seconds):
    def sound(stage):
        for tap in stage.phone.taps:
            for _ in range(50):
                tap.heard(b"\x80" * 160)
                tap.said(b"\xff" * 160)

    every_second = {float(second) + 0.5: sound for second in range(9)}
    pages = dial(f'action="/done" record="{record}" recordingStatusCallback="/recorded"', recorded="")
    call = play(pages, phones={NUMBER: rings(after=4, heard={9.0: gone})}, meanwhile=every_second)
    (kept,) = call.stage.shelf
    assert (kept.channels, kept.duration_seconds, kept.url) == (channels, seconds, told(call)["RecordingUrl"])
    form = call.request("/recorded").form
    assert (form["RecordingSid"], form["RecordingSource"], form["RecordingStatus"]) == (kept.sid, "DialVerb", "completed")
    assert form["CallSid"] == "CA" + "1" * 32


@pytest.mark.parametrize("record", ["", 'record="false"', 'record="do-not-record"'])
def test_nothing_is_recorded_unless_asked_for(play, rings, record):
    call = play(dial(record), phones={NUMBER: rings(after=4)}, hang_up_at=9)
    assert list(call.stage.shelf) == []


def test_a_phone_that_nobody_picked_up_in_time_comes_out_as_no_answer(play, rings):
    call = play(dial('action="/done" timeout="10"'), phones={NUMBER: rings(after=1000)})
    assert (child(call).call.status, child(call).ended_at) == ("no-answer", 15.0)


def test_a_phone_that_was_given_up_comes_out_as_canceled(play, rings):
    call = play(dial(), phones={NUMBER: rings(after=1000)}, hang_up_at=8)
    assert child(call).call.status == "canceled"


def test_who_did_not_win_comes_out_as_canceled(play, rings):
    nouns = "<Number>+12065550111</Number><Number>+12065550112</Number>"
    call = play(dial(noun=nouns), phones={"+12065550111": rings(after=9), "+12065550112": rings(after=4)}, hang_up_at=20)
    assert {attempt.target.address: attempt.call.status for attempt in call.stage.room.attempts} == {
        "+12065550111": "canceled",
        "+12065550112": "completed",
    }


def test_who_refused_before_the_time_was_up_stays_as_it_is(play, rings):
    nouns = "<Number>+12065550111</Number><Number>+12065550112</Number>"
    phones = {"+12065550111": rings(after=2, otherwise="busy"), "+12065550112": rings(after=1000)}
    assert told(play(dial('action="/done" timeout="5"', nouns), phones=phones))["DialCallStatus"] == "busy"


def test_a_caller_who_gives_up_before_an_answer_on_bridge_was_never_answered(play, rings):
    call = play(dial('action="/done" answerOnBridge="true"'), phones={NUMBER: rings(after=1000)}, hang_up_at=8)
    assert (told(call)["CallStatus"], told(call)["DialCallStatus"]) == ("canceled", "canceled")


def test_a_status_callback_never_goes_to_a_host_with_an_underscore(play, rings, warned):
    noun = f'<Number statusCallback="http://my_centre.test/s">{NUMBER}</Number>'
    call = play(dial(noun=noun), phones={NUMBER: rings()})
    assert (child(call).target.report, warned()) == (None, [11100])


def test_a_recorded_dial_tells_when_it_begins_and_what_has_been_recorded(play, rings, gone):
    attributes = (
        'action="/done" record="true" recordingStatusCallback="/told" recordingStatusCallbackEvent="in-progress completed"'
    )
    call = play(dial(attributes, told=""), phones={NUMBER: rings(after=4, heard={10.0: gone})})
    first, last = (request for request in call.requests if request.path == "/told")
    assert (first.at, first.form["RecordingStatus"], first.form["RecordingSource"]) == (4.0, "in-progress", "DialVerb")
    assert (last.form["RecordingStatus"], last.form["RecordingChannels"]) == ("completed", "1")
    for name in ("RecordingSid", "RecordingUrl"):
        assert first.form[name] == last.form[name] == told(call)[name]
    assert told(call)["RecordingDuration"] == last.form["RecordingDuration"]


@pytest.mark.parametrize(
    ("attributes", "seconds", "loud_channels"),
    [
        ('record="record-from-answer-dual" recordingTrack="inbound"', 4, [True, False]),
        ('record="record-from-answer-dual" recordingTrack="outbound"', 4, [False, True]),
        ('record="record-from-answer" trim="trim-silence"', 2, [True]),
        ('record="record-from-answer" trim="do-not-trim"', 4, [True]),
        ('record="record-from-answer"', 4, [True]),
    ],
)
def test_a_recorded_dial_keeps_the_track_and_the_silence_that_is_wished(play, rings, gone, attributes, seconds, loud_channels):
    """The two say something in the second and third of four seconds."""

    def sound(frame):
        def act(stage):
            for tap in stage.phone.taps:
                for _ in range(50):
                    tap.heard(frame)
                    tap.said(frame)

        return act

    loud, quiet = sound(b"\x80" * 160), sound(b"\xff" * 160)
    said = {4.5: quiet, 5.5: loud, 6.5: loud, 7.5: quiet}
    call = play(dial(attributes), phones={NUMBER: rings(after=4, heard={8.0: gone})}, meanwhile=said)
    (kept,) = call.stage.shelf
    channels = [kept.sound[at :: kept.channels] for at in range(kept.channels)]
    assert (kept.duration_seconds, [channel.strip(b"\xff") != b"" for channel in channels]) == (seconds, loud_channels)
