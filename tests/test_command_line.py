"""The command line as a whole: its list of commands is true, and it starts without loading the house."""

import subprocess
import sys

import click
import pytest

from app import COMMANDS, main

HEAVY = ("house", "flask", "aiohttp", "twilio", "numpy", "sqlite_utils", "rich")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_of_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert COMMANDS[name].says == command.get_short_help_str(limit=100)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_asking_what_there_is_loads_nothing_of_the_house(option: str) -> None:
    ask = f"import sys, app; app.main(['{option}'], standalone_mode=False); print(sorted({set(HEAVY)} & set(sys.modules)))"
    asked = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert asked.stdout.splitlines()[-1] == "[]"


def test_a_command_that_there_is_not_is_named() -> None:
    with pytest.raises(click.UsageError, match="No such command 'activate'"):
        main(["activate"], standalone_mode=False)
