"""The real engine, and its real sound: level, silence, length, language and rate."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy
import pytest

from voices.faults import CannotSpeak
from voices.pyttsx3_speaker import MOST_CHARACTERS, Pyttsx3Speaker
from voices.sound import FULL_SCALE, RATE_HZ, TARGET_LEVEL

LOCALES = {"en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}
SENTENCES = {
    "en": ("Group 3.", "Thank you. We go on where we stopped.", "To activate a computer, press 1. For a person, 0."),
    "de": (
        "Gruppe 3.",
        "Vielen Dank. Für einen Mitarbeiter drücken Sie die 0.",
        "Geben Sie Gruppe 1 ein, oder sprechen Sie sie.",
    ),
    "fr": ("Groupe 3.", "Merci. Pour parler à quelqu'un, tapez 0.", "Ce n'est pas un numéro d'installation."),
    "es": ("Grupo 3.", "Gracias. Para hablar con una persona, pulse 0.", "Cinco, seis, siete."),
}
EVERYTHING = [(language, text) for language, texts in SENTENCES.items() for text in (*texts, *"0123456789ABCDEFGHWYZ")]


@pytest.fixture(scope="module")
def speaker() -> Pyttsx3Speaker:
    return Pyttsx3Speaker(LOCALES, 160)


def spectrum(samples: numpy.ndarray) -> numpy.ndarray:
    """The shape of a sound's spectrum, whatever its length and loudness."""
    power = numpy.abs(numpy.fft.rfft(samples, 16384)) ** 2
    bands = power[:8192].reshape(64, -1).sum(axis=1)
    return bands / bands.sum()


def test_everything_is_equally_loud_unclipped_and_without_silence_around_it(speaker):
    sounds = {said: speaker.speak(said[1], said[0]) for said in EVERYTHING}
    levels = [sound.level for sound in sounds.values()]
    assert max(levels) - min(levels) < 0.2
    assert levels[0] == pytest.approx(TARGET_LEVEL, abs=0.1)
    assert max(sound.peak for sound in sounds.values()) < 0.9 * FULL_SCALE
    for said, sound in sounds.items():
        loud = numpy.flatnonzero(numpy.abs(sound.samples.astype(int)) > 0.01 * FULL_SCALE)
        assert loud[0] / RATE_HZ < 0.1, said
        assert (len(sound.samples) - loud[-1]) / RATE_HZ < 0.2, said


def test_a_sentence_lasts_as_long_as_a_person_takes_for_it(speaker):
    assert 0.2 < speaker.speak("7", "en").seconds < 1.0
    assert 2.0 < speaker.speak(SENTENCES["en"][2], "en").seconds < 6.0


def test_the_same_digit_is_another_word_in_each_language(speaker):
    shapes = {language: spectrum(speaker.speak("8", language).samples) for language in LOCALES}
    again = spectrum(speaker.speak("8", "en").samples)
    others = [shapes[language] for language in ("de", "fr", "es")]
    assert min(abs(shapes["en"] - other).sum() for other in others) > 3 * abs(shapes["en"] - again).sum()


def test_letters_are_said_by_their_names(speaker):
    seconds = {(language, letter): speaker.speak(letter, language).seconds for language in ("en", "de") for letter in "BWY"}
    assert seconds["en", "W"] > 1.2 * seconds["en", "Y"], "double-u, why"
    assert seconds["de", "Y"] > 1.2 * seconds["de", "W"], "ypsilon, we"


def test_the_rate_is_the_one_set(speaker):
    slow, fast = Pyttsx3Speaker(LOCALES, 100), Pyttsx3Speaker(LOCALES, 240)
    text = SENTENCES["en"][2]
    for _ in range(10):
        assert slow.speak(text, "en").seconds > 1.6 * fast.speak(text, "en").seconds
    assert slow.fingerprint("en") != fast.fingerprint("en")


@pytest.mark.parametrize(
    ("setting", "name"), [("en-US", "en-us"), ("en-GB", "en"), ("de-DE", "de"), ("fr-FR", "fr"), ("es-MX", "es"), ("en-gb-x-rp", "en-gb-x-rp"), ("de+f3", "de+f3")]
)  # fmt: skip
def test_a_voice_is_found_by_its_name_or_by_its_locale(setting, name):
    if sys.platform != "linux":
        pytest.skip("other platforms have other voices")
    speaker = Pyttsx3Speaker({"xx": setting}, 160)
    assert speaker.voice_of("xx").name == name
    assert speaker.speak("Test", "xx").seconds > 0.2


def test_a_variant_sounds_another_way():
    man, woman = Pyttsx3Speaker({"de": "de"}, 160), Pyttsx3Speaker({"de": "de+f3"}, 160)
    text = SENTENCES["de"][1]
    assert abs(spectrum(man.speak(text, "de").samples) - spectrum(woman.speak(text, "de").samples)).sum() > 0.1


def test_a_language_nobody_speaks_is_told_in_a_sentence(speaker):
    with pytest.raises(CannotSpeak, match="No voice of this machine speaks 'zz'"):
        speaker.speak("Hello", "zz")
    assert speaker.speak("Hello", "en").seconds > 0.2, "and the next sentence is spoken"


@pytest.mark.parametrize("text", ["", "  ", "...", "\0"])
def test_nothing_to_speak_is_told_in_a_sentence(speaker, text):
    with pytest.raises(CannotSpeak, match="nothing to speak"):
        speaker.speak(text, "en")


def test_too_much_to_speak_is_told_in_a_sentence(speaker):
    with pytest.raises(CannotSpeak, match="too long"):
        speaker.speak("a" * (MOST_CHARACTERS + 1), "en")


def test_markup_and_control_characters_are_words_like_others(speaker):
    assert speaker.speak("one\0two", "en").seconds > 1.3 * speaker.speak("one", "en").seconds
    assert speaker.speak("<break time='5s'/> one", "en").seconds > speaker.speak("one", "en").seconds


def test_many_threads_are_each_given_their_own_sentence(speaker):
    texts = [" ".join(["seven"] * count) for count in range(1, 9)]
    spoken: dict[str, float] = {}
    threads = [
        threading.Thread(target=lambda text=text: spoken.update({text: speaker.speak(text, "en").seconds})) for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(spoken, key=spoken.__getitem__) == texts


def test_no_sentence_is_lost_among_a_hundred(speaker):
    assert all(speaker.speak(f"Sentence {number}.", "en").seconds > 0.5 for number in range(100))


def test_without_room_for_a_file_a_sentence_is_told_and_the_next_is_spoken(speaker, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "swept away"))
    with pytest.raises(CannotSpeak, match="swept away"):
        speaker.speak("Hello", "en")
    monkeypatch.undo()
    assert speaker.speak("Hello", "en").seconds > 0.2


def test_nothing_is_printed():
    speak = "from voices.pyttsx3_speaker import Pyttsx3Speaker as P; P({'en': 'en-US'}, 160).speak('Hello', 'en'); print('end')"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", speak], capture_output=True, text=True, cwd=root, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("end\n", "")


def test_without_an_engine_there_is_a_sentence():
    speak = """
import sys
sys.modules["pyttsx3"] = None
from voices.faults import CannotSpeak
from voices.pyttsx3_speaker import Pyttsx3Speaker
try:
    Pyttsx3Speaker({"en": "en-US"}, 160).speak("Hello", "en")
except CannotSpeak as fault:
    print(fault)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", speak], capture_output=True, text=True, cwd=root, timeout=60, check=True)
    assert done.stdout.startswith("There is no speech engine on this machine")
