"""Spoken commands: whole words, the longest phrase, and never one of two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.script import load_scripts
from ivr.spoken import load_vocabulary, spoken_command
from ivr.vocabulary import Kind

ENGLISH = load_vocabulary("en")
NEGATIONS = [word for word, meaning in ENGLISH.words.items() if meaning.kind is Kind.NEGATION]

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
    assert spoken_command(text, COMMANDS, ENGLISH) == command


def test_overlapping_phrases_of_equal_length_are_two_commands() -> None:
    assert spoken_command("go back again", {"back": ("go back",), "repeat": ("back again",)}, ENGLISH) is None


def test_a_phrase_shared_by_two_commands_is_neither() -> None:
    assert spoken_command("next", {"on": ("next",), "skip": ("next",)}, ENGLISH) is None


def test_a_megabyte_is_no_command() -> None:
    assert spoken_command("repeat " * 150_000, COMMANDS, ENGLISH) is None


@given(st.text(), st.dictionaries(st.text(), st.lists(st.text()).map(tuple)))
def test_any_text_gives_a_command_of_the_table_or_none(text: str, words: dict[str, tuple[str, ...]]) -> None:
    assert spoken_command(text, words, ENGLISH) in {None, *words}


@given(st.sampled_from(sorted(COMMANDS.keys() - {"empty"})), st.data())
def test_every_phrase_is_heard_amid_other_words(command: str, data: st.DataObject) -> None:
    phrase = data.draw(st.sampled_from(COMMANDS[command]))
    strangers = st.lists(st.sampled_from(["well", "please", "7", "uh,"])).map(" ".join)
    assert spoken_command(f"{data.draw(strangers)} {phrase} {data.draw(strangers)}", COMMANDS, ENGLISH) == command


@pytest.mark.parametrize("negation", NEGATIONS)
@given(data=st.data())
def test_a_negation_anywhere_takes_the_command_away(negation: str, data: st.DataObject) -> None:
    words = ["please", "repeat", "now"]
    words.insert(data.draw(st.integers(0, len(words))), data.draw(st.sampled_from([negation, negation.upper()])))
    assert spoken_command(" ".join(words), COMMANDS, ENGLISH) is None


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "\u2018", "\u02bc", "\uff07", ""])
def test_a_negation_is_heard_with_any_apostrophe(apostrophe: str) -> None:
    assert spoken_command(f"don{apostrophe}t repeat", COMMANDS, ENGLISH) is None


@pytest.mark.parametrize(
    ("place", "text", "key"),
    [
        ("accepted", "yes it was accepted", "1"),
        ("accepted", "it wasn't accepted", "2"),
        ("accepted", "it has not been accepted", "2"),
        ("accepted", "it hasn't been accepted", "2"),
        ("accepted", "it was not accepted", "2"),
        ("accepted", "it did not", "2"),
        ("accepted", "no, it did not accept it", "2"),
        ("accepted", "No!", "2"),
        ("accepted", "that's not correct", None),
        ("accepted", "it was never accepted", None),
        ("accepted", "the computer has not yet accepted", None),
        ("accepted", "it was not refused", None),
        ("accepted", "no thanks yes", None),
        ("confirm", "that is right", "1"),
        ("confirm", "that's not right", "2"),
        ("confirm", "that's not correct", "2"),
        ("confirm", "that isn't quite right", None),
        ("confirm", "don't change it", None),
        ("computers", "only on this one", "1"),
        ("computers", "not only on this one", "2"),
        ("computers", "it's not on one computer", None),
        ("computers", "just one", "1"),
        ("computers", "more than one", "2"),
        ("computers", "two computers", "2"),
        ("computers", "on 3 computers", "2"),
        ("computers", "ten", "2"),
        ("computers", "several", "2"),
    ],
)
def test_the_lines_own_questions_never_take_a_no_for_a_yes(place: str, text: str, key: str | None) -> None:
    assert spoken_command(text, load_scripts()["en"].words_at(place), ENGLISH) == key
