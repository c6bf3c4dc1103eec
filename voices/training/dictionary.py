"""How English words are said, from CMU's dictionary: to tell which words sound like a word of the line."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pocketsphinx

_VARIANT = re.compile(r"\(\d+\)$")
Pronunciations = Mapping[str, tuple[tuple[str, ...], ...]]


@cache
def pronunciations() -> Pronunciations:
    """Every way to say each lower-case word, in CMU's phones."""
    ways: dict[str, dict[tuple[str, ...], None]] = {}
    for line in Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8").splitlines():
        entry, *phones = line.split() or [""]
        if entry:
            ways.setdefault(word_of(entry), {})[tuple(phones)] = None
    return {word: tuple(phones) for word, phones in ways.items()}


def word_of(entry: str) -> str:
    """The lower-case word that an entry such as `WORD(2)` is a variant of."""
    return _VARIANT.sub("", entry).lower()
