"""`wait` in a script: time passes until what the script wants next can be done. The loop's clock jumps, so no test waits."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from pbx.call import Call
from pbx.debugger import Debugger
from pbx.document import Answer
from pbx.interpreter import Interpreter, Number
from pbx.request import WebhookRequest
from pbx.rooms.conferences import LocalConferences
from pbx.rooms.queues import LocalQueues
from pbx.scene import Surroundings
from pbx.terminal.script import ScriptError, parse_script
from pbx.terminal.scripted import REAL_PATIENCE_SECONDS, ScriptedCaller
from pbx.terminal.typed import TypedPhone

SITE = "http://centre.test"
PAGES = {
    "/voice": "<Say>Please hold.</Say><Enqueue waitUrl='/wait'>agents</Enqueue>",
    "/wait": "<Say>Still waiting.</Say><Pause length='9'/>",
    "/agent": "<Say>Your ID is one.</Say><Gather action='/bye' numDigits='1'/>",
    "/asking_for_ever": "<Gather action='/bye' numDigits='1'><Say>Star leaves.</Say></Gather><Redirect>/asking_for_ever</Redirect>",
    "/conference": "<Dial><Conference>room</Conference></Dial>",
    "/bye": "<Say>Goodbye.</Say>",
}


class Pages:
    """Documents by path, over no network at all."""

    async def fetch(self, request, standing) -> Answer:
        return Answer(request.url, "text/xml", f"<Response>{PAGES[request.url.removeprefix(SITE)]}</Response>".encode())


@pytest.fixture
def run(in_virtual_time):
    """Play a script; after so many seconds somebody moves the call. The second at which it ended."""

    async def play(script, moved_at, moved_to, begins):
        loop = asyncio.get_running_loop()
        clock = lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=loop.time())  # noqa: E731
        call = Call("CA1", "AC1", "+1", "+2", clock)
        scripted = ScriptedCaller(parse_script(script, {}), call)
        conferences = LocalConferences(lambda prefix: prefix, clock, lambda request: None)
        queues = LocalQueues(lambda prefix: prefix, clock)
        surroundings = Surroundings(queues, conferences, Debugger(clock, str), lambda request: None)
        interpreter = Interpreter(Number(SITE + begins), call, TypedPhone(scripted), Pages(), surroundings)
        loop.call_at(moved_at, interpreter.redirect, WebhookRequest(SITE + moved_to))
        scripted.finish(await interpreter.run())
        return loop.time()

    def run(script, moved_at=100.0, moved_to="/agent", begins="/voice"):
        return in_virtual_time(play(script, moved_at, moved_to, begins))

    return run


def test_the_caller_waits_in_a_queue_until_the_awaited_words_are_said(run):
    script = 'hear "please hold"\nwait\nhear "your id is one"\nkeys 1\nhear "goodbye"\nend hung-up-by-line'
    assert run(script) == 100.0


def test_without_words_to_hear_the_caller_waits_until_the_line_asks(run):
    assert run("wait\nkeys 1\nend hung-up-by-line") == 100.0


def test_the_caller_waits_for_the_end_of_the_call(run):
    assert run("wait\nend hung-up-by-line", moved_to="/bye") == 100.0


def test_the_caller_waits_in_a_conference_too(run):
    assert run('wait\nhear "your id"\nkeys 1\nend hung-up-by-line', begins="/conference") == 100.0


def test_questions_that_are_not_the_awaited_one_are_left_unanswered(run):
    script = 'wait\nhear "your id"\nkeys 1\nend hung-up-by-line'
    assert run(script, begins="/asking_for_ever") == 100.0


def test_after_the_awaited_words_time_passes_no_more(run):
    assert run('wait\nhear "still waiting"\nend waiting') == 0.0


def test_one_wait_may_follow_another(run):
    assert run('wait\nhear "still waiting"\nwait\nhear "your id"\nkeys 1\nend hung-up-by-line') == 100.0


def test_the_caller_may_hang_up_when_the_words_have_been_said(run):
    assert run('wait\nhear "your id"\nhang up') == 100.0


def test_waiting_ends_when_patience_does_and_names_the_line_of_the_script(run):
    with pytest.raises(ScriptError, match=r"line 2 of the script: nothing came of waiting for 300 seconds"):
        run('hear "please hold"\nwait\nhear "your id"\nhang up', moved_at=REAL_PATIENCE_SECONDS + 100)


def test_words_that_should_come_before_the_wait_are_not_waited_for(run):
    with pytest.raises(ScriptError, match=r"line 1 of the script: the line asks nothing for an hour"):
        run('hear "never said"\nwait\nhang up')
