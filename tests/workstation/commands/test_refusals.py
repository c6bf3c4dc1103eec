"""What the workstation commands refuse: always a sentence, never a traceback, never a foreign key."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from activation.catalogue import Channel
from activation.redaction import holds_foreign_key
from workstation.commands import workstation
from workstation.computer.machine import Machine

Sell = Callable[..., str]
Issue = Callable[..., str]
Serve = Callable[[], AbstractContextManager[str]]
Run = Callable[..., Result]
New = Callable[..., Machine]
Refusal = Callable[[Result], str]
FOREIGN_KEY = "BCDFG-HJKMP-QRTVW-XY234-6789B"


def test_a_country_that_is_not_in_the_list_is_told_which_are(new: New, run: Run, refusal: Refusal) -> None:
    new("desk")
    assert "'XX'; it has US, CA, GB" in refusal(run("show", "desk", "--country", "XX"))


@pytest.mark.parametrize(
    ("length", "words"), [(47, "47 digits were typed, 1 too few"), (49, "49 digits were typed, 1 too many")]
)
def test_a_wrong_length_is_told_with_the_counts(
    new: New, run: Run, issue: Issue, length: int, words: str, refusal: Refusal
) -> None:
    assert words in refusal(run("confirm", "desk", (issue(new("desk")) * 2)[:length]))


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--all", "--part", "graphics"],
        ["--all", "--value", "x"],
        ["--part", "graphics", "--part", "firmware", "--value", "x"],
    ],
)
def test_a_change_must_say_what_to_exchange(new: New, run: Run, options: list[str]) -> None:
    new("desk")
    outcome = run("change", "desk", *options)
    assert outcome.exit_code == 2
    assert "--part" in outcome.stderr


def test_an_unknown_part_is_told_the_parts_there_are(new: New, run: Run) -> None:
    new("desk")
    assert "'disk serial'" in run("change", "desk", "--part", "steering wheel").stderr


def test_a_damaged_file_is_named_and_hides_no_other(new: New, run: Run, tmp_path: Path, refusal: Refusal) -> None:
    new("whole")
    damaged = tmp_path / "workstations" / "broken.json"
    damaged.write_text("{")
    assert str(damaged) in refusal(run("show", "broken"))
    listed = run("list")
    assert "whole" in listed.stdout
    assert str(damaged) in listed.stderr
    assert run("remove", "broken").exit_code == 0


def test_a_removed_workstation_is_gone(new: New, run: Run, refusal: Refusal) -> None:
    new("desk")
    assert run("remove", "DESK").exit_code == 0
    for command in (["show", "desk"], ["remove", "desk"], ["confirm", "desk", "1"], ["change", "desk", "--all"]):
        assert "There is no workstation named 'desk'" in refusal(run(*command))


def test_a_name_that_is_taken_is_refused_before_the_centre_is_asked(new: New, run: Run, refusal: Refusal) -> None:
    new("desk")
    assert "already a workstation" in refusal(run("new", "--name", "Desk", "--key", "SIM"))


def test_a_name_that_cannot_be_a_file_is_told_the_rule(run: Run, refusal: Refusal) -> None:
    assert "begins with a letter or digit" in refusal(run("new", "--name", "../desk", "--key", "SIM"))


def test_a_centre_that_is_not_running_is_a_sentence(run: Run, refusal: Refusal) -> None:
    assert "activation-center serve" in refusal(run("new", "--name", "desk", "--key", "SIM"))


def test_without_an_instance_every_command_says_so(tmp_path: Path, refusal: Refusal) -> None:
    places = SimpleNamespace(home=tmp_path / "missing", base_url="http://127.0.0.1:9")
    commands = ["list", "show x", "confirm x 1", "remove x", "change x --all", "new --name x --key SIM"]
    for command in commands:
        assert "activation-center init" in refusal(CliRunner().invoke(workstation, command.split(), obj=places))
    assert not places.home.exists()


def test_a_folder_that_cannot_be_used_is_a_sentence(
    run: Run, serve: Serve, sell: Sell, tmp_path: Path, refusal: Refusal
) -> None:
    (tmp_path / "workstations").write_text("in the way")
    with serve() as url:
        key = sell("windows-7-professional", Channel.RETAIL)
        assert "workstations" in refusal(run("new", "--name", "desk", "--key", key, centre_url=url))


FOREIGN_COMMANDS = [
    ["new", "--name", "x", "--key", FOREIGN_KEY],
    ["new", "--name", FOREIGN_KEY, "--key", "SIM"],
    ["new", "--name", "x", "--key", "SIM", "--product", FOREIGN_KEY],
    ["new", "--name", "x", "--key", "SIM", "--centre", f"http://127.0.0.1:9/{FOREIGN_KEY}"],
    ["new", "--name", "x", "--key", "SIM", FOREIGN_KEY],
    ["show", FOREIGN_KEY],
    ["show", "desk", "--country", FOREIGN_KEY],
    ["confirm", "desk", FOREIGN_KEY],
    ["confirm", "desk", *FOREIGN_KEY.split("-")],
    ["confirm", FOREIGN_KEY, "1"],
    ["change", "desk", "--part", FOREIGN_KEY],
    ["change", "desk", "--part", "disk serial", "--value", FOREIGN_KEY],
    ["remove", FOREIGN_KEY],
    [FOREIGN_KEY],
    [f"--{FOREIGN_KEY}"],
]


@pytest.mark.parametrize("command", FOREIGN_COMMANDS, ids=" ".join)
def test_a_foreign_key_is_refused_at_every_door_and_repeated_nowhere(
    new: New, run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture, command: list[str]
) -> None:
    new("desk")
    caplog.set_level(logging.DEBUG)
    outcome = run(*command)
    assert outcome.exit_code != 0
    kept = "".join(path.name + path.read_text() for path in (tmp_path / "workstations").iterdir())
    for place in (outcome.output, caplog.text, kept):
        assert not holds_foreign_key(place)
        assert "HJKMP" not in place.upper()


@pytest.mark.parametrize("command", [[], *([name] for name in workstation.commands)])
def test_every_command_explains_itself(run: Run, command: list[str]) -> None:
    assert "Usage:" in run(*command, "--help").stdout
    explained = workstation.commands[command[0]] if command else workstation
    assert explained.help
    assert all(option.help for option in explained.params if isinstance(option, click.Option))
