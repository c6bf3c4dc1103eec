"""Say, Pause and the SSML inside a Say: https://www.twilio.com/docs/voice/twiml/say and .../pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.document import parse_twiml
from pbx.speech import Break, Manner, Span
from pbx.vocabulary import CALL_VERBS


def read(say: str):
    document = parse_twiml(f"<Response>{say}</Response>".encode(), "http://centre.test/", CALL_VERBS)
    return document.verbs[0], [notice.code.value for notice in document.notices]


def parts(inside: str):
    return read(f"<Say>{inside}</Say>")[0].speech.parts


def test_the_text_is_spoken_once_by_the_default_voice_in_american_english():
    say, codes = read("<Say>Hello</Say>")
    assert (say.times, say.speech.voice, say.speech.language, codes) == (1, "man", "en-US", [])


def test_voice_and_language_are_the_documents():
    say, _ = read('<Say voice="Polly.Amy" language="en-GB">Hello</Say>')
    assert (say.speech.voice, say.speech.language) == ("Polly.Amy", "en-GB")


def test_loop_says_it_that_often(play):
    assert play('<Say loop="3">ring</Say>').phone.said == [(0.0, "ring"), (2.0, "ring"), (4.0, "ring")]


def test_loop_zero_says_it_until_the_caller_hangs_up_or_a_thousand_times(play):
    assert len(play('<Say loop="0">ring</Say>', hang_up_at=21).said) == 11
    assert read('<Say loop="0">ring</Say>')[0].times == 1000


def test_a_bad_loop_is_warned_of_and_once_applies():
    say, codes = read('<Say loop="often">ring</Say>')
    assert (say.times, codes) == (1, [13510])


def test_an_empty_say_is_warned_of_and_says_nothing(play, warned):
    assert play("<Say/><Say>after</Say>").phone.said == [(0.0, "after")]
    assert warned() == [13520]


def test_a_text_over_the_limit_is_warned_of():
    assert read(f"<Say>{'a' * 4096}</Say>")[1] == []
    assert read(f"<Say>{'a' * 4097}</Say>")[1] == [13521]


def test_white_space_and_line_breaks_are_one_space():
    assert str(read("<Say>\n  one\n  two  </Say>")[0].speech) == "one two"


@pytest.mark.parametrize(
    ("tag", "seconds"),
    [
        ('<break time="700ms"/>', 0.7),
        ('<break time="1.5s"/>', 1.5),
        ('<break time="60s"/>', 10.0),
        ('<break strength="none"/>', 0.0),
        ('<break strength="x-strong"/>', 1.0),
        ("<break/>", 0.2),
        ('<break time="soon"/>', 0.2),
        ('<break strength="iron"/>', 0.2),
    ],
)
def test_a_break_lasts_its_time_or_its_strength(tag, seconds):
    assert parts(f"A{tag}B") == (Span("A"), Break(seconds), Span("B"))


def test_sentences_and_paragraphs_end_in_a_break():
    assert parts("<p><s>One.</s></p>") == (Span("One."), Break(0.5), Break(1.0))


def test_say_as_and_prosody_are_the_manner_of_their_span_and_nest():
    assert parts('<prosody rate="slow" pitch="low">A<say-as interpret-as="digits">12</say-as></prosody>B') == (
        Span("A", Manner(rate="slow", pitch="low")),
        Span("12", Manner(rate="slow", pitch="low", interpret_as="digits")),
        Span("B"),
    )


def test_language_emphasis_and_phonemes_are_kept():
    assert parts('<lang xml:lang="de-DE">eins</lang>') == (Span("eins", Manner(language="de-DE")),)
    assert parts('<emphasis level="strong">now</emphasis>') == (Span("now", Manner(emphasis="strong")),)
    assert parts('<phoneme alphabet="ipa" ph="tə">to</phoneme>') == (Span("to", Manner(phonemes="tə")),)


def test_sub_is_spoken_as_its_alias():
    assert parts('<sub alias="confirmation ID">CID</sub>') == (Span("confirmation ID"),)


def test_an_unknown_tag_is_warned_of_and_its_words_are_spoken():
    say, codes = read("<Say>a <b>bold</b> word</Say>")
    assert (str(say.speech), codes) == ("a bold word", [12200])


@given(st.lists(st.sampled_from(["one", "two.", "<break/>", "<s>three</s>", '<prosody rate="slow">four</prosody>', " "])))
def test_the_words_alone_are_the_document_without_its_tags(pieces):
    words = {"<break/>": " ", "<s>three</s>": "three ", '<prosody rate="slow">four</prosody>': "four"}
    expected = " ".join("".join(words.get(piece, piece) for piece in pieces).split())
    assert str(read(f"<Say>{''.join(pieces)}</Say>")[0].speech) == expected


# Pause


def test_a_pause_lasts_one_second_by_default_and_its_length_otherwise(play):
    assert play("<Say>a</Say><Pause/><Say>b</Say><Pause length='4'/><Say>c</Say>").phone.said == [
        (0.0, "a"),
        (3.0, "b"),
        (9.0, "c"),
    ]


@pytest.mark.parametrize("length", ["0", "-1", "long"])
def test_a_bad_length_is_warned_of_and_one_second_applies(play, warned, length):
    assert play(f'<Pause length="{length}"/><Say>b</Say>').phone.said == [(1.0, "b")]
    assert warned() == [13910]


def test_a_pause_as_the_first_verb_delays_the_answer(play):
    assert play("<Pause length='3'/><Say>hello</Say>").phone.events[0] == (3.0, "answer")


def test_hanging_up_during_a_pause_ends_the_call(play):
    call = play("<Say>a</Say><Pause length='30'/>", hang_up_at=9)
    assert (call.ending, call.ended_at) == ("hung-up-by-caller", 9.0)
