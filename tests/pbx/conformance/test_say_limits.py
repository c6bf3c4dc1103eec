"""The limits of Say: https://www.twilio.com/docs/voice/twiml/say and /docs/api/errors/13521."""

import pytest

from pbx.document import parse_twiml
from pbx.vocabulary import CALL_VERBS


def say_in(attributes, text):
    body = f"<Response><Say {attributes}>{text}</Say></Response>".encode()
    document = parse_twiml(body, "http://centre.test/voice", CALL_VERBS)
    return document.verbs[0], [notice.code.value for notice in document.notices]


@pytest.mark.parametrize(
    ("voice", "most"),
    [("man", 4096), ("woman", 4096), ("alice", 4096), ("Polly.Joanna", 3000), ("Polly.Joanna-Neural", 3000)],
)
def test_so_many_characters_may_be_said_in_a_voice(voice, most):
    assert say_in(f'voice="{voice}"', "x" * most)[1] == []
    assert say_in(f'voice="{voice}"', "x" * (most + 1))[1] == [13521]


def test_the_encoded_text_has_at_most_4500_characters_in_any_voice():
    assert say_in('voice="man"', "é" * 750)[1] == []
    assert say_in('voice="man"', "é" * 751)[1] == [13521]
    assert say_in('voice="Google.en-US-Neural2-A"', "x" * 4501)[1] == [13521]


def test_polly_does_not_count_tags():
    tags = '<break time="1s"/>' * 200
    assert say_in('voice="Polly.Joanna"', tags + "x" * 2000)[1] == []


def test_google_counts_tags_and_white_space():
    assert say_in('voice="Google.en-US-Neural2-A"', "a<break/>" * 600)[1] == [13521]
    assert say_in('voice="Google.en-US-Neural2-A"', "a" + " " * 5000)[1] == [13521]


@pytest.mark.parametrize("voice", ["robot", "Polly", "Google.", "MAN", ""])
def test_an_unknown_voice_is_13511_and_man_speaks(voice):
    say, codes = say_in(f'voice="{voice}"', "hello")
    assert (say.speech.voice, codes) == ("man", [13511])


@pytest.mark.parametrize("language", ["english!", "", "e"])
def test_a_bad_language_is_13512_and_american_english_is_spoken(language):
    say, codes = say_in(f'language="{language}"', "hello")
    assert (say.speech.language, codes) == ("en-US", [13512])


def test_a_loop_is_a_thousand_times_at_most():
    assert (say_in('loop="0"', "x")[0].times, say_in('loop="2000"', "x")[0].times) == (1000, 1000)
