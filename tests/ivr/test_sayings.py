"""Everything the line commonly says: whole, named so that a file can bear the name, and without what only a call knows."""

import re

import pytest

from ivr.script import Script, load_scripts
from ivr.script.sayings import open_sentences, sayings

OWN = {"line": ("Activation Center",), "hours": ("Monday to Friday",)}


@pytest.fixture(params=list(load_scripts()))
def script(request: pytest.FixtureRequest) -> Script:
    return load_scripts()[request.param]


def test_every_sentence_that_is_said_is_among_them_or_open(script):
    said = {key for key in script.sentences if key not in ("text.body", "language.pound") and not key.startswith("hours.")}
    names = [saying.name for saying in sayings(script, OWN)]
    whole = {key for key in said if any(name == key or name.startswith(f"{key}.") for name in names)}
    assert whole | open_sentences(script, OWN).keys() == said
    assert not whole & open_sentences(script, OWN).keys()


def test_no_placeholder_is_left_and_every_name_is_a_files(script):
    found = sayings(script, OWN)
    assert not [saying for saying in found if "{" in saying.text]
    assert len({saying.name for saying in found}) == len(found)
    assert all(re.fullmatch(r"[\w.-]+", saying.name) for saying in found)


def test_values_that_vary_are_in_the_name_and_those_of_the_line_are_not(script):
    named = {saying.name: saying.text for saying in sayings(script, OWN)}
    assert "Activation Center" in named["greeting.welcome"]
    assert {f"entry.group.{number}" for number in range(1, 10)} <= named.keys()
    assert named["entry.group.3"] == script.sentence("entry.group", number=3)
    assert named["granted.block.a"] == script.sentence("granted.block", letter="A")


def test_what_only_a_call_knows_is_told_by_its_placeholders(script):
    assert set(open_sentences(script, OWN)["confirm.question"]) == {"add", "title", "total"}
