"""One language's words for digits and for what is said around them, read from `ivr/script/spoken_<language>.toml`.

Law: a word has one meaning here, whatever stands beside it; what words mean together is `spoken.py`'s business.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

_SCRIPTS = Path(__file__).with_name("script")


class UnknownLanguage(LookupError):
    """There is no table of spoken words for that language."""


class Kind(StrEnum):
    """What a word does in a spoken number; the value is its letter in the grammar of `spoken.py`."""

    NUMBER = "n"
    """Says digits by itself: seven, thirteen, twenty."""
    HOMOPHONE = "h"
    """May say a digit, and may be an everyday word: to, for, ate."""
    FIGURES = "d"
    """Digits that the recogniser wrote as figures: 5, 1234."""
    MULTIPLIER = "x"
    """Says the next digit several times: double."""
    SCALE = "s"
    """Puts zeros behind the number before: hundred."""
    ARTICLE = "a"
    """One, before a scale only: a (hundred)."""
    LINK = "l"
    """Holds a number together: and."""
    NOISE = "f"
    """Says nothing: uh, please."""
    PAUSE = "p"
    """A comma or another mark that the recogniser wrote where the caller stopped."""
    NEGATION = "z"
    """Turns what is said around it into its opposite: not, wasn't. No number holds one."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one word means: its digits, and for tens and scales the zeros they end in, for multipliers how often."""

    kind: Kind
    digits: str = ""
    zeros: int = 0
    times: int = 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's spoken words, in lower case, with their meanings."""

    language: str
    words: Mapping[str, Word]


@cache
def load_vocabulary(language: str) -> Vocabulary:
    """The spoken words of a language ("en"), read once. Raises UnknownLanguage, naming the languages there are."""
    tables = {path.stem.removeprefix("spoken_"): path for path in _SCRIPTS.glob("spoken_*.toml")}
    if language not in tables:
        raise UnknownLanguage(f"no spoken words for language {language!r}; choose one of: {', '.join(sorted(tables))}")
    table = tomllib.loads(tables[language].read_text(encoding="utf-8"))
    meanings = {
        word: _meaning(section, value)
        for section, entries in table.items()
        for value, words in entries.items()
        for word in words
    }
    return Vocabulary(language, MappingProxyType(meanings))


def _meaning(section: str, value: str) -> Word:
    """What the words under one key of a table's section mean."""
    match section:
        case "noise":
            return Word(Kind.NOISE)
        case "links":
            return Word(Kind.LINK)
        case "negations":
            return Word(Kind.NEGATION)
        case "articles":
            return Word(Kind.ARTICLE, value)
        case "digits" | "teens":
            return Word(Kind.NUMBER, value)
        case "tens":
            return Word(Kind.NUMBER, value, zeros=1)
        case "homophones":
            return Word(Kind.HOMOPHONE, value)
        case "multipliers":
            return Word(Kind.MULTIPLIER, times=int(value))
        case "scales":
            return Word(Kind.SCALE, zeros=int(value))
    raise ValueError(f"a table of spoken words has no section {section!r}")
