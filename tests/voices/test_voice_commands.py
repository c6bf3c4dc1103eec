"""`activation-center voices` as a person at a terminal meets it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import main
from data.instance import create_instance
from house.instance import House
from voices.sound import Sound


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("voices") / "instance"
    create_instance(home)
    return home


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["voices", *arguments], env={"ACTIVATION_CENTER_HOME": str(home)})


def test_a_sentence_is_spoken_into_a_file(home, tmp_path):
    out = tmp_path / "f.wav"
    result = run(home, "say", "Bitte geben Sie Gruppe 3 ein.", "--language", "de", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert 1 < Sound.of_wav(out.read_bytes()).seconds < 4


def test_bytes_that_are_no_text_are_no_traceback(home, tmp_path):
    result = run(home, "say", "hello \udcff", "--out", str(tmp_path / "f.wav"))
    assert result.exit_code == 0, result.output


def test_digits_are_spelled_at_the_pace_asked_for_or_the_one_set(home, tmp_path):
    out = tmp_path / "f.wav"
    assert run(home, "say", "123456", "--spell", "--pace", "1.5", "--out", str(out)).exit_code == 0
    assert Sound.of_wav(out.read_bytes()).seconds == pytest.approx(9.0, abs=0.01)
    assert run(home, "say", "123456", "--spell", "--out", str(out)).exit_code == 0
    assert Sound.of_wav(out.read_bytes()).seconds == pytest.approx(6 * 0.7, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("say", "Hello", "--language", "zz", "--out", "{}/f.wav"), "No voice of this machine speaks 'zz'"),
        (("say", "...", "--out", "{}/f.wav"), "nothing to speak"),
        (("say", "Hello", "--out", "{}/nowhere/f.wav"), "No such file or directory"),
        (("missing", "--language", "xx"), "The line does not speak 'xx'; its languages are en, de"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(home, tmp_path, arguments, why):
    result = run(home, *(argument.format(tmp_path) for argument in arguments))
    assert result.exit_code == 1
    assert why in result.output
    assert isinstance(result.exception, SystemExit), "no traceback"
    assert not list(tmp_path.iterdir())


def test_the_list_tells_each_languages_voice_its_others_and_what_is_recorded(home):
    listed = json.loads(run(home, "list", "--json").stdout)
    rows = {row["language"]: row for row in listed["languages"]}
    assert rows.keys() >= {"en", "de", "fr", "es"}
    assert all(row["voice"] in row["installed"] and row["fault"] is None for row in rows.values())
    assert rows["de"]["recorded"] == 0
    assert listed["cache"]["folder"] == str(home / "voices")
    assert "Kept in" in run(home, "list").output


def test_a_voice_that_is_set_is_used_and_an_unknown_one_told(home):
    settings = home / "settings.toml"
    before = settings.read_text()
    settings.write_text(before.replace("names = {}", 'names = { en = "en-gb-x-rp", de = "nobody" }'))
    try:
        rows = {row["language"]: row for row in json.loads(run(home, "list", "--json").stdout)["languages"]}
        assert rows["en"]["voice"] == "en-gb-x-rp"
        assert "'nobody'" in rows["de"]["fault"]
    finally:
        settings.write_text(before)


def test_everything_is_prepared_and_then_needs_no_engine(home, monkeypatch):
    result = run(home, "prepare", "--language", "es")
    assert result.exit_code == 0, result.output
    assert "Ready in" in result.output
    house = House(home, {})
    monkeypatch.setattr(house.voices.speaker, "speak", None)
    assert all(house.voices.sentence(said.text, "es").seconds > 0.1 for said in house.voices.studio.all("es"))


def test_what_nobody_recorded_is_listed_by_the_name_its_file_would_have(home):
    own = home / "recordings" / "de"
    own.mkdir(parents=True)
    (own / "entry.group.3.wav").write_bytes(House(home, {}).voices.sentence("Hallo", "de").wav())
    (own / "entry.grup.wav").write_bytes(b"")
    output = run(home, "missing", "--language", "de").output
    assert output.startswith("de: 1 of ")
    assert "  entry.group.4.wav  Gruppe 4." in output
    assert "entry.group.3.wav" not in output
    assert "confirm.question cannot be recorded" in output
    assert "entry.grup.wav is no sentence's name" in output
    told = json.loads(run(home, "missing", "--json").stdout)
    assert told["en"]["missing"]["entry.group.3"] == "Group 3."
    assert told["de"]["cannot_be_recorded"]["confirm.question"] == ["add", "title", "total"]


def test_without_an_instance_there_is_a_sentence(tmp_path):
    result = run(tmp_path / "nowhere", "list")
    assert result.exit_code == 1
    assert "There is no activation centre" in result.output
