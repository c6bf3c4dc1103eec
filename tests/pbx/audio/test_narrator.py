"""What the exchange says, measured: with the real engine, in English and German."""

import asyncio
import logging

import aiohttp
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.audio.delivery import Piece, pieces_of
from pbx.audio.frame import frames_of
from pbx.audio.inband import InbandDetector
from pbx.audio.narrator import Narrator
from pbx.audio.rendering import SPELLING_PACE_SECONDS, at_tempo, rendered
from pbx.speech import Break, Manner, Span, Speech
from voices.faults import CannotSpeak
from voices.music import LOOP_SECONDS
from voices.sound import RATE_HZ, TARGET_LEVEL, Sound

SENTENCE = "Please enter the first group of six digits."


@pytest.fixture(scope="module")
def narrated(voices, threads):
    """Run a coroutine function with a narrator."""

    def run(act):
        async def main():
            async with aiohttp.ClientSession() as session:
                return await act(Narrator(voices, threads, session))

        return asyncio.run(main())

    return run


def say(voices, *parts, language="en-US") -> Sound:
    return rendered(pieces_of(Speech(tuple(parts), language=language)), voices)


def test_a_sentence_is_as_loud_as_everything_else_on_the_line(narrated):
    sound = Sound.of_mulaw(narrated(lambda narrator: narrator.speech(Speech((Span(SENTENCE),)))))
    assert sound.level == pytest.approx(TARGET_LEVEL, abs=1.0)
    assert 2 < sound.seconds < 5


def test_what_was_said_once_is_at_hand_without_a_thread(narrated):
    async def act(narrator):
        first = await narrator.speech(Speech((Span(SENTENCE),)))
        narrator._made = None
        return first == await narrator.speech(Speech((Span(SENTENCE),)))

    assert narrated(act)


def test_each_language_has_its_own_voice(voices):
    english, german = (say(voices, Span("Sechs Ziffern."), language=language) for language in ("en-US", "de-DE"))
    assert english.pcm() != german.pcm()
    assert german.pcm() == voices.sentence("Sechs Ziffern.", "de").pcm()


def test_a_language_without_a_voice_is_said_in_english_and_logged(voices, caplog):
    with caplog.at_level(logging.WARNING):
        said = say(voices, Span("Hello."), language="xx-XX")
    assert said.pcm() == voices.sentence("Hello.", "en").pcm()
    assert "cannot be said in xx-XX" in caplog.text


def test_without_any_voice_the_call_goes_on_in_silence(caplog):
    class Mute:
        def sentence(self, text, language):
            raise CannotSpeak("There is no engine.")

    assert rendered((Piece("Hello.", "en-US"), Break(0.5)), Mute()).seconds == 0.5
    assert "There is no engine." in caplog.text


def test_characters_are_single_recordings_at_a_steady_pace_with_no_pause_behind_the_last(voices):
    said = say(voices, Span("471", Manner(interpret_as="digits")))
    last = voices.character("1", "en")
    begins = round(2 * SPELLING_PACE_SECONDS * RATE_HZ)
    assert said.seconds == pytest.approx(2 * SPELLING_PACE_SECONDS + last.seconds, abs=0.001)
    assert (said.samples[begins:] == last.samples).all()


def test_the_pace_of_a_read_back_is_that_of_its_breaks(voices):
    digit = Span("7", Manner(interpret_as="characters"))
    said = say(voices, digit, Break(0.4), digit)
    seven = voices.character("7", "en")
    assert said.seconds == pytest.approx(2 * seven.seconds + 0.4, abs=0.001)


def test_a_rate_changes_the_length_and_not_the_pitch(voices):
    plain = say(voices, Span(SENTENCE))
    for rate, tempo in (("75%", 0.75), ("150%", 1.5)):
        changed = say(voices, Span(SENTENCE, Manner(rate=rate)))
        assert changed.seconds == pytest.approx(plain.seconds / tempo, rel=0.01)
        assert changed.level == pytest.approx(plain.level, abs=1.5)
        assert _pitch_hz(changed) == pytest.approx(_pitch_hz(plain), rel=0.06)


def _pitch_hz(sound: Sound) -> float:
    """The commonest pitch: the best lag from 2.5 to 16 ms of what correlates with itself."""
    frames = sound.samples[: len(sound.samples) // 400 * 400].reshape(-1, 400).astype(float)
    lags = [int(numpy.argmax(numpy.correlate(each, each, "full")[419:528])) + 20 for each in frames if each.std() > 500]
    return 8000 / float(numpy.median(lags))


@given(st.floats(0.2, 2.0), st.integers(0, 20_000))
def test_any_length_at_any_tempo_is_as_long_as_it_should_be_and_no_louder_than_its_loudest(tempo, length):
    samples = numpy.random.default_rng(length).normal(0, 3000, length).astype(numpy.int16)
    changed = at_tempo(Sound(samples), tempo)
    assert len(changed.samples) == (length if length < 480 else round(length / tempo))
    assert changed.peak <= Sound(samples).peak * 1.01


@pytest.mark.parametrize(("volume", "decibels"), [("soft", -6), ("-3dB", -3)])
def test_a_volume_changes_the_level_by_so_many_decibels(voices, volume, decibels):
    assert say(voices, Span(SENTENCE, Manner(volume=volume))).level == pytest.approx(
        say(voices, Span(SENTENCE)).level + decibels, abs=0.1
    )


def test_silent_words_take_their_time(voices):
    silent = say(voices, Span(SENTENCE, Manner(volume="silent")))
    assert (silent.peak, silent.seconds) == (0, say(voices, Span(SENTENCE)).seconds)


def test_music_is_one_loop_and_the_same_for_everybody(narrated):
    async def act(narrator):
        return await narrator.music(), await narrator.music()

    first, second = narrated(act)
    assert first is second
    assert len(first) == LOOP_SECONDS * 8000


def test_keys_take_a_quarter_of_a_second_and_pauses_last_as_twilio_says(narrated):
    async def act(narrator):
        return {keys: len(narrator.tones(keys)) / 8000 for keys in ("1", "12", "w", "W", "1wW#", "")}

    assert narrated(act) == {"1": 0.24, "12": 0.48, "w": 0.5, "W": 1.0, "1wW#": 1.98, "": 0.0}


def test_the_exchange_itself_hears_the_keys_it_sounds(narrated):
    pressed: list[str] = []
    leg = object()

    async def act(narrator):
        detector = InbandDetector(lambda whose, key: pressed.append(key))
        detector.watch(leg)
        for frame in frames_of(narrator.tones("0123456789*#ABCD1w1")):
            detector.hear({leg: frame})

    narrated(act)
    assert "".join(pressed) == "0123456789*#ABCD11"


def test_a_beep_lasts_half_a_second_and_a_ring_back_has_its_pause(narrated):
    async def act(narrator):
        return len(narrator.beep()), await narrator.ring_back("de"), await narrator.ring_back("")

    beep, german, american = narrated(act)
    assert (beep, len(german), len(american)) == (4000, 5 * 8000, 6 * 8000)
    assert Sound.of_mulaw(german[8000:]).peak == 0


def test_an_expletive_is_not_said_but_bleeped(narrated):
    async def act(narrator):
        return await narrator.speech(Speech((Span("blot", Manner("expletive")),), language="en-US")), narrator.beep()

    said, beep = narrated(act)
    assert said == beep
