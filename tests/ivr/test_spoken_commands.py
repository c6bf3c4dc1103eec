"""Spoken commands: whole words, the longest phrase, and never one of two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.spoken import spoken_command

COMMANDS = {
    "repeat": ("repeat", "say again", "again"),
    "back": ("back", "go back"),
    "menu": ("main menu", "back to the menu"),
    "agent": ("agent", "a person", "don't know"),
    "empty": ("", "..."),
}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("repeat", "repeat"),
        ("Repeat.", "repeat"),
        ("go-back", "back"),
        ("GO BACK, please!", "back"),
        ("agent please", "agent"),
        ("I want to talk to a\u00a0person", "agent"),
        ("I don’t know", "agent"),
        ("repeat repeat say again", "repeat"),
        # The longest phrase is heard, also where a shorter one begins earlier.
        ("back to the menu", "menu"),
        ("go back to the menu", "menu"),
        # Two commands, none, or only a part of a word.
        ("repeat or go back", None),
        ("agent... no, repeat", None),
        ("agents", None),
        ("feedback", None),
        ("", None),
        ("one two three", None),
    ],
)
def test_commands_are_heard_as_whole_words(text: str, command: str | None) -> None:
    assert spoken_command(text, COMMANDS) == command


def test_overlapping_phrases_of_equal_length_are_two_commands() -> None:
    assert spoken_command("go back again", {"back": ("go back",), "repeat": ("back again",)}) is None


def test_a_phrase_shared_by_two_commands_is_neither() -> None:
    assert spoken_command("next", {"on": ("next",), "skip": ("next",)}) is None


def test_a_megabyte_is_no_command() -> None:
    assert spoken_command("repeat " * 150_000, COMMANDS) is None


@given(st.text(), st.dictionaries(st.text(), st.lists(st.text()).map(tuple)))
def test_any_text_gives_a_command_of_the_table_or_none(text: str, words: dict[str, tuple[str, ...]]) -> None:
    assert spoken_command(text, words) in {None, *words}


@given(st.sampled_from(sorted(COMMANDS.keys() - {"empty"})), st.data())
def test_every_phrase_is_heard_amid_other_words(command: str, data: st.DataObject) -> None:
    phrase = data.draw(st.sampled_from(COMMANDS[command]))
    strangers = st.lists(st.sampled_from(["well", "please", "7", "uh,"])).map(" ".join)
    assert spoken_command(f"{data.draw(strangers)} {phrase} {data.draw(strangers)}", COMMANDS) == command
