"""Speech on a leg: our own voice says digits, the bundled recogniser hears them, and the line behaves as Twilio's does."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy
import pytest

from pbx.audio.frame import FRAME_BYTES, SILENCE
from pbx.audio.recogniser import FRAMES_AT_ONCE, ComfortNoise, Ears
from pbx.leg import Key, Listening, Recognition, Utterance
from pbx.speech import Manner, Span, Speech
from voices.faults import CannotHear
from voices.listening import Alternative, Result, Word
from voices.sound import Sound
from voices.tones import key_wav

DIGITS = "one two three four five six"
ENGLISH = Recognition("en-US", (), "default", False, 1)
SPEECH, BOTH = Listening(keys=False, speech=ENGLISH), Listening(keys=True, speech=ENGLISH)
MUSIC = b"\x90\x10" * (FRAME_BYTES // 2) * 2000


def noise(seconds: float) -> bytes:
    """A quiet line."""
    rng = numpy.random.default_rng(7)
    return Sound(rng.normal(0, 20, round(8000 * seconds)).astype(numpy.int16)).mulaw()


@pytest.fixture(scope="module")
def said(voices) -> bytes:
    """Six digits by our voice, with a quiet line before and after them."""
    pieces = [voices.sentence(word, "en").mulaw() + noise(0.25) for word in DIGITS.split()]
    return noise(0.3) + b"".join(pieces) + noise(2.5)


async def asked(desk, listening: Listening, sound: bytes, within_seconds: float | None = 3600) -> object:
    """What one question hears while the phone says that, as fast as the recogniser can."""
    desk.says(sound)
    return await desk.until(desk.leg.next_input(listening, within_seconds))


def test_digits_said_by_our_voice_come_back_with_confidence_and_alternatives(at_desk, said):
    utterance = at_desk(lambda desk: asked(desk, SPEECH, said))
    assert isinstance(utterance, Utterance)
    assert utterance.text == DIGITS
    assert 0.2 < utterance.confidence <= 1
    assert utterance.alternatives[0] == (DIGITS, 0.0)
    assert 2 <= len(utterance.alternatives) <= 40
    scores = [score for _, score in utterance.alternatives]
    assert scores == sorted(scores, reverse=True)


def test_guesses_come_while_the_caller_still_speaks_and_the_utterance_is_captioned(at_desk, said):
    guesses: list[str] = []

    async def act(desk):
        await asked(desk, Listening(False, ENGLISH, guesses.append), said)
        return desk.captions

    assert at_desk(act) == [("caller", DIGITS)]
    assert guesses[0].split()[0] == "one"
    assert len(guesses) > 3


def test_a_prompt_falls_silent_when_speech_is_detected_and_stays_so_until_it_is_heard_out(at_desk, said):
    async def act(desk):
        prompt = asyncio.create_task(desk.leg.emit(MUSIC))
        await asyncio.sleep(0)
        utterance = await asked(desk, BOTH, said, None)
        prompt.cancel()
        return utterance, desk.port.told

    utterance, told = at_desk(act)
    assert utterance.text == DIGITS
    silent_from = told.index(SILENCE)
    assert 15 < silent_from < 75, "the first word begins after 15 frames; a word later at the latest the prompt is silent"
    assert SILENCE * (len(told) - silent_from - 1) in b"".join(told[silent_from:])


def test_a_prompt_goes_on_over_speech_that_nobody_listens_for(at_desk, said):
    async def act(desk):
        prompt = asyncio.create_task(desk.leg.emit(MUSIC))
        await asyncio.sleep(0)
        desk.says(said)
        asking = asyncio.create_task(desk.leg.next_input(Listening(keys=True), None))
        await desk.beat(200)
        for task in (prompt, asking):
            task.cancel()
        return desk.port.told

    assert SILENCE not in at_desk(act)


def test_a_quiet_line_and_a_phone_that_sends_nothing_are_no_speech(at_desk):
    async def act(desk):
        desk.says(noise(2.0))
        asking = asyncio.create_task(desk.leg.next_input(SPEECH, 0.5))
        async with asyncio.timeout(20):
            while not asking.done():
                await desk.beat()
                await asyncio.sleep(0.002)
        return asking.result()

    assert at_desk(act) is None


def test_a_question_waits_for_speech_that_began_in_time(at_desk, said):
    """The time that was given is up long before the last word; it only had to begin."""

    async def act(desk):
        asking = asyncio.create_task(desk.leg.next_input(SPEECH, 2.0))
        desk.says(said)
        while not asking.done():
            await desk.beat()
            await asyncio.sleep(0.015)
        return asking.result()

    assert at_desk(act).text == DIGITS


def test_what_was_said_before_a_prompt_ended_counts_for_the_wait_after_it(at_desk, said):
    """A question first listens during its prompts, then after them: a sentence may begin in one and end in the other."""

    async def act(desk):
        desk.says(said)
        during = asyncio.create_task(desk.leg.next_input(BOTH, None))
        await asyncio.sleep(0)
        await desk.beat(100)
        during.cancel()
        await asyncio.wait([during])
        return await desk.until(desk.leg.next_input(BOTH, 3600))

    assert at_desk(act).text == DIGITS


@pytest.mark.parametrize("keys", ["2", "147", "0#5", "9999"])
def test_the_tones_of_keys_are_no_speech(at_desk, keys):
    """They come in the sound of many phones, whether or not a telephone-event comes beside them."""
    tones = b"".join(Sound.of_wav(key_wav(key)).mulaw() for key in keys)
    told: list[str] = []

    async def act(desk):
        desk.says(noise(0.5) + tones + noise(1.7))
        asking = asyncio.create_task(desk.leg.next_input(Listening(False, ENGLISH, told.append), 1.0))
        while not asking.done():
            await desk.beat()
            await asyncio.sleep(0.005)
        return asking.result()

    assert (at_desk(act), told) == (None, [])


def test_digits_said_between_keys_are_heard(at_desk, said):
    tones = Sound.of_wav(key_wav("5")).mulaw()
    assert at_desk(lambda desk: asked(desk, SPEECH, tones + said)).text == DIGITS


def test_what_was_said_until_then_is_the_result_when_speech_lasts_too_long(at_desk, said):
    brief = Listening(False, replace(ENGLISH, longest_seconds=2))
    utterance = at_desk(lambda desk: asked(desk, brief, said))
    assert DIGITS.startswith(utterance.text.rsplit(" ", 1)[0])
    assert 1 <= len(utterance.text.split()) < 6


def test_a_new_question_begins_with_nothing_said(at_desk, said):
    async def act(desk):
        first = asyncio.create_task(desk.leg.next_input(SPEECH, None))
        desk.says(said[: 8000 * 2])
        await asyncio.sleep(0)
        await desk.beat(110)
        first.cancel()
        await asyncio.wait([first])
        desk.leg.flush_keys()
        return await asked(desk, SPEECH, said)

    assert at_desk(act).text == DIGITS


def test_the_same_leg_hears_one_question_after_the_other(at_desk, said):
    async def act(desk):
        heard = []
        for _ in range(2):
            desk.leg.flush_keys()
            heard.append((await asked(desk, SPEECH, said)).text)
            desk.port.to_say.clear()
        return heard

    assert at_desk(act) == [DIGITS, DIGITS]


def test_a_key_that_comes_first_wins(at_desk, said):
    async def act(desk):
        asking = asyncio.ensure_future(asked(desk, BOTH, noise(0.5) + said))
        await asyncio.sleep(0)
        desk.leg.press("3")
        return await asking

    assert at_desk(act) == Key("3")


def test_speech_that_comes_first_wins_over_a_key_pressed_meanwhile(at_desk, said):
    async def act(desk):
        asking = asyncio.ensure_future(asked(desk, Listening(True, ENGLISH, lambda guess: desk.leg.press("9")), said))
        return await asking

    assert at_desk(act).text == DIGITS


def test_a_language_that_nobody_hears_leaves_the_keys_and_says_so(at_desk, caplog):
    german = Listening(keys=True, speech=Recognition("de-DE", (), "default", False, 1))

    async def act(desk):
        desk.leg.press("8")
        first = await desk.leg.next_input(german, 1)
        second = await desk.leg.next_input(german, 0.05)
        return first, second

    with caplog.at_level(logging.WARNING):
        assert at_desk(act) == (Key("8"), None)
    assert "no recogniser hears de" in caplog.text


def test_what_the_narrator_spells_the_recogniser_hears_back(at_desk):
    """Nobody's recording, nobody's ear: the line's own read-back, recognised."""
    group = Speech((Span("3 0 7 1 9 5", Manner(interpret_as="characters")),), language="en-US")

    async def act(desk):
        spelled = await desk._narrator.speech(group)
        return await asked(desk, SPEECH, noise(0.3) + spelled + noise(2.5))

    assert at_desk(act).text in {"three zero seven one nine five", "three oh seven one nine five"}


# With a recogniser of ten lines


class Scripted:
    """Answers its n-th chunk with the n-th result, and remembers the threads and the sound."""

    def __init__(self, *results: Result | None) -> None:
        self._results = list(results)
        self.fed: list[bytes] = []
        self.threads: set[int] = set()
        self.vocabularies: list[object] = []

    def listen(self, vocabulary=None, digits=None):
        self.vocabularies.append(vocabulary)
        self.digits = digits
        return self

    def feed(self, pcm: bytes) -> Result | None:
        self.fed.append(pcm)
        self.threads.add(threading.get_ident())
        return self._results.pop(0) if self._results else None

    def finish(self) -> Result:
        return Result(True, ())


def with_ears(desk, listener) -> ThreadPoolExecutor:
    threads = ThreadPoolExecutor(1)
    desk.leg._attention._ears = Ears({"en": listener}, threads)
    return threads


def test_the_recogniser_runs_only_while_it_is_listened_for_and_never_on_the_loop(at_desk):
    listener = Scripted()

    async def act(desk):
        with with_ears(desk, listener):
            await desk.beat(5)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await desk.until(desk.leg.next_input(SPEECH, None))
            fed = len(listener.fed)
            await desk.beat(20)
            await desk.leg.next_input(Listening(keys=True), 0.01)
            await desk.beat(20)
        assert fed > 5
        assert len(listener.fed) <= fed + FRAMES_AT_ONCE

    at_desk(act)
    assert threading.get_ident() not in listener.threads


def test_the_recogniser_never_hears_exact_zeros(at_desk):
    listener = Scripted()

    async def act(desk):
        with with_ears(desk, listener):
            desk.says(SILENCE * 30)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await desk.until(desk.leg.next_input(SPEECH, None))

    at_desk(act)
    samples = numpy.frombuffer(b"".join(listener.fed), "<i2").astype(float)
    level = 10 * numpy.log10(numpy.square(samples / 32768).mean())
    assert level == pytest.approx(-60, abs=1)
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    assert (numpy.square(frames).sum(axis=1) > 0).all()
    assert len({frame.tobytes() for frame in frames}) == len(frames), "noise that repeats is a tone"


def test_noise_fills_only_what_is_exactly_silent():
    loud = b"\x00\x80" * (FRAME_BYTES // 2)
    assert ComfortNoise().instead_of_silence(loud) == Sound.of_mulaw(loud).pcm()


NOTHING, EIGHT = Result(False, (Alternative(""),)), Result(False, (Alternative("eight"),))
UNKNOWN = Result(False, (Alternative("[unk]"),))
FINAL_EIGHT = Result(True, (Alternative("eight", 0.0, (Word("eight", 0.0, 0.02, 1.0),)),))
FINAL_NOTHING = Result(True, ())


def heard_of(at_desk, listener, listening=BOTH, *, keys="", within_seconds=1.0, music=False):
    """The answer of a question to that recogniser, and what its phone was told."""

    async def act(desk):
        with with_ears(desk, listener):
            prompt = asyncio.create_task(desk.leg.emit(MUSIC)) if music else None
            asking = asyncio.ensure_future(desk.until(desk.leg.next_input(listening, within_seconds)))
            while keys and len(listener.fed) < 4:
                await asyncio.sleep(0.002)
            for key in keys:
                desk.leg.press(key)
            answer = await asking
            if prompt:
                await desk.beat(3)
                prompt.cancel()
            return answer, desk.port.told

    return at_desk(act)


def test_a_noise_the_recogniser_knows_no_word_for_neither_interrupts_nor_answers(at_desk):
    noise_of_unknown_words = Scripted(UNKNOWN, None, Result(True, (Alternative("[unk]"),)))
    answer, told = heard_of(at_desk, noise_of_unknown_words, within_seconds=0.3, music=True)
    assert answer is None
    assert SILENCE not in told


def test_speech_that_comes_to_nothing_lets_the_prompt_go_on_and_a_key_count(at_desk):
    answer, told = heard_of(at_desk, Scripted(EIGHT, *[None] * 20, FINAL_NOTHING), keys="6", within_seconds=5, music=True)
    assert answer == Key("6")
    assert SILENCE in told
    assert told[-1] != SILENCE


def test_words_the_recogniser_does_not_know_are_dots_in_captions_and_told_as_they_are(at_desk):
    listener = Scripted(Result(True, (Alternative("one [unk] two", 0.0, (Word("two", 0.0, 0.02, 1.0),)),)))

    async def act(desk):
        with with_ears(desk, listener):
            answer = await desk.until(desk.leg.next_input(SPEECH, 5))
        return answer.text, desk.captions

    assert at_desk(act) == ("one [unk] two", [("caller", "one … two")])


def test_hints_are_the_vocabulary_unless_they_name_classes_of_words(at_desk):
    def vocabulary_of(*hints: str) -> object:
        listener = Scripted(FINAL_EIGHT)
        heard_of(at_desk, listener, Listening(False, Recognition("en-GB", hints, "default", False, None)))
        return listener.vocabularies[0]

    assert vocabulary_of("next", "please repeat", "Repeat that") == ("next", "please", "repeat", "that")
    assert vocabulary_of("next", "$OOV_CLASS_DIGIT_SEQUENCE") is None
    assert vocabulary_of() is None


def test_the_recogniser_is_told_how_many_digits_are_asked_for_and_all_of_them_end_the_question(at_desk):
    six = Result(True, (Alternative("one two three four five six"),))
    listener = Scripted(six)
    asked_for = Recognition("en-US", (), "default", False, speech_timeout_seconds=60, digits=6)
    heard, _ = heard_of(at_desk, listener, Listening(False, asked_for))
    assert heard.text == six.text
    assert listener.digits == 6


def test_a_recogniser_that_breaks_while_somebody_speaks_does_not_silence_the_line_for_good(at_desk):
    class Breaking(Scripted):
        def feed(self, pcm: bytes) -> Result | None:
            if len(self.fed) == 4:
                raise MemoryError
            return super().feed(pcm)

    async def act(desk):
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        with with_ears(desk, Breaking(EIGHT)):
            prompt = asyncio.create_task(desk.leg.emit(MUSIC))
            asking = asyncio.create_task(desk.until(desk.leg.next_input(BOTH, 0.5)))
            answer = await asking
            prompt.cancel()
            return answer, desk.port.told

    answer, told = at_desk(act)
    assert answer is None
    assert SILENCE in told
    assert told[-1] != SILENCE


def test_a_recogniser_that_cannot_listen_leaves_the_keys(at_desk, caplog):
    class Deaf(Scripted):
        def listen(self, vocabulary=None, digits=None):
            raise CannotHear("There is no model.")

    async def act(desk):
        with with_ears(desk, Deaf()):
            asking = asyncio.create_task(desk.leg.next_input(BOTH, 5))
            await asyncio.sleep(0.05)
            desk.leg.press("2")
            return await asking

    assert at_desk(act) == Key("2")
    assert "There is no model." in caplog.text
