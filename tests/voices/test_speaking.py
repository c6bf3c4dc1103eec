"""What is spoken comes from a recording, from what is kept, or from the engine once."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy
import pytest

from voices.cache import SoundCache
from voices.faults import CannotSpeak
from voices.sound import RATE_HZ, TARGET_LEVEL, Sound
from voices.speaking import Voices
from voices.studio import Studio


@dataclass
class Engine:
    """Speaks every text as a tone of a tenth of a second a character, and notes what it was asked."""

    rate: int = 160
    asked: list[tuple[str, str]] = field(default_factory=list)

    def speak(self, text: str, language: str) -> Sound:
        self.asked.append((text, language))
        if text == "unspeakable":
            raise CannotSpeak("No engine.")
        return Sound(numpy.resize(numpy.array([1000, 1000, -1000, -1000], numpy.int16), len(text) * 800))

    def fingerprint(self, language: str) -> str:
        return f"engine {language} {self.rate}"


@pytest.fixture
def engine() -> Engine:
    return Engine()


def voices_with(engine: Engine, home: Path) -> Voices:
    studio = Studio((home / "recordings",), {"de": {"entry.first": "Gruppe 1."}})
    return Voices(engine, SoundCache(home / "voices"), studio)


@pytest.fixture
def voices(engine: Engine, tmp_path: Path) -> Voices:
    return voices_with(engine, tmp_path)


def record(home: Path, name: str, hertz_period: int) -> None:
    path = home / "recordings" / "de" / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    half = numpy.full(hertz_period // 2, 3000, numpy.int16)
    path.write_bytes(Sound(numpy.resize(numpy.concatenate([half, -half]), 8000)).wav())


def test_a_sentence_is_synthesised_once_for_all_processes_and_starts(voices, engine, tmp_path):
    first = voices.sentence("Hallo", "de")
    assert voices.sentence("Hallo", "de-DE") is first
    assert voices_with(engine, tmp_path).sentence("Hallo", "de_AT").pcm() == first.pcm()
    assert engine.asked == [("Hallo", "de")]


def test_another_language_rate_or_text_is_another_sound(voices, engine):
    voices.sentence("Hallo", "de")
    voices.sentence("Hallo", "en")
    voices.sentence("Halle", "de")
    engine.rate = 200
    voices.sentence("Hallo", "de")
    assert len(engine.asked) == 4


def test_many_threads_that_want_one_sentence_have_it_made_once(voices, engine):
    threads = [threading.Thread(target=voices.sentence, args=("Hallo", "de")) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(engine.asked) == 1


def test_what_is_kept_is_heard_while_the_engine_is_busy_with_something_else(voices, engine, tmp_path, monkeypatch):
    voices.sentence("Hallo", "de")
    began, let_go, speak = threading.Event(), threading.Event(), engine.speak

    def slow(text: str, language: str) -> Sound:
        began.set()
        assert let_go.wait(30)
        return speak(text, language)

    monkeypatch.setattr(engine, "speak", slow)
    another_process = voices_with(engine, tmp_path)
    busy = threading.Thread(target=another_process.sentence, args=("Noch nie gesagt", "de"))
    busy.start()
    assert began.wait(30)
    heard = threading.Thread(target=another_process.sentence, args=("Hallo", "de"))
    heard.start()
    heard.join(10)
    is_waiting = heard.is_alive()
    let_go.set()
    busy.join()
    assert not is_waiting, "the sentence was on the disk"


@pytest.mark.parametrize("pace_seconds", [0.3, 0.7, 1.58])
def test_from_each_character_of_a_read_back_to_the_next_is_the_pace(voices, engine, pace_seconds):
    sound = voices.characters("120012", "de", pace_seconds)
    assert sound.seconds == pytest.approx(6 * pace_seconds, abs=0.001)
    begins = [round(number * pace_seconds * RATE_HZ) for number in range(6)]
    assert all(sound.samples[begin + 8] != 0 and not sound.samples[begin - 8 : begin].any() for begin in begins[1:])
    assert sorted(engine.asked) == [("0", "de"), ("1", "de"), ("2", "de")], "one recording each, joined"


def test_a_character_longer_than_the_pace_is_not_cut(voices):
    assert voices.character("7", "de", pace_seconds=0.01).seconds == pytest.approx(0.1)


def test_a_letter_is_the_same_in_either_case_and_a_dash_is_a_pause(voices, engine):
    voices.character("w", "de")
    voices.character("W", "de")
    assert engine.asked == [("W", "de")]
    pause = voices.character("-", "de", pace_seconds=0.7)
    assert (pause.seconds, pause.peak) == (0.7, 0)


def test_a_recording_takes_the_engines_place_at_once_and_as_loud(voices, engine, tmp_path):
    spoken = voices.sentence("Gruppe 1.", "de")
    record(tmp_path, "entry.first", 10)
    recorded = voices.sentence("Gruppe 1.", "de")
    assert recorded.seconds == pytest.approx(1.0)
    assert recorded.pcm() != spoken.pcm()
    assert recorded.level == pytest.approx(TARGET_LEVEL, abs=0.1)
    assert len(engine.asked) == 1


def test_a_recorded_digit_is_joined_into_a_read_back(voices, engine, tmp_path):
    record(tmp_path, "character.7", 10)
    assert voices.characters("7", "de", 1.5).seconds == pytest.approx(1.5)
    assert engine.asked == []


def test_a_recording_that_is_no_sound_does_not_cost_the_call(voices, engine, tmp_path, caplog):
    record(tmp_path, "entry.first", 10)
    (tmp_path / "recordings" / "de" / "entry.first.wav").write_bytes(b"an mp3")
    assert voices.sentence("Gruppe 1.", "de").seconds > 0
    assert engine.asked == [("Gruppe 1.", "de")]
    assert "entry.first.wav cannot be used" in caplog.text


def test_what_cannot_be_spoken_is_not_kept(voices, engine):
    for _ in range(2):
        with pytest.raises(CannotSpeak):
            voices.sentence("unspeakable", "de")
    assert len(engine.asked) == 2


def test_a_kept_sentence_is_sound_in_under_a_millisecond(voices):
    voices.sentence("A sentence of some length that was said before.", "en")
    took = []
    for _ in range(50):
        began = time.perf_counter()
        voices.sentence("A sentence of some length that was said before.", "en").mulaw()
        took.append(time.perf_counter() - began)
    assert sorted(took)[len(took) // 2] < 0.001
