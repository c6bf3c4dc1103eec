"""What the model that comes with the line hears: our own speaker's digits and commands, and nothing where nothing was said."""

import random
from collections.abc import Sequence

import numpy
import pytest

from voices.listening import CHUNK_BYTES, UNKNOWN, Hearing
from voices.pyttsx3_speaker import Pyttsx3Speaker
from voices.sound import RATE_HZ, Sound, joined, silence
from voices.vosk_listener import VoskListener
from voices.vosk_models import BUNDLED

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
COMMANDS = ("yes", "no", "next", "repeat", "back", "agent", "help", "slower", "wait")


@pytest.fixture(scope="module")
def listener() -> VoskListener:
    return VoskListener(BUNDLED["en"])


@pytest.fixture(scope="module")
def spoken() -> dict[str, Sound]:
    """Each word by itself, in the voice of the line."""
    speaker = Pyttsx3Speaker({}, words_per_minute=160)
    return {word: speaker.speak(word, "en-US") for word in (*WORDS, *COMMANDS)}


def understood(listener: VoskListener, sound: Sound, digits: int | None = None) -> str:
    """The first guesses at all that was said, between breaths of silence, after so many digits had been asked for."""
    hearing = listener.listen(digits=digits)
    pcm = joined([silence(0.4), sound, silence(1.2)]).pcm()
    results = [hearing.feed(pcm[at : at + CHUNK_BYTES]) for at in range(0, len(pcm), CHUNK_BYTES)]
    finals = [result for result in (*results, hearing.finish()) if result and result.is_final]
    return " ".join(result.alternatives[0].text for result in finals if result.alternatives)


@pytest.mark.parametrize("word", WORDS)
def test_every_digit_of_our_own_voice_is_understood(listener: VoskListener, spoken: dict[str, Sound], word: str) -> None:
    assert understood(listener, spoken[word]) == word


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_of_our_own_voice_is_understood(listener: VoskListener, spoken: dict[str, Sound], word: str) -> None:
    assert understood(listener, spoken[word]) == word


def at_the_pace_of_a_caller(spoken: dict[str, Sound], said: Sequence[str]) -> Sound:
    return joined([part for word in said for part in (spoken[word], silence(0.15))])


def test_groups_of_six_are_understood_at_the_pace_of_a_caller(listener: VoskListener, spoken: dict[str, Sound]) -> None:
    rng = random.Random(6)
    groups = [[rng.choice(WORDS) for _ in range(6)] for _ in range(10)]
    heard = [understood(listener, at_the_pace_of_a_caller(spoken, said), digits=6) for said in groups]
    assert heard == [" ".join(said) for said in groups]


def seconds_to_the_result(hearing: Hearing, sound: Sound, noise_level: float) -> float:
    """From the end of the sound to the first final result; the noise goes on."""
    rng = numpy.random.default_rng(1)
    samples = numpy.pad(joined([silence(0.4), sound]).samples.astype(float), (0, 4 * RATE_HZ))
    pcm = Sound((samples + rng.normal(0, noise_level, samples.size)).astype(numpy.int16)).pcm()
    chunks = (pcm[at : at + CHUNK_BYTES] for at in range(0, len(pcm), CHUNK_BYTES))
    ended = next(at for at, chunk in enumerate(chunks) if (result := hearing.feed(chunk)) and result.is_final)
    return (ended + 1) * 0.02 - 0.4 - sound.seconds


@pytest.mark.parametrize(("noise_level", "seconds"), [(3.0, 0.4), (100.0, 0.7)])
def test_a_group_is_over_soon_after_its_last_digit_and_sooner_where_quiet_can_be_told(
    listener: VoskListener, spoken: dict[str, Sound], noise_level: float, seconds: float
) -> None:
    group = at_the_pace_of_a_caller(spoken, ["four", "nine", "two", "seven", "five", "three"])
    assert -0.2 < seconds_to_the_result(listener.listen(digits=6), group, noise_level) < seconds


def test_who_pauses_inside_a_group_is_waited_for_longer_than_who_was_asked_for_a_word(
    listener: VoskListener, spoken: dict[str, Sound]
) -> None:
    half = at_the_pace_of_a_caller(spoken, ["four", "nine", "two"])
    assert seconds_to_the_result(listener.listen(), half, 3.0) < 0.9
    assert 1.2 < seconds_to_the_result(listener.listen(digits=6), half, 3.0) < 2.0


def test_a_sentence_without_digits_is_no_digits(listener: VoskListener) -> None:
    sentence = Pyttsx3Speaker({}, words_per_minute=160).speak("Please tell me where I can find the number", "en-US")
    assert UNKNOWN in understood(listener, sentence)


@pytest.mark.parametrize("level", [3, 30, 300, 1500])
def test_noise_by_itself_is_nothing(listener: VoskListener, level: int) -> None:
    noise = numpy.random.default_rng(level).normal(0, level, 4 * RATE_HZ)
    assert understood(listener, Sound(noise.astype(numpy.int16))) == ""
