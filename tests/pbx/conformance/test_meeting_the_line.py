"""Render and parse meet: whatever the line writes, the exchange reads, and finds in it what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import twiml
from ivr.prompts import Ask, Connect, HangUp, Say, Spell, Tone, Transfer, say
from ivr.script import load_scripts
from pbx.document import parse_twiml
from pbx.verbs.dial import Dial
from pbx.verbs.enqueue import Enqueue
from pbx.verbs.gather import Gather
from pbx.verbs.hangup import Hangup
from pbx.verbs.leave import Leave
from pbx.verbs.play import Play
from pbx.verbs.redirect import Redirect
from pbx.verbs.say import Say as SayVerb
from pbx.vocabulary import CALL_VERBS, HOLD_VERBS, WAIT_VERBS

URL = "http://centre.test/voice"
ACTION = "/voice?turn=2"
SCRIPTS = load_scripts()


def plain_keys(script):
    """The sentences that need no values."""
    return sorted(key for key, sentence in script.sentences.items() if "{" not in sentence)


KEYS = {language: plain_keys(script) for language, script in SCRIPTS.items()}
languages = st.sampled_from(sorted(SCRIPTS))


def spoken(language):
    sentences = st.builds(Say, st.sampled_from(KEYS[language]))
    spelled = st.builds(Spell, st.text("0123456789ABC", min_size=1, max_size=8), st.floats(0.1, 3), st.sampled_from(["", "A"]))
    return st.one_of(sentences, spelled, st.just(Tone()))


def asked(language):
    return st.builds(
        Ask,
        st.lists(spoken(language), min_size=1, max_size=3).map(tuple),
        st.none() | st.integers(1, 60),
        st.integers(1, 30),
        st.sampled_from(["", "#", "*"]),
        st.sampled_from(sorted(SCRIPTS[language].words)),
        st.booleans(),
        st.booleans(),
    )


def parsed(document, vocabulary=CALL_VERBS):
    read = parse_twiml(document.encode(), URL, vocabulary)
    assert read.notices == ()
    return read.verbs


@given(st.data(), languages)
def test_whatever_the_line_writes_is_read_without_a_notice(data, language):
    ends = st.sampled_from([Transfer(), Connect(), HangUp()]) | asked(language)
    said = (*data.draw(st.lists(spoken(language), max_size=3)), data.draw(ends))
    parsed(twiml.render(said, SCRIPTS[language], "CA1", ACTION))


@given(st.data(), languages)
def test_a_question_is_read_as_it_was_meant(data, language):
    ask = data.draw(asked(language))
    gather, redirect = parsed(twiml.render((ask,), SCRIPTS[language], "CA1", ACTION))
    assert isinstance(gather, Gather)
    assert (gather.digit_limit, gather.timeout_seconds, gather.finish_key) == (ask.digits, ask.timeout_seconds, ask.finish_key)
    assert (gather.listening.speech is not None, len(gather.prompts)) == (ask.hears, len(ask.spoken))
    assert gather.action == redirect.url == "http://centre.test/voice?turn=2"
    if gather.listening.speech is not None:
        assert gather.listening.speech.language == SCRIPTS[language].locale


@given(st.data(), languages)
def test_a_sentence_is_read_with_its_words(data, language):
    key = data.draw(st.sampled_from(KEYS[language]))
    (verb,) = parsed(twiml.render((say(key),), SCRIPTS[language], "CA1", ACTION))
    assert isinstance(verb, SayVerb)
    assert str(verb.speech) == " ".join(SCRIPTS[language].sentence(key).split())
    assert (verb.speech.voice, verb.speech.language) == (SCRIPTS[language].voice, SCRIPTS[language].locale)


@given(st.data(), languages)
def test_sentences_played_as_sounds_are_read_too(data, language):
    document = twiml.render((data.draw(asked(language)),), SCRIPTS[language], "CA1", ACTION)
    gather, _ = parsed(twiml.played(document, lambda utterance: "/sound/1.wav"))
    assert isinstance(gather, Gather)


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_the_line_s_other_documents_are_read_too(language):
    script = SCRIPTS[language]
    assert [type(verb) for verb in parsed(twiml.render_apology(script, ACTION))] == [SayVerb, Gather, Redirect]
    assert [type(verb) for verb in parsed(twiml.render_goodbye(script))] == [SayVerb, Hangup]
    sentence = (say(KEYS[language][0]),)
    assert [type(verb) for verb in parsed(twiml.render_wait(script, sentence, leave=True), WAIT_VERBS)] == [SayVerb, Leave]
    assert [type(verb) for verb in parsed(twiml.render_wait(script, sentence, leave=False), WAIT_VERBS)] == [Gather]


def test_a_transfer_and_a_connection_are_read_as_what_they_are():
    script = SCRIPTS["en"]
    (enqueue,) = parsed(twiml.render((Transfer(),), script, "CA1", ACTION))
    assert isinstance(enqueue, Enqueue)
    assert (enqueue.queue_name, enqueue.wait.url) == (twiml.QUEUE, "http://centre.test/voice/wait")
    (dial,) = parsed(twiml.render((Connect(),), script, "CA1", ACTION))
    assert isinstance(dial, Dial)
    assert (dial.party.room, dial.party.seating.label, dial.party.seating.ends_on_exit) == ("CA1", twiml.CALLER, True)


def test_hold_music_may_be_a_play_in_a_document():
    assert [type(verb) for verb in parsed("<Response><Play>/voice/music</Play></Response>", HOLD_VERBS)] == [Play]
