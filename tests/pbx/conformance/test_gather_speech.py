"""What Gather tells of speech: https://www.twilio.com/docs/voice/twiml/gather."""

import json
from dataclasses import replace

import pytest

from ivr import alternatives
from pbx.document import parse_twiml
from pbx.leg import Key, Utterance
from pbx.request import Method
from pbx.vocabulary import CALL_VERBS

GATHER = "<Gather input='dtmf speech' action='/heard'/>"
SPOKEN = Utterance("one two three", 0.9, (("one two three", 0.0), ("one two tree", -1.25)))


def gather_in(attributes):
    document = parse_twiml(f"<Response><Gather {attributes}/></Response>".encode(), "http://centre.test/voice", CALL_VERBS)
    return document.verbs[0], [notice.code.value for notice in document.notices]


def heard(play, utterance):
    return play({"/voice": GATHER, "/heard": "<Hangup/>"}, {1.0: utterance}).request("/heard").form


def test_the_ways_it_may_have_been_said_come_in_a_parameter_of_our_own(play):
    assert json.loads(heard(play, SPOKEN)["Alternatives"]) == [
        {"text": "one two three", "score": 0.0},
        {"text": "one two tree", "score": -1.25},
    ]


def test_the_line_reads_the_alternatives_as_the_exchange_writes_them(play):
    speech = alternatives.speech(heard(play, SPOKEN))
    assert [(each.text, each.score) for each in speech.alternatives] == [("one two three", 0.0), ("one two tree", -1.25)]


def test_without_alternatives_there_is_no_such_parameter(play):
    assert "Alternatives" not in heard(play, replace(SPOKEN, alternatives=()))


def test_confidence_is_a_number_from_0_to_1(play):
    assert float(heard(play, SPOKEN)["Confidence"]) == 0.9


def test_speech_comes_without_digits_and_digits_without_speech(play):
    spoken = heard(play, SPOKEN)
    keyed = play(
        {"/voice": "<Gather input='dtmf speech' numDigits='1' action='/heard'/>", "/heard": "<Hangup/>"}, {1.0: Key("5")}
    )
    assert "Digits" not in spoken
    assert not {"SpeechResult", "Confidence"} & keyed.request("/heard").form.keys()


class Guessing:
    """A phone whose recogniser guesses before it knows."""

    def __init__(self, stage):
        self._next_input = stage.phone.next_input
        stage.phone.next_input = self.next_input

    async def next_input(self, listening, within_seconds):
        for guess in ("one", "one two"):
            listening.on_partial(guess)
        return await self._next_input(listening, within_seconds)


def test_partial_results_are_told_while_the_caller_still_speaks(play):
    document = "<Pause/><Gather input='speech' action='/heard' partialResultCallback='/partial'/>"
    pages = {"/voice": document, "/heard": "<Hangup/>", "/partial": "<Say>never</Say>"}
    call = play(pages, {3.0: SPOKEN}, meanwhile={0.5: Guessing})
    told = [request for request in call.requests if request.path == "/partial"]
    assert [(each.form["SequenceNumber"], each.form["UnstableSpeechResult"]) for each in told] == [
        ("0", "one"),
        ("1", "one two"),
    ]
    assert (told[0].form["CallSid"], told[0].at, call.said) == ("CA" + "1" * 32, 1.0, [])


def test_the_callback_for_partial_results_is_posted_unless_it_is_to_be_got():
    posted, got = (gather_in(f"partialResultCallback='/p' {method}")[0] for method in ("", "partialResultCallbackMethod='GET'"))
    assert (posted.partial_results.method, got.partial_results.method) == (Method.POST, Method.GET)


@pytest.mark.parametrize(("attribute", "seconds"), [("", 60), ("maxSpeechTime='7'", 7)])
def test_speech_is_capped_at_60_seconds_or_less(attribute, seconds):
    assert gather_in(f"input='speech' {attribute}")[0].listening.speech.longest_seconds == seconds


@pytest.mark.parametrize("value", ["0", "61", "long"])
def test_a_bad_max_speech_time_is_13328(value):
    gather, codes = gather_in(f"input='speech' maxSpeechTime='{value}'")
    assert (gather.listening.speech.longest_seconds, codes) == (60, [13328])


@pytest.mark.parametrize(
    ("attributes", "language", "codes"),
    [
        ("language='de-DE'", "de-DE", []),
        ("language='multi' speechModel='deepgram_nova-3'", "multi", []),
        ("language='multi!'", "en-US", [13331]),
        ("language=''", "en-US", [13331]),
    ],
)
def test_a_bad_language_is_13331_and_american_english_applies(attributes, language, codes):
    gather, noted = gather_in(f"input='speech' {attributes}")
    assert (gather.listening.speech.language, noted) == (language, codes)


def test_hints_are_five_hundred_of_a_hundred_characters_at_most():
    many = ",".join(f"hint {index}" for index in range(501))
    gather, codes = gather_in(f"input='speech' hints='{many}'")
    assert (len(gather.listening.speech.hints), codes) == (500, [13330])
    gather, codes = gather_in(f"input='speech' hints='{'x' * 101},yes'")
    assert (gather.listening.speech.hints, codes) == (("yes",), [13330])


@pytest.mark.parametrize(
    "model",
    [
        "default",
        "numbers_and_commands",
        "phone_call",
        "experimental_conversations",
        "experimental_utterances",
        "googlev2_long",
        "googlev2_short",
        "googlev2_telephony",
        "googlev2_telephony_short",
        "deepgram_nova-2",
        "deepgram_nova-2-phonecall",
        "deepgram_nova-3",
    ],
)
def test_every_speech_model_of_the_page_is_known(model):
    assert gather_in(f"input='speech' speechModel='{model}' speechTimeout='2'")[1] == []


@pytest.mark.parametrize(
    ("attributes", "told"),
    [("", "what the f*** is this"), ("profanityFilter='true'", "what the f*** is this")]
    + [(other, "what the fuck is this") for other in ("profanityFilter='false'", "speechModel='numbers_and_commands'")],
)
def test_the_profanity_filter_keeps_the_first_letter(play, attributes, told):
    said = Utterance("what the fuck is this", 0.8, (("what the fuck is this", 0.0),))
    pages = {"/voice": f"<Gather input='speech' {attributes} action='/heard'/>", "/heard": "<Hangup/>"}
    form = play(pages, {1.0: said}).request("/heard").form
    assert (form["SpeechResult"], json.loads(form["Alternatives"])[0]["text"]) == (told, told)


def test_partial_results_are_filtered_too(play):
    class Swearing(Guessing):
        async def next_input(self, listening, within_seconds):
            listening.on_partial("Scheiße")
            return await self._next_input(listening, within_seconds)

    pages = {"/voice": "<Pause/><Gather input='speech' partialResultCallback='/partial'/>", "/partial": "<Hangup/>"}
    form = play(pages, {3.0: SPOKEN}, meanwhile={0.5: Swearing}).request("/partial").form
    assert (form["UnstableSpeechResult"], form["StableSpeechResult"], form["SequenceNumber"]) == ("S******", "", "0")


def test_a_language_that_nobody_hears_is_told_once_in_a_call(play):
    gather = "<Gather input='dtmf speech' language='{}' timeout='1'/>"
    call = play(
        f"{gather.format('is-IS')}\n{gather.format('is-IS')}{gather.format('ga-IE')}{gather.format('de-DE')}<Say>after</Say>"
    )
    assert [(alert.code, alert.line) for alert in reversed(list(call.stage.debugger))] == [(13331, 1), (13331, 2)]
    assert call.phone.said == [(4.0, "after")]


def test_keys_are_heard_in_any_language(play):
    pages = {"/voice": "<Gather input='dtmf speech' language='is-IS' numDigits='1' action='/heard'/>", "/heard": "<Hangup/>"}
    assert play(pages, {1.0: Key("5")}).request("/heard").form["Digits"] == "5"
