"""Stories as data: those that come with the centre fit together, and any other file is read or refused by name and entry."""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalogue import load_catalogue
from stories.story import Scene, Story, StoryError, every_story, read_story, story_of
from stories.telling import SCENES

ROOT = Path(__file__).parents[2]
TOLD = {each.name: each.read_text(encoding="utf-8") for each in files("stories").joinpath("told").iterdir()}
DOCUMENTS = [tomllib.loads(text) for text in TOLD.values()]
GOOD = TOLD["09-mak-near-zero.toml"]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def as_toml(value: Any) -> str:
    """A value as TOML, in one line; what TOML has no word for becomes text."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case list():
            return f"[{', '.join(map(as_toml, value))}]"
        case Mapping():
            return "{" + ", ".join(f"{as_toml(str(key))} = {as_toml(inner)}" for key, inner in value.items()) + "}"
        case _:
            text = "".join(rf"\u{ord(one):04x}" if ord(one) < 0x10000 else rf"\U{ord(one):08x}" for one in str(value))
            return f'"{text}"'


def read(document: str) -> Story | str:
    """The story, or the sentence of its refusal."""
    try:
        return read_story(document, "mine.toml")
    except StoryError as refused:
        return str(refused)


def refusal(document: str) -> str:
    with pytest.raises(StoryError) as refused:
        read_story(document, "mine.toml")
    return str(refused.value)


def test_there_are_fifteen_and_each_has_its_number() -> None:
    assert [story.number for story in every_story()] == list(range(1, 16))
    assert story_of(9) in every_story()
    assert story_of(99) is None


@pytest.mark.parametrize("story", every_story(), ids=lambda story: str(story.number))
def test_what_a_story_names_is_there(story: Story) -> None:
    catalogue = load_catalogue()
    assert all(scene in SCENES for scene in story.plot)
    if story.key:
        product = catalogue.product_named(story.key.product)
        assert product
        assert story.key.channel in {channel.value for channel in product.channels}
        assert story.key.programme in {"", *catalogue.programmes}
    assert not story.other_product or catalogue.product_named(story.other_product)
    assert (Scene.ANSWER in story.plot) == (story.done is not None)


def test_every_scene_can_be_played() -> None:
    assert set(SCENES) == set(Scene)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_by_its_name(text: str) -> None:
    answer = read(text)
    assert isinstance(answer, Story) or "mine.toml" in answer


@given(st.sampled_from(DOCUMENTS), st.data())
def test_a_story_with_any_one_entry_changed_is_read_or_refused_by_that_entry(
    document: dict[str, Any], data: st.DataObject
) -> None:
    section = data.draw(st.sampled_from([name for name, value in document.items() if isinstance(value, dict)] + [""]))
    entries = document[section] if section else document
    entry = data.draw(st.sampled_from(sorted([*entries, "unheard_of"])))
    changed = {**entries, entry: data.draw(values)}
    whole = {**document, section: changed} if section else changed
    text = "\n".join(f"{key} = {as_toml(value)}" for key, value in whole.items())
    answer = read(text)
    if isinstance(answer, str):
        assert "mine.toml" in answer
        assert entry in answer or (section and section in answer)


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        ('channel = "mak"', 'channel = ""', "key.channel"),
        ("used = 49", "used = 51", "key.used"),
        ('"an agent answers", ', '"an agent sings", ', "plot"),
        ("number = 9", 'number = "nine"', "number"),
        ('says = "We', 'sings = "We', "caller"),
    ],
)
def test_the_sentence_names_the_entry(written: str, instead: str, named: str) -> None:
    assert written in GOOD
    assert named in refusal(GOOD.replace(written, instead, 1))


def test_an_agent_without_anything_to_do_is_no_story() -> None:
    start, _, rest = GOOD.partition("[done]")
    assert "entry done" in refusal(start + "[end]" + rest.partition("[end]")[2])


def test_the_story_that_the_documents_show_can_be_told() -> None:
    shown = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "stories.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    assert read_story(shown[1], "docs/stories.md").number == 16
