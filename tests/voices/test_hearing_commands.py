"""`activation-center voices hear`, and what a model that can be told its words is told on the line."""

import json
import shutil
import socket
from pathlib import Path

import pytest
import vosk
from click.testing import CliRunner, Result

from app import main
from data.instance import create_instance
from house.instance import House
from voices.listening import UNKNOWN
from voices.pyttsx3_speaker import Pyttsx3Speaker
from voices.sound import silence
from voices.vosk_models import BUNDLED


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hearing") / "instance"
    create_instance(home)
    return home


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("said") / "seven.wav"
    file.write_bytes(Pyttsx3Speaker({}, words_per_minute=160).speak("seven", "en-US").wav())
    return file


@pytest.fixture
def german_model(home: Path, tmp_path: Path):
    """A model that can be told its words, as far as its folder tells, named for German."""
    folder = tmp_path / "vosk-model-de"
    shutil.copytree(BUNDLED["en"], folder)
    for part in ("HCLr.fst", "Gr.fst"):
        (folder / "graph" / part).touch()
    settings = home / "settings.toml"
    before = settings.read_text()
    settings.write_text(before.replace("models = {}", f'models = {{ de = "{folder}" }}'))
    yield folder
    settings.write_text(before)


@pytest.fixture
def grammars(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What recognisers were told to listen for, word by word; nothing for those that were told nothing."""
    told: list[list[str]] = []

    class Recogniser(vosk.KaldiRecognizer):
        def __init__(self, model: vosk.Model, rate_hz: int, *grammar: str) -> None:
            told.append([word for phrase in json.loads(grammar[0]) for word in phrase.split()] if grammar else [])
            super().__init__(model, rate_hz)

    monkeypatch.setattr("voices.vosk_listener.vosk.KaldiRecognizer", Recogniser)
    return told


def run(home: Path, *arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["voices", *arguments], env={"ACTIVATION_CENTER_HOME": str(home), **environment})


def test_what_is_understood_of_a_recording_is_told_with_times_and_scores(home, seven):
    heard = json.loads(run(home, "hear", str(seven), "--json").stdout)
    best = heard[0][0]
    assert (best["text"], best["score"]) == ("seven", 0.0)
    assert 0 <= best["words"][0]["start"] < best["words"][0]["end"] < 1.5
    assert "seven" in run(home, "hear", str(seven)).stdout


@pytest.mark.parametrize(
    ("file", "arguments", "status", "told"),
    [
        (silence(2.0).wav(), (), 0, "Nothing was said that could be understood."),
        (b"ID3 an mp3", (), 1, "is not a WAV file of PCM samples"),
        (silence(2.0).wav(), ("--language", "de"), 1, "There is no model for 'de': fetch one with `voices fetch-model de`"),
    ],
)
def test_what_cannot_be_heard_is_told_in_a_sentence(home, tmp_path, file, arguments, status, told):
    (tmp_path / "said.wav").write_bytes(file)
    result = run(home, "hear", str(tmp_path / "said.wav"), *arguments)
    assert result.exit_code == status
    assert told in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), "no traceback"


@pytest.mark.parametrize(("model", "why"), [("nowhere", "where no folder of a Vosk model is"), ("", "holds no Vosk model")])
def test_a_model_that_is_none_is_told_in_a_sentence(home, seven, tmp_path, model, why):
    result = run(home, "hear", str(seven), VOSK_MODEL_PATH=str(tmp_path / model))
    assert result.exit_code == 1
    assert why in result.output
    assert isinstance(result.exception, SystemExit), "no traceback"


def test_the_centre_does_not_start_with_a_model_that_nobody_could_speak_to(home, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
    environment = {"ACTIVATION_CENTER_HOME": str(home), "VOSK_MODEL_PATH": str(tmp_path)}
    result = CliRunner().invoke(main, ["serve", "--port", port, "--sip-port", "0"], env=environment)
    assert result.exit_code == 1
    assert f"{tmp_path} holds no Vosk model: it has no final.mdl" in result.output


def test_a_model_that_can_be_told_hears_the_lines_digits_and_commands_and_what_a_question_adds(home, german_model, grammars):
    listener = House(home, {}).listeners["de"]
    listener.listen()
    listener.listen(("nordhafen", "zwei"))
    plain, added = grammars
    assert {"null", "zwo", "einundzwanzig", "hilfe", "wiederholen", UNKNOWN} <= set(plain)
    assert "potato" not in plain
    assert sorted(added) == sorted([*plain, "nordhafen"]), "each word once"


def test_a_model_with_words_of_its_own_is_told_none(home, grammars):
    House(home, {}).listeners["en"].listen(("nordhafen",))
    assert grammars == [[]]


def test_a_recording_is_heard_as_the_line_hears_it(home, german_model, grammars, seven):
    assert run(home, "hear", str(seven), "--language", "de").exit_code == 0
    assert "zwo" in grammars[0]
