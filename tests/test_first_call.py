"""The README's first call, with its own commands: a centre is served, a computer installed, the line called, the ID typed in.

With `--installed PATH` the same is done by another installation's command: the built wheel, in CI.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

SCRIPT = Path(__file__).parent.parent / "docs" / "activate.call"
FOREIGN_KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"
START_SECONDS = 90


@dataclass
class Centre:
    """A served centre in a folder of its own, and its command."""

    command: str
    folder: Path
    port: int

    def run(self, *arguments: str, typed: str = "", fails: bool = False) -> str:
        result = subprocess.run(
            [self.command, *arguments], cwd=self.folder, input=typed, capture_output=True, text=True, timeout=120, check=False
        )
        assert (result.returncode != 0) == fails, result.stdout + result.stderr
        assert "Traceback" not in result.stderr
        return result.stdout + result.stderr

    def key(self, serial: int) -> str:
        keys = json.loads(self.run("keys", "list", "--reveal", "--json"))
        return str(next(key["key"] for key in keys if key["serial"] == serial))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def command(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--installed") or Path(sys.executable).parent / "activation-center")


@pytest.fixture(scope="module")
def centre(command: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder, port = tmp_path_factory.mktemp("first call"), free_port()
    with (
        (folder / "serve.log").open("w") as log,
        subprocess.Popen(
            [command, "serve", "--port", str(port), "--sip-port", "0"], cwd=folder, stdout=log, stderr=log
        ) as serving,
    ):
        try:
            _wait_until_ready(port, serving, folder / "serve.log")
            yield Centre(command, folder, port)
        finally:
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(20) == 0, "serve stops when it is told to"


def _wait_until_ready(port: int, serving: subprocess.Popen[bytes], log: Path) -> None:
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline and serving.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except OSError:
            sleep(0.1)
    raise AssertionError(f"serve did not come up:\n{log.read_text()}")


def test_what_serve_prints_is_what_one_needs_to_begin(centre: Centre) -> None:
    printed = (centre.folder / "serve.log").read_text()
    assert len(re.findall(r"^ SIM\w{2}(-\w{5}){4} +\S", printed, re.MULTILINE)) >= 10, "a demo key of every kind"
    assert re.search(r"^ amira +agent +\S{8,}", printed, re.MULTILINE)
    assert f"http://127.0.0.1:{centre.port}/" in printed


def test_the_console_is_there_with_everything_its_pages_ask_for(centre: Centre) -> None:
    base = f"http://127.0.0.1:{centre.port}"
    with urllib.request.urlopen(f"{base}/console", timeout=10) as answer:
        page = answer.read().decode()
    assert "Sign in" in page
    parts = set(re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page))
    assert {Path(part).suffix for part in parts} == {".css", ".js", ".svg"}
    for part in parts | {"/voice/music"}:
        with urllib.request.urlopen(base + part, timeout=10) as answer:
            assert answer.status == 200


def test_the_call_of_the_readme_activates_a_computer(centre: Centre) -> None:
    centre.run("workstation", "new", "--name", "office-pc", "--key", centre.key(1007))
    assert "in grace, 30 days left" in centre.run("workstation", "show", "office-pc")
    transcript = centre.run("call", "--workstation", "office-pc", "--script", str(SCRIPT))
    blocks = ["".join(block.split()) for block in re.findall(r"^Line: [A-H]\. ([\d ]+)$", transcript, re.MULTILINE)]
    assert len(blocks) == 8
    centre.run("workstation", "new", "--name", "other-pc", "--key", centre.key(1007))
    assert "belongs to another computer" in centre.run("workstation", "confirm", "other-pc", *blocks, fails=True)
    wrong = blocks[2][:-1] + str((int(blocks[2][-1]) + 1) % 10)
    refused = centre.run("workstation", "confirm", "office-pc", *blocks[:2], wrong, *blocks[3:], fails=True)
    assert "C" in refused
    assert "activated" in centre.run("workstation", "confirm", "office-pc", *blocks)
    assert json.loads(centre.run("workstation", "show", "office-pc", "--json"))["state"] == "activated"


def test_the_terminal_phone_works_through_a_pipe(centre: Centre) -> None:
    said = centre.run("call", typed="1\n*0\n*\n*\n!\n")
    assert "Your case number is" in said
    assert "You are still with us" in said


def test_a_call_that_strays_from_its_script_fails_and_names_the_line(centre: Centre, tmp_path: Path) -> None:
    script = tmp_path / "wrong.call"
    script.write_text('keys 1\nhear "the weather"\nend hung-up-by-line\n')
    told = centre.run("call", "--script", str(script), fails=True)
    assert "line 2" in told
    assert "the weather" in told


@pytest.mark.long
def test_a_foreign_key_is_refused_at_the_commands_and_kept_nowhere(centre: Centre) -> None:
    for arguments in (
        ["workstation", "new", "--name", "pc", "--key", FOREIGN_KEY],
        ["workstation", "new", "--name", FOREIGN_KEY, "--key", "x"],
        ["workstation", "show", FOREIGN_KEY],
        ["keys", "show", FOREIGN_KEY],
        ["agreements", "show", FOREIGN_KEY],
        ["call", "--set", FOREIGN_KEY],
        [FOREIGN_KEY],
        ["keys", "list", f"--{FOREIGN_KEY}"],
    ):
        assert FOREIGN_KEY not in centre.run(*arguments, fails=True)
    said = centre.run("call", "--from", FOREIGN_KEY, "--transcript", "transcript.txt", typed=f"{FOREIGN_KEY}\n!\n")
    assert FOREIGN_KEY not in said
    kept = b"".join(path.read_bytes() for path in centre.folder.rglob("*") if path.is_file())
    assert FOREIGN_KEY.encode() not in kept


def test_other_commands_say_that_there_is_no_instance(command: str, tmp_path: Path) -> None:
    for arguments in (["keys", "list"], ["call"], ["workstation", "new", "--name", "a", "--key", "b"], ["outage", "show"]):
        told = Centre(command, tmp_path, 0).run(*arguments, fails=True)
        assert "activation-center init" in told
        assert list(tmp_path.iterdir()) == [], "only serve and init create one"


def test_a_port_in_use_is_a_sentence(centre: Centre) -> None:
    told = centre.run("serve", "--port", str(centre.port), fails=True)
    assert f"port {centre.port}" in told
    assert "--port" in told


def test_a_centre_that_is_not_running_is_a_sentence(command: str, tmp_path: Path) -> None:
    elsewhere = Centre(command, tmp_path, 0)
    elsewhere.run("init")
    (tmp_path / "instance" / "address").write_text(f"http://127.0.0.1:{free_port()}")
    assert "activation-center serve" in elsewhere.run("call", fails=True)


def test_init_twice_changes_nothing_and_shows_no_password_again(command: str, tmp_path: Path) -> None:
    elsewhere = Centre(command, tmp_path, 0)
    first = elsewhere.run("init")
    secrets = (tmp_path / "instance" / "secrets.json").read_bytes()
    second = elsewhere.run("init")
    assert "First password" in first
    assert "First password" not in second
    assert (tmp_path / "instance" / "secrets.json").read_bytes() == secrets
    if os.name == "posix":
        assert (tmp_path / "instance" / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_setting_that_will_not_do_is_a_sentence(command: str, tmp_path: Path) -> None:
    elsewhere = Centre(command, tmp_path, 0)
    elsewhere.run("init")
    settings = tmp_path / "instance" / "settings.toml"
    settings.write_text(settings.read_text().replace("Activation Center", "Microsoft Activation"))
    assert "real vendor" in elsewhere.run("init", fails=True)


def test_secrets_that_are_gone_are_not_replaced_beside_a_database(command: str, tmp_path: Path) -> None:
    elsewhere = Centre(command, tmp_path, 0)
    elsewhere.run("init")
    (tmp_path / "instance" / "secrets.json").unlink()
    assert "Restore it from a backup" in elsewhere.run("init", fails=True)


def test_a_web_server_on_a_database_that_is_not_set_up_is_a_sentence(command: str, tmp_path: Path) -> None:
    elsewhere = Centre(command, tmp_path, 0)
    elsewhere.run("init")
    (tmp_path / "instance" / "activation.db").write_bytes(b"")
    for journal in (tmp_path / "instance").glob("activation.db-*"):
        journal.unlink()
    assert "activation-center init" in elsewhere.run("web", "--port", str(free_port()), fails=True)


def test_serve_stops_even_when_it_is_told_twice_and_forgets_its_address(command: str, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "serve.log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [command, "serve", "--port", str(port), "--no-exchange"], cwd=tmp_path, stdout=output, stderr=output
        ) as serving,
    ):
        _wait_until_ready(port, serving, log)
        address = tmp_path / "instance" / "address"
        assert address.read_text() == f"http://127.0.0.1:{port}"
        for _ in range(3):
            serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0
        assert not address.exists()


def test_what_the_line_says_it_hears_with_nothing_to_download(centre: Centre) -> None:
    centre.run("voices", "say", "604189", "--spell", "--out", "group.wav")
    heard = json.loads(centre.run("voices", "hear", "group.wav", "--json"))
    assert " ".join(result[0]["text"] for result in heard) == "six zero four one eight nine"
