"""Scripts: what may be written, and what a call that strays from one is told."""

import asyncio
from datetime import UTC, datetime

import pytest

from pbx.call import Call, Ending
from pbx.debugger import Debugger
from pbx.document import Answer
from pbx.interpreter import Interpreter, Number
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.queues import LocalQueues
from pbx.scene import Surroundings
from pbx.terminal.script import End, HangUp, Hear, ScriptError, Step, Wait, parse_script
from pbx.terminal.scripted import ScriptedCaller
from pbx.terminal.typed import Keys, Silence, TypedPhone, Words

URL = "http://centre.test/voice"
ASK = '<Gather action="/voice/next" numDigits="6" finishOnKey="" input="dtmf speech"><Say>Group one.</Say></Gather>'
GROUPS = {
    "/voice": f"<Say>Welcome.</Say>{ASK}<Redirect>/voice</Redirect>",
    "/voice/next": '<Gather action="/voice/bye" numDigits="6" finishOnKey=""><Say>Group two.</Say></Gather>',
    "/voice/bye": "<Say>Goodbye.</Say><Hangup/>",
}


def clock() -> datetime:
    """Nothing in a script takes time."""
    return datetime(2026, 1, 1, tzinfo=UTC)


class Pages:
    """Documents by path, over no network at all."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages

    async def fetch(self, request, standing) -> Answer:
        path = request.url.removeprefix("http://centre.test")
        return Answer(request.url, "text/xml", f"<Response>{self.pages[path]}</Response>".encode())


def run(script: str, pages: dict[str, str] = GROUPS, **values: str) -> Ending:
    """Play a script; raises ScriptError when the call strays from it."""

    async def call() -> Ending:
        call = Call("CA1", "AC1", "+1", "+2", clock)
        scripted = ScriptedCaller(parse_script(script, values), call)
        conferences = LocalConferences(lambda prefix: prefix, clock, lambda request: None)
        queues = LocalQueues(lambda prefix: prefix, clock)
        surroundings = Surroundings(queues, conferences, Debugger(clock, str), lambda request: None)
        ending = await Interpreter(Number(URL), call, TypedPhone(scripted), Pages(pages), surroundings).run()
        scripted.finish(ending)
        return ending

    return asyncio.run(call())


def strays(script: str, pages: dict[str, str] = GROUPS) -> str:
    with pytest.raises(ScriptError) as caught:
        run(script, pages)
    return str(caught.value)


# What may be written


def test_each_step_is_a_line_and_blank_lines_and_comments_are_none():
    script = '# a call\n\nhear "Group one"\nkeys 12 34*#\nsay one two\nsilence\nwait\n  Hang up\n'
    assert parse_script(script, {}) == (
        Step(3, Hear("Group one")),
        Step(4, Keys("1234*#")),
        Step(5, Words("one two")),
        Step(6, Silence()),
        Step(7, Wait()),
        Step(8, HangUp()),
    )


@pytest.mark.parametrize("ending", [ending for ending in Ending if ending is not Ending.BY_CALLER])
def test_a_script_may_expect_every_ending(ending):
    assert parse_script(f"end {ending}", {}) == (Step(1, End(ending)),)


def test_ending_by_the_caller_is_hanging_up():
    assert parse_script("end hung-up-by-caller", {}) == (Step(1, HangUp()),)


def test_names_in_braces_are_filled_in():
    assert parse_script("keys {group1}{group2}\nhang up", {"group1": "123", "group2": "456"})[0].does == Keys("123456")


@pytest.mark.parametrize(
    ("script", "line", "words"),
    [
        ("keys 12x\nhang up", 1, "not a step"),
        ("keys\nhang up", 1, "not a step"),
        ("hear hello\nhang up", 1, "not a step"),
        ('hear ""\nhang up', 1, "not a step"),
        ("\nsilence please\nhang up", 2, "not a step"),
        ("shout hello\nhang up", 1, 'hear "words", keys 123, say words, silence, wait, hang up, or end'),
        ("end happily", 1, "hung-up-by-line"),
        ("keys {group1}\nhang up", 1, "{group1} has no value; none is known; use --set or --workstation"),
        ("keys 1", 1, "the last step must be"),
        ("hang up\nkeys 1", 1, "more steps follow"),
        ("# nothing\n", 1, "nothing to do"),
    ],
)
def test_a_script_that_cannot_be_played_names_the_line_and_what_is_allowed(script, line, words):
    with pytest.raises(ScriptError) as caught:
        parse_script(script, {})
    assert caught.value.line == line
    assert words in str(caught.value)


def test_an_unknown_name_is_told_with_the_known_ones():
    with pytest.raises(ScriptError, match="known: group1, group2"):
        parse_script("keys {group3}\nhang up", {"group1": "1", "group2": "2"})


# What is played


def test_a_call_that_goes_as_written_reaches_its_end():
    script = 'hear "welcome"\nhear "GROUP  one"\nkeys 123456\nhear "group two"\nkeys 654321\nhear "bye"\nend hung-up-by-line'
    assert run(script) == "hung-up-by-line"


def test_silence_and_words_are_acts():
    assert run('silence\nhear "group one"\nsay one two three\nhear "group two"\nhang up') == "hung-up-by-caller"


def test_keys_left_over_go_into_the_next_question():
    assert run('hear "group one"\nkeys 123456 654321\nhear "bye"\nend hung-up-by-line') == "hung-up-by-line"


def test_something_else_heard_names_the_line_and_what_was_heard():
    assert strays('hear "welcome"\nhear "group two"\nkeys 1\nhang up') == (
        'line 2 of the script: the line did not say "group two"; heard instead: "Welcome. Group one."'
    )


def test_words_must_come_in_the_order_of_the_script():
    assert strays('hear "group one"\nhear "welcome"\nhang up').startswith("line 2 ")


def test_what_was_heard_before_an_input_does_not_count_after_it():
    assert strays('hear "welcome"\nkeys 123456\nhear "welcome"\nhang up').startswith("line 3 ")


def test_a_call_that_ends_too_early_names_the_step_it_did_not_reach():
    sentence = strays("keys 123456\nkeys 654321\nkeys 1\nhang up")
    assert sentence == 'line 3 of the script: the call was already over (hung-up-by-line); heard instead: "Goodbye."'


def test_a_call_that_goes_on_when_it_should_end_names_the_end():
    sentence = strays("keys 123456\nend hung-up-by-line")
    assert sentence.startswith("line 2 of the script: the line waits for the caller")


def test_another_end_than_the_expected_one_is_told():
    assert "already over (hung-up-by-line)" in strays("keys 123456\nkeys 654321\nend waiting")


def test_words_said_to_a_question_for_keys_are_told():
    assert strays("keys 123456\nsay hello\nhang up") == "line 2 of the script: the line listens to keys here, not to words"


def test_keys_pressed_at_a_question_for_words_are_told():
    pages = {"/voice": '<Gather input="speech"/>'}
    assert strays("keys 1\nhang up", pages) == "line 1 of the script: the line listens to words here, not to keys"


QUEUE = {"/voice": '<Enqueue waitUrl="/wait">agents</Enqueue>', "/wait": "<Say>Please wait.</Say><Pause length='9'/>"}


def test_waiting_is_an_end():
    assert run('hear "please wait"\nend waiting', QUEUE) == "waiting"


def test_a_queue_that_asks_may_be_waited_in_answered_or_left():
    pages = {
        "/voice": '<Enqueue waitUrl="/wait">agents</Enqueue><Say>After.</Say>',
        "/wait": '<Gather action="/chosen" numDigits="1" finishOnKey=""><Say>Star leaves.</Say></Gather>',
        "/chosen": "<Leave/>",
    }
    assert run('hear "star"\nsilence\nhear "star"\nend waiting', pages) == "waiting"
    assert run('silence\nkeys *\nhear "after"\nend hung-up-by-line', pages) == "hung-up-by-line"


def test_hanging_up_while_waiting_is_an_end():
    assert run('hear "please wait"\nhear "please wait"\nhang up', QUEUE) == "waiting"


def test_waiting_for_words_that_never_come_is_given_up():
    assert strays('hear "goodbye"\nend waiting', QUEUE).startswith("line 1 of the script: the line asks nothing for an hour")


def test_a_failing_line_is_an_end():
    assert run("end failed", {"/voice": "<Redirect/>"}) == "failed"


def test_a_rejected_call_is_an_end():
    assert run("end rejected", {"/voice": "<Reject/>"}) == "rejected"
