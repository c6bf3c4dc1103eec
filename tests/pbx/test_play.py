"""Play: https://www.twilio.com/docs/voice/twiml/play."""

import pytest

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
