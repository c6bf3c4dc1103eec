"""Play: https://www.twilio.com/docs/voice/twiml/play."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from pbx.codes import CallError, Code

URL = "http://centre.test/jingle.wav"


def test_a_recording_is_played_and_the_next_verb_runs(play):
    call = play("<Play>/jingle.wav</Play><Say>after</Say>")
    assert call.phone.events == [(0.0, "answer"), (0.0, f"play {URL}"), (4.0, "hang up")]
    assert call.paths == ["/voice"]


def test_loop_plays_it_again(play):
    events = play(f'<Play loop="3">{URL}</Play>').phone.events
    assert [at for at, event in events if event.startswith("play")] == [0.0, 2.0, 4.0]


def test_loop_zero_plays_until_the_caller_hangs_up(play):
    call = play(f'<Play loop="0">{URL}</Play>', hang_up_at=100)
    assert (call.ending, len(call.phone.events)) == ("hung-up-by-caller", 1 + 50)


def test_a_key_barges_into_a_recording(play, keys):
    documents = {"/voice": f'<Gather action="/next" numDigits="1"><Play>{URL}</Play></Gather>', "/next": "<Hangup/>"}
    assert play(documents, keys("1", at=1)).request("/next").at == 1.0


def test_digits_are_sounded_as_tones(play):
    assert (0.0, "sound ww12#") in play('<Play digits="ww12#"/>').phone.events


@pytest.mark.parametrize(
    ("verb", "code"), [("<Play/>", 13420), ('<Play digits="12x"/>', 13430), (f'<Play loop="x">{URL}</Play>', 13410)]
)
def test_a_bad_value_is_a_warning_and_the_call_goes_on(play, warned, verb, code):
    assert play(f"{verb}<Say>after</Say>").said == ["after"]
    assert code in warned()


def test_a_webhook_may_answer_with_a_recording_which_is_played_before_the_call_ends(play):
    call = play("RIFF", content_type="audio/x-wav")
    assert (call.ending, call.phone.events[1]) == ("hung-up-by-line", (0.0, "play http://centre.test/voice"))


def test_a_wait_document_may_play_music(play):
    call = play({"/voice": '<Enqueue waitUrl="/wait">agents</Enqueue>', "/wait": f"<Play>{URL}</Play>"}, hang_up_at=7)
    assert [at for at, event in call.phone.events if event == f"play {URL}"] == [0.0, 2.0, 4.0, 6.0]


class Fetching:
    """A phone for which every recording takes three seconds to fetch, or cannot be had."""

    def __init__(self, code=None):
        self.code = code

    def __call__(self, stage):
        stage.phone.prepared = self.prepared

    @asynccontextmanager
    async def prepared(self, urls):
        if urls and self.code is not None:
            raise CallError(self.code, urls[0], "it is no sound")
        await asyncio.sleep(3 * len(urls))
        yield


def test_all_that_a_gather_plays_is_fetched_before_its_first_prompt_starts(play):
    prompts = f"<Say>one</Say><Play>{URL}</Play><Say>two</Say><Play>/other.wav</Play>"
    call = play(f"<Pause/><Gather>{prompts}</Gather>", meanwhile={0.5: Fetching()}, hang_up_at=8)
    assert call.phone.said == [(7.0, "one")]
    assert play(f"<Gather>{prompts}</Gather>").phone.prepared_urls == [URL, "http://centre.test/other.wav"]


def test_a_key_pressed_while_they_are_fetched_is_heard_at_once(play, keys):
    documents = {"/voice": f'<Pause/><Gather action="/next" numDigits="1"><Play>{URL}</Play></Gather>', "/next": "<Hangup/>"}
    assert play(documents, keys("1", at=2), meanwhile={0.5: Fetching()}).request("/next").at == 2.0


@pytest.mark.parametrize(("code", "told"), [(13420, "13325"), (12300, "13325"), (11200, "11200")])
def test_a_recording_that_a_gather_cannot_play_is_an_error_of_its_own(play, code, told):
    documents = {"/voice": f"<Pause/><Gather><Play>{URL}</Play></Gather>", "/sorry": "<Hangup/>"}
    form = play(documents, meanwhile={0.5: Fetching(Code(code))}, fallback="/sorry").request("/sorry").form
    assert (form["ErrorCode"], form["ErrorUrl"]) == (told, URL)


def test_a_recording_is_fetched_once_however_often_it_is_played(play):
    assert play(f'<Play loop="3">{URL}</Play>').phone.prepared_urls == [URL]


def test_keys_are_not_sounded_inside_a_gather(play, warned):
    call = play('<Gather timeout="1"><Play digits="12"/></Gather><Say>after</Say>')
    assert (call.phone.said, warned()) == ([(1.0, "after")], [13320])


def test_a_recording_s_address_is_asked_for_without_what_webhooks_are_told(play):
    assert play(f"<Play>{URL}?a=b</Play>").paths == ["/voice"]
