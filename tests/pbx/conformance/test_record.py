"""Record: https://www.twilio.com/docs/voice/twiml/record."""

import wave
from io import BytesIO

import pytest

from pbx.leg import Key, Utterance
from voices.sound import Sound


def record(attributes="", **pages):
    documents = {f"/{path}": page for path, page in pages.items()}
    return {"/voice": f"<Record action='/done' {attributes}/><Say>never</Say>", "/done": "<Say>thanks</Say>", **documents}


def told(call):
    return call.request("/done").form


def test_five_seconds_of_silence_end_a_recording(play):
    call = play(record())
    assert (call.request("/done").at, call.said) == (5.0, ["thanks"])


def test_the_timeout_is_of_silence_and_speech_starts_it_again(play):
    assert play(record(), {3.0: Utterance("hello", 1.0)}).request("/done").at == 8.0


def test_a_timeout_of_0_never_ends_it(play):
    assert play(record('timeout="0" maxLength="60"')).request("/done").at == 60.0


def test_the_action_is_told_where_the_recording_is_and_how_long(play):
    call = play(record('maxLength="3"'))
    (kept,) = call.stage.shelf
    form = told(call)
    assert (form["RecordingUrl"], form["RecordingSid"], form["RecordingDuration"]) == (kept.url, kept.sid, "3")
    assert kept.url == f"http://exchange.test/2010-04-01/Accounts/{'AC' + '2' * 32}/Recordings/{kept.sid}"


@pytest.mark.parametrize("key", "1234567890*#")
def test_any_key_ends_it_and_the_action_is_told_which(play, key):
    call = play(record(), {2.0: Key(key)})
    assert (call.request("/done").at, told(call)["Digits"]) == (2.0, key)


def test_finish_on_key_may_hold_several_keys_and_others_do_not_end_it(play):
    call = play(record('finishOnKey="#9"'), {2.0: Key("1"), 3.0: Key("9")})
    assert (call.request("/done").at, told(call)["Digits"]) == (3.0, "9")


def test_without_a_key_there_are_no_digits(play):
    assert "Digits" not in told(play(record()))


def test_a_caller_who_hangs_up_ends_it_with_the_word_hangup(play):
    call = play(record(), {2.0: Utterance("hello", 1.0)}, hang_up_at=4)
    assert (told(call)["Digits"], told(call)["CallStatus"], told(call)["RecordingDuration"]) == ("hangup", "completed", "4")
    assert (call.said, call.ending) == ([], "hung-up-by-caller")


def test_without_an_action_the_document_itself_is_requested_again(play):
    call = play({"/voice": ["<Record maxLength='2'/>", "<Hangup/>"]})
    assert (call.paths, call.requests[1].form["RecordingDuration"]) == (["/voice", "/voice"], "2")


def test_the_longest_recording_is_an_hour(play):
    heard = {float(second): Utterance("still here", 1.0) for second in range(1, 3700, 4)}
    assert play(record(), heard, hang_up_at=9999).request("/done").at == 3600.0


def test_silent_recordings_are_kept(play):
    assert len(list(play(record('maxLength="1"')).stage.shelf)) == 1


def test_the_recording_is_a_wav_file_of_16_bits(play):
    (kept,) = play(record('maxLength="1"')).stage.shelf
    with wave.open(BytesIO(kept.wav())) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, 8000, 2)
    assert Sound.of_wav(kept.wav()).mulaw() == kept.sound


def test_the_recording_callback_is_told_when_it_is_done(play):
    call = play(record('maxLength="1" recordingStatusCallback="/recorded"', recorded=""))
    form = call.request("/recorded").form
    assert (form["RecordingStatus"], form["RecordingSource"], form["RecordingChannels"]) == ("completed", "RecordVerb", "1")
    assert form["RecordingStartTime"] == "Thu, 01 Jan 2026 00:00:00 +0000"


def test_the_recording_callback_may_ask_for_the_beginning_too(play):
    events = 'recordingStatusCallbackEvent="in-progress completed" recordingStatusCallbackMethod="GET"'
    call = play(record(f'maxLength="1" recordingStatusCallback="/recorded" {events}', recorded=""))
    stages = [(each.method, each.form["RecordingStatus"]) for each in call.requests if each.path == "/recorded"]
    assert stages == [("GET", "in-progress"), ("GET", "completed")]


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ('method="PUT"', 13610),
        ('timeout="-1"', 13611),
        ('maxLength="0"', 13612),
        ('maxLength="3601"', 13612),
        ('finishOnKey="x"', 13613),
        ('transcribe="maybe"', 13614),
        ('playBeep="maybe"', 13616),
        ('transcribe="true"', 13619),
        ('transcribeCallback="/x"', 13619),
        ('recordingStatusCallbackEvent="shout"', 13621),
        ('recordingTrack="x"', 13622),
        ('trim="x"', 13699),
        ('unheard="of"', 12200),
    ],
)
def test_a_bad_attribute_is_a_warning_and_the_default_applies(play, warned, attribute, code):
    call = play(record(attribute))
    assert (warned(), call.request("/done").at) == ([code], 5.0)


def test_record_answers_the_call(play):
    assert play(record()).phone.events[:2] == [(0.0, "answer"), (0.0, "record")]


def test_the_beginning_is_told_with_the_sid_that_the_end_is_told_with(play):
    events = 'recordingStatusCallback="/told" recordingStatusCallbackEvent="in-progress completed absent"'
    call = play({"/voice": f'<Record {events} action="/done"/>', "/done": "<Hangup/>", "/told": ""})
    first, last = (request.form for request in call.requests if request.path == "/told")
    assert (first["RecordingStatus"], first["RecordingSource"]) == ("in-progress", "RecordVerb")
    assert first["RecordingSid"] == last["RecordingSid"] == call.request("/done").form["RecordingSid"]
    assert first["RecordingUrl"] == last["RecordingUrl"]
    assert "RecordingDuration" not in first
