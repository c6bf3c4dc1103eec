"""Gather as its manual page tells it: https://www.twilio.com/docs/voice/twiml/gather."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.document import parse_twiml
from pbx.leg import Key, Recognition, Utterance
from pbx.vocabulary import CALL_VERBS

ENTERED = {"/entered": "<Say>thank you</Say>"}


def ask(attributes: str = "", nested: str = "", then: str = "<Say>nothing entered</Say>") -> dict[str, str]:
    """A document that asks, and what follows when nothing was entered."""
    return {"/voice": f'<Gather action="/entered" {attributes}>{nested}</Gather>{then}', **ENTERED}


def gather_in(xml: str):
    document = parse_twiml(f"<Response>{xml}</Response>".encode(), "http://centre.test/voice?turn=1", CALL_VERBS)
    return document.verbs[0], [notice.code.value for notice in document.notices]


# input


def test_input_is_keys_by_default(play):
    call = play(ask(), {1.0: Utterance("one")})
    assert call.said == ["nothing entered"]


def test_input_speech_hears_words_and_ignores_keys(play, keys):
    call = play(ask('input="speech"'), {**keys("12#", at=0.5), 2.0: Utterance("one two", 0.9)})
    form = call.request("/entered").form
    assert form["SpeechResult"] == "one two"
    assert "Digits" not in form


@pytest.mark.parametrize("first", ["keys", "speech"])
def test_with_both_inputs_the_first_kind_heard_wins(play, keys, first):
    speech_at, keys_at = (3.0, 1.0) if first == "keys" else (1.0, 3.0)
    call = play(ask('input="dtmf speech"'), {**keys("12#", at=keys_at), speech_at: Utterance("one two")})
    form = call.request("/entered").form
    assert ("Digits" in form, "SpeechResult" in form) == (first == "keys", first == "speech")


def test_speech_between_keys_is_not_heard(play, keys):
    call = play(ask('input="dtmf speech" timeout="3"'), {**keys("1", at=1), 2.0: Utterance("two"), **keys("3#", at=3)})
    assert call.request("/entered").form["Digits"] == "13"


def test_an_unknown_input_is_warned_of_and_keys_apply(play, keys, warned):
    call = play(ask('input="smell"'), keys("1#", at=1))
    assert call.request("/entered").form["Digits"] == "1"
    assert warned() == [13326]


# action and method


def test_the_default_action_is_the_current_document(play, keys):
    call = play({"/voice": ["<Gather/>", "<Say>again</Say>"]}, keys("5#", at=1))
    assert call.paths == ["/voice", "/voice"]
    assert call.requests[1].form["Digits"] == "5"


def test_a_relative_action_resolves_against_the_document(play, keys):
    documents = {
        "/voice": "<Redirect>/menu/main?turn=1</Redirect>",
        "/menu/main": '<Gather action="next?turn=2"/>',
        "/menu/next": "<Say>here</Say>",
    }
    call = play(documents, keys("5#", at=1))
    assert call.requests[2].url == "http://centre.test/menu/next?turn=2"


def test_the_action_is_posted_by_default_and_got_when_asked(play, keys):
    assert play(ask(), keys("5#", at=1)).request("/entered").method == "POST"
    assert play(ask('method="GET"'), keys("5#", at=1)).request("/entered").method == "GET"


def test_a_bad_method_is_warned_of_and_post_applies(play, keys, warned):
    assert play(ask('method="PATCH"'), keys("5#", at=1)).request("/entered").method == "POST"
    assert warned() == [13312]


def test_a_verb_after_an_answered_gather_is_unreachable(play, keys):
    assert play(ask(), keys("5#", at=1)).said == ["thank you"]


# timeout


def test_the_timeout_is_five_seconds_by_default(play):
    assert play(ask()).phone.said == [(5.0, "nothing entered")]


def test_the_timeout_starts_after_all_nested_prompts_have_ended(play):
    call = play(ask('timeout="3"', '<Say>one</Say><Pause length="4"/><Say>two</Say>'))
    assert call.phone.said == [(0.0, "one"), (6.0, "two"), (11.0, "nothing entered")]


def test_the_timeout_applies_again_between_keys(play, keys):
    call = play(ask('timeout="3"'), {**keys("1", at=2), **keys("2", at=4), **keys("3", at=6)})
    assert call.request("/entered").form["Digits"] == "123"
    assert call.request("/entered").at == 9.0


def test_the_timeout_starts_at_the_first_key_when_it_stops_the_prompt(play, keys):
    call = play(ask('timeout="3"', "<Say>a long prompt</Say>"), keys("1", at=1), say_seconds=60)
    assert call.request("/entered").at == 4.0


def test_input_of_a_kind_not_listened_for_does_not_restart_the_timer(play):
    call = play(ask('timeout="3"'), {2.0: Utterance("hello")})
    assert call.phone.said == [(3.0, "nothing entered")]


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "1.5", "٣"])
def test_a_bad_timeout_is_warned_of_and_five_seconds_apply(play, warned, timeout):
    assert play(ask(f'timeout="{timeout}"')).phone.said == [(5.0, "nothing entered")]
    assert warned() == [13313]


def test_timeout_auto_is_the_default(play, warned):
    assert play(ask('timeout="auto"')).phone.said == [(5.0, "nothing entered")]
    assert warned() == []


# finishOnKey


def test_the_finish_key_is_hash_and_is_not_among_the_digits(play, keys):
    form = play(ask(), keys("12*#", at=1)).request("/entered").form
    assert (form["Digits"], form["FinishedOnKey"]) == ("12*", "#")


def test_another_finish_key_makes_hash_a_digit(play, keys):
    form = play(ask('finishOnKey="*"'), keys("1#2*", at=1)).request("/entered").form
    assert (form["Digits"], form["FinishedOnKey"]) == ("1#2", "*")


def test_an_empty_finish_key_leaves_the_end_to_the_timeout(play, keys):
    request = play(ask('finishOnKey="" timeout="4"'), keys("1#*", at=1)).request("/entered")
    assert (request.form["Digits"], request.form["FinishedOnKey"], request.at) == ("1#*", "", 5.5)


def test_an_empty_finish_key_leaves_the_end_to_num_digits(play, keys):
    request = play(ask('finishOnKey="" numDigits="2"'), keys("*0", at=1)).request("/entered")
    assert (request.form["Digits"], request.at) == ("*0", 1.25)


def test_the_finish_key_alone_enters_nothing_and_ends_the_wait_at_once(play, keys):
    call = play(ask(), keys("#", at=1))
    assert call.phone.said == [(1.0, "nothing entered")]
    assert call.paths == ["/voice"]


@pytest.mark.parametrize("finish_key", ["##", "12", "A", "x"])
def test_a_bad_finish_key_is_warned_of_and_hash_applies(play, keys, warned, finish_key):
    form = play(ask(f'finishOnKey="{finish_key}"'), keys("1#", at=1)).request("/entered").form
    assert form["Digits"] == "1"
    assert warned() == [13310]


def test_the_finish_key_is_ignored_once_speech_came_first(play, keys):
    call = play(ask('input="dtmf speech"'), {1.0: Utterance("one"), **keys("#", at=1.1)})
    assert call.request("/entered").form["SpeechResult"] == "one"
    assert call.said == ["thank you"]


# numDigits


def test_num_digits_submits_on_the_last_key_at_once(play, keys):
    request = play(ask('numDigits="6"'), keys("123456", at=1)).request("/entered")
    assert (request.form["Digits"], request.form["FinishedOnKey"], request.at) == ("123456", "", 2.25)


def test_fewer_digits_than_asked_for_are_submitted_by_the_timeout(play, keys):
    request = play(ask('numDigits="6"'), keys("12", at=1)).request("/entered")
    assert (request.form["Digits"], request.at) == ("12", 6.25)


@pytest.mark.parametrize("number", ["0", "-2", "six"])
def test_a_bad_num_digits_is_warned_of_and_there_is_no_limit(play, keys, warned, number):
    form = play(ask(f'numDigits="{number}"'), keys("1234567#", at=1)).request("/entered").form
    assert form["Digits"] == "1234567"
    assert warned() == [13314]


# actionOnEmptyResult


def test_nothing_entered_goes_on_with_the_next_verb(play):
    call = play(ask())
    assert (call.said, call.paths) == (["nothing entered"], ["/voice"])


def test_nothing_entered_and_nothing_next_hangs_up(play):
    call = play(ask(then=""))
    assert (call.ending, call.ended_at) == ("hung-up-by-line", 5.0)


def test_action_on_empty_result_asks_the_action_with_neither_digits_nor_speech(play):
    form = play(ask('actionOnEmptyResult="true" input="dtmf speech"')).request("/entered").form
    assert not {"Digits", "SpeechResult", "FinishedOnKey"} & set(form)


def test_a_bad_action_on_empty_result_is_reported_and_false_applies(play, warned):
    call = play(ask('actionOnEmptyResult="maybe"'))
    assert (call.said, warned()) == (["nothing entered"], [13338])
    assert [alert.level for alert in call.stage.debugger] == ["error"]


# speech


def test_speech_is_sent_with_its_confidence(play):
    form = play(ask('input="speech"'), {1.0: Utterance("double five", 0.8125)}).request("/entered").form
    assert (form["SpeechResult"], form["Confidence"]) == ("double five", "0.8125")


def test_confidence_is_left_out_when_the_recogniser_gives_none(play):
    form = play(ask('input="speech"'), {1.0: Utterance("double five")}).request("/entered").form
    assert "Confidence" not in form


def test_speech_without_text_is_no_input(play):
    assert play(ask('input="speech"'), {1.0: Utterance(" ")}).said == ["nothing entered"]


def test_the_recogniser_is_asked_for_what_the_attributes_say():
    gather, codes = gather_in(
        '<Gather input="speech" language="en-GB" hints="yes, no ,agent" speechModel="numbers_and_commands" '
        'speechTimeout="2" profanityFilter="false"/>'
    )
    assert gather.listening.speech == Recognition("en-GB", ("yes", "no", "agent"), "numbers_and_commands", False, 2)
    assert codes == []


@pytest.mark.parametrize(
    ("attributes", "digits"),
    [
        ('numDigits="6" hints="$OOV_CLASS_DIGIT_SEQUENCE, agent"', 6),
        ('numDigits="1" hints="agent"', None),
        ('hints="$OOV_CLASS_DIGIT_SEQUENCE"', None),
    ],
)
def test_as_many_spoken_digits_as_keys_end_it_where_hints_say_that_digits_are_spoken(attributes, digits):
    gather, codes = gather_in(f'<Gather input="dtmf speech" {attributes}/>')
    assert (gather.listening.speech.digits, codes) == (digits, [])


def test_the_speech_timeout_is_the_timeout_by_default():
    gather, _ = gather_in('<Gather input="speech" timeout="7"/>')
    assert gather.listening.speech.speech_timeout_seconds == 7


def test_speech_timeout_auto_lets_the_recogniser_decide():
    gather, codes = gather_in('<Gather input="speech" speechTimeout="auto"/>')
    assert gather.listening.speech.speech_timeout_seconds is None
    assert codes == []


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ('speechModel="phone_call" speechTimeout="auto"', 13335),
        ('speechTimeout="later"', 13327),
        ('speechModel="oracle"', 13334),
        ('profanityFilter="perhaps"', 13333),
        ('bargeIn="perhaps"', 13332),
        ('maxSpeechTime="long"', 13328),
        ('partialResultCallbackMethod="PUT"', 13329),
        (f'hints="{"x" * 101}"', 13330),
        (f'hints="{",".join(["yes"] * 501)}"', 13330),
        ('timeOut="3"', 12200),
    ],
)
def test_each_bad_attribute_is_warned_of_with_its_own_code(attribute, code):
    assert gather_in(f'<Gather input="speech" {attribute}/>')[1] == [code]


def test_every_attribute_of_the_page_is_known():
    _, codes = gather_in(
        '<Gather input="dtmf speech" action="/a" method="GET" timeout="4" speechTimeout="3" finishOnKey="*" numDigits="1" '
        'actionOnEmptyResult="true" hints="yes" language="en-US" speechModel="default" enhanced="false" '
        'profanityFilter="true" partialResultCallback="/p" partialResultCallbackMethod="GET" bargeIn="true" '
        'maxSpeechTime="60" debug="true"/>'
    )
    assert codes == []


# Nested prompts and barge-in


def test_a_key_stops_the_prompt_and_the_rest_of_the_nested_list(play, keys):
    call = play(ask('numDigits="1"', "<Say>one</Say><Pause/><Say>two</Say>"), keys("7", at=1))
    assert call.phone.said == [(0.0, "one"), (1.0, "thank you")]
    assert call.request("/entered").form["Digits"] == "7"


def test_a_key_during_a_nested_pause_is_heard(play, keys):
    assert play(ask('numDigits="1"', '<Pause length="9"/>'), keys("7", at=4)).request("/entered").at == 4.0


def test_all_keys_pressed_during_the_prompt_arrive(play, keys):
    call = play(ask('numDigits="6"', "<Say>group one</Say>"), keys("123456", at=0.1, every=0.01))
    assert call.request("/entered").form["Digits"] == "123456"


def test_speech_stops_the_prompt(play):
    call = play(ask('input="speech"', "<Say>a long prompt</Say>"), {1.0: Utterance("agent")}, say_seconds=60)
    assert call.request("/entered").at == 1.0


def test_without_barge_in_speech_does_not_stop_the_prompt_but_keys_do(play, keys):
    asked = ask('input="dtmf speech" bargeIn="false" numDigits="1"', "<Say>a long prompt</Say>")
    assert play(asked, {1.0: Utterance("agent")}, say_seconds=60).phone.said[1] == (65.0, "nothing entered")
    assert play(asked, keys("7", at=1), say_seconds=60).request("/entered").at == 1.0


def test_the_key_that_ends_a_prompt_at_its_very_end_is_not_lost(play, keys):
    call = play(ask('numDigits="2"', "<Say>two seconds</Say>"), {**keys("1", at=2.0), **keys("2", at=2.5)})
    assert call.request("/entered").form["Digits"] == "12"


def test_other_verbs_inside_a_gather_are_warned_of_and_skipped(play, warned):
    call = play(ask("", "<Say>one</Say><Hangup/><Gather/>"))
    assert call.said == ["one", "nothing entered"]
    assert warned() == [13320, 13320]


# What is lost, and what does not leak


def test_keys_pressed_before_the_gather_starts_are_lost(play, keys):
    document = '<Say>outside</Say><Gather action="/entered" numDigits="2"/><Say>nothing entered</Say>'
    call = play({"/voice": document, **ENTERED}, keys("12", at=0.5))
    assert call.said == ["outside", "nothing entered"]


def test_keys_beyond_the_limit_do_not_leak_into_the_next_gather(play, keys):
    documents = {
        "/voice": '<Gather action="/second" numDigits="2"/>',
        "/second": '<Say>wait</Say><Gather action="/third" numDigits="2"/><Say>nothing leaked</Say>',
    }
    assert play(documents, keys("1234", at=1, every=0.1)).said == ["wait", "nothing leaked"]


def test_a_new_gather_listens_with_its_own_timer(play, keys):
    documents = {
        "/voice": '<Gather action="/second" numDigits="1" timeout="9"><Say>one</Say></Gather>',
        "/second": '<Gather timeout="3"><Say>two</Say></Gather>',
    }
    call = play(documents, keys("1", at=1))
    assert call.ended_at == 1 + 2 + 3


# Any caller


@given(
    gaps=st.lists(st.tuples(st.integers(1, 9), st.sampled_from("0159*#")), max_size=8),
    prompt_seconds=st.sampled_from([0, 4]),
    timeout_seconds=st.integers(1, 6),
    digit_limit=st.none() | st.integers(1, 5),
    finish_key=st.sampled_from(["#", "*", "0", ""]),
)
def test_what_any_keys_at_any_pace_enter(play, gaps, prompt_seconds, timeout_seconds, digit_limit, finish_key):
    schedule, pressed_at = {}, 0.0
    for gap, key in gaps:
        pressed_at += gap + 0.25  # Never at the very moment a timer of whole seconds runs out.
        schedule[pressed_at] = Key(key)
    limit = f'numDigits="{digit_limit}"' if digit_limit else ""
    prompt = "<Say>prompt</Say>" if prompt_seconds else ""
    asked = ask(f'{limit} timeout="{timeout_seconds}" finishOnKey="{finish_key}"', prompt)
    call = play(asked, schedule, say_seconds=prompt_seconds)
    digits = [request.form["Digits"] for request in call.requests[1:]]
    first_deadline = prompt_seconds + timeout_seconds
    assert digits == list(filter(None, [entered(schedule, first_deadline, timeout_seconds, digit_limit, finish_key)]))


def entered(schedule, deadline, timeout_seconds, digit_limit, finish_key) -> str:
    """The manual's rules once more, over a list instead of a phone."""
    digits = ""
    for pressed_at, key in schedule.items():
        if pressed_at > deadline or key.digit == finish_key or len(digits) == digit_limit:
            break
        digits += key.digit
        deadline = pressed_at + timeout_seconds
    return digits


# Hanging up


@pytest.mark.parametrize("at", [1.0, 4.0])
def test_hanging_up_during_a_gather_asks_no_action(play, at):
    call = play(ask("", "<Say>prompt</Say>"), hang_up_at=at)
    assert (call.ending, call.ended_at, call.paths) == ("hung-up-by-caller", at, ["/voice"])


def test_hanging_up_in_the_middle_of_keying_asks_no_action(play, keys):
    call = play(ask(), keys("12", at=1), hang_up_at=2.0)
    assert (call.ending, call.paths) == ("hung-up-by-caller", ["/voice"])
