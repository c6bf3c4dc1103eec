"""Recordings: found by their names, the operator's first, and what will not do is told."""

from pathlib import Path

import numpy
import pytest

from voices.faults import NotASound
from voices.sound import TARGET_LEVEL, Sound, joined, silence
from voices.studio import Spoken, Studio, read_recording

SENTENCES = {"de": {"entry.first": "Gruppe 1, bitte.", "entry.bad": "Stimmt nicht.", "refused.group_check": "Stimmt nicht."}}


def a_word(seconds: float = 0.5, amplitude: int = 2000) -> Sound:
    return Sound(numpy.resize(numpy.array([amplitude, amplitude, -amplitude, -amplitude], numpy.int16), round(seconds * 8000)))


def record(folder: Path, name: str, sound: Sound | bytes) -> Path:
    path = folder / "de" / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sound if isinstance(sound, bytes) else sound.wav())
    return path


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "own", tmp_path / "shipped"


@pytest.fixture
def studio(folders: tuple[Path, Path]) -> Studio:
    return Studio(folders, SENTENCES)


def test_a_recording_is_found_by_the_sentences_key_and_the_operators_comes_first(studio, folders):
    own, shipped = folders
    assert studio.recording("Gruppe 1, bitte.", "de") is None
    there = record(shipped, "entry.first", a_word())
    assert studio.recording("Gruppe 1, bitte.", "de") == there
    here = record(own, "entry.first", a_word())
    assert studio.recording("Gruppe 1, bitte.", "de") == here
    assert studio.recording("Gruppe 1, bitte.", "fr") is None


def test_where_two_keys_share_a_text_either_recording_will_do(studio, folders):
    recorded = record(folders[0], "refused.group_check", a_word())
    assert studio.recording("Stimmt nicht.", "de") == recorded
    assert Spoken("entry.bad", "Stimmt nicht.") not in studio.missing("de")


def test_digits_and_letters_have_recordings_of_their_own(studio, folders):
    seven, w = record(folders[0], "character.7", a_word()), record(folders[0], "character.w", a_word())
    assert studio.character_recording("7", "de") == seven
    assert studio.character_recording("W", "de") == w
    assert not {Spoken("character.7", "7"), Spoken("character.w", "W")} & set(studio.missing("de"))


def test_everything_is_missing_until_it_is_recorded(studio, folders):
    assert [spoken.key for spoken in studio.missing("de")][:2] == ["entry.first", "entry.bad"]
    assert len(studio.missing("de")) == 2 + 36
    record(folders[0], "entry.first", a_word())
    assert "entry.first" not in [spoken.key for spoken in studio.missing("de")]


def test_a_recording_is_trimmed_and_as_loud_as_everything_else(folders):
    path = record(folders[0], "entry.first", joined((silence(1), a_word(), silence(2))))
    sound = read_recording(path)
    assert sound.seconds == pytest.approx(0.5, abs=0.03)
    assert sound.level == pytest.approx(TARGET_LEVEL, abs=0.1)


@pytest.mark.parametrize(("file", "why"), [(b"ID3 an mp3", "not a WAV file"), (silence(1).wav(), "silent")])
def test_a_recording_that_will_not_do_is_told_by_its_path(studio, folders, file, why):
    path = record(folders[0], "entry.first", file)
    with pytest.raises(NotASound, match=why):
        read_recording(path)
    (fault,) = studio.faults("de")
    assert str(path) in fault
    assert why in fault


def test_a_recording_that_cannot_be_read_is_told_by_its_path(studio, folders):
    path = folders[0] / "de" / "entry.first.wav"
    path.mkdir(parents=True)
    assert list(studio.faults("de")) == [f"{path} cannot be read: Is a directory."]


def test_a_file_with_a_strangers_name_is_told(studio, folders):
    path = record(folders[0], "entry.frist", a_word())
    (fault,) = studio.faults("de")
    assert fault.startswith(f"{path} is no sentence's name")
