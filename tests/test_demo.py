"""The demo against a served centre: a whole activation over real SIP and RTP, and what it says when it cannot be."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
import wave
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from house.cues import demo_cues
from ivr.script import load_scripts

COMMAND = str(Path(sys.executable).parent / "activation-center")
START_SECONDS = 90


class Centre:
    """A served centre in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def run(self, *arguments: str) -> tuple[int, str]:
        result = subprocess.run(
            [COMMAND, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=240, check=False
        )
        assert "Traceback" not in result.stderr, result.stderr
        return result.returncode, result.stdout + result.stderr

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=1):
                return (self.folder / "instance" / "sip-address").exists()
        except OSError:
            return False


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    centre = Centre(tmp_path_factory.mktemp("demo"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ACTIVATION_CENTER", "TWILIO"))}
    arguments = [COMMAND, "serve", "--port", str(centre.port), "--sip-port", "0"]
    with (
        (centre.folder / "serve.log").open("w") as log,
        subprocess.Popen(arguments, cwd=centre.folder, stdout=log, stderr=log, env=environment) as serving,
    ):
        try:
            deadline = monotonic() + START_SECONDS
            while not centre.is_ready():
                assert monotonic() < deadline, (centre.folder / "serve.log").read_text()
                assert serving.poll() is None, (centre.folder / "serve.log").read_text()
                sleep(0.1)
            yield centre
        finally:
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(30) == 0


def activated(centre: Centre, name: str) -> bool:
    _, shown = centre.run("workstation", "show", name, "--json")
    return bool(json.loads(shown)["state"] == "activated")


def test_serve_says_what_softphones_dial(centre: Centre) -> None:
    address = (centre.folder / "instance" / "sip-address").read_text()
    assert f"Softphone      {address}\n" in (centre.folder / "serve.log").read_text()


@pytest.mark.long
def test_a_computer_is_activated_by_keys_and_the_call_is_kept(centre: Centre) -> None:
    code, said = centre.run("demo", "--record", "call.wav")
    assert code == 0, said
    assert activated(centre, "demo")
    for line in ("You:   [1]", "Line:  Group 2.", "✓ The installation ID was accepted.", "✓ demo is activated."):
        assert line in said
    assert said.count("✓\nYou:") == 8, "every block was heard at once, and the next one asked for"
    with wave.open(str(centre.folder / "call.wav")) as recording:
        assert (recording.getnchannels(), recording.getframerate()) == (2, 8000)
        assert 20 < recording.getnframes() / 8000 < 120


@pytest.mark.long
def test_a_computer_is_activated_by_voice(centre: Centre) -> None:
    code, said = centre.run("demo", "--by", "voice", "--workstation", "spoken-to")
    assert code == 0, said
    assert "(understood: " in said
    assert activated(centre, "spoken-to")


def test_a_call_that_goes_another_way_is_a_sentence_with_what_the_line_said(centre: Centre) -> None:
    centre.run("outage", "on")
    try:
        code, said = centre.run("demo")
    finally:
        centre.run("outage", "off")
    assert code == 1
    assert "Error: The call went another way; the line said: Activation is out of order" in said


def test_a_caller_whose_group_was_misheard_gives_it_again() -> None:
    """The line says the same words of it as when it refuses a finished ID, which ends the demo."""
    cues = demo_cues(load_scripts()["en"])
    assert cues.trouble.search("Group 4 is not right.") is None
    assert cues.group.search("Group 4 again, please.")
    assert cues.trouble.search("No computer shows this installation ID.")


def test_a_computer_that_cannot_be_is_a_sentence(centre: Centre) -> None:
    code, said = centre.run("demo", "--workstation", "no name")
    assert (code, "letters, digits" in said) == (1, True)


def test_without_a_centre_the_demo_says_how_to_start_one(tmp_path: Path) -> None:
    alone = Centre(tmp_path)
    assert alone.run("init")[0] == 0
    code, said = alone.run("demo")
    assert (code, "activation-center serve" in said) == (1, True)
