"""One language's words for digits and for what is said around them, read from `ivr/script/spoken_<language>.toml`.

Law: a word has one meaning here, whatever stands beside it, and so have the words that make one number together; what they
mean in an utterance is `spoken.py`'s business.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any

_SCRIPTS = Path(__file__).with_name("script")
_COMPOUNDS = "compounds"
_PARTS = ("articles", "digits", "homophones", "teens", "decades", "hundreds", "numbers")
"""The sections whose words may be part of a compound."""


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
    BARE_SCALE = "c"
    """A scale that needs no number before it: cent, hundert."""
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
    UNCLEAR = "u"
    """Words that some say for one number and others for two: soixante onze. No number holds them."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one word means: its digits, and for tens and scales the zeros they end in, for multipliers how often."""

    kind: Kind
    digits: str = ""
    zeros: int = 0
    times: int = 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's spoken words, folded, with their meanings; `compounds` are those of several words, `longest` at most."""

    language: str
    words: Mapping[str, Word] = field(default_factory=dict)
    compounds: Mapping[tuple[str, ...], Word] = field(default_factory=dict)
    longest: int = 1


def fold(text: str) -> str:
    """Text as it is compared: without case, accents in one form, one kind of apostrophe."""
    return unicodedata.normalize("NFC", text.casefold()).translate(_APOSTROPHES)


_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc\uff07", "''''")


def heard_languages() -> frozenset[str]:
    """The languages in which spoken digits are understood: those with a table of spoken words."""
    return frozenset(_tables())


def load_vocabularies(languages: Iterable[str]) -> Mapping[str, Vocabulary]:
    """The spoken words of languages; of one without a table, none."""
    known = heard_languages()
    return {each: load_vocabulary(each) if each in known else Vocabulary(each) for each in languages}


@cache
def load_vocabulary(language: str) -> Vocabulary:
    """The spoken words of a language ("en"), read once. Raises UnknownLanguage, naming the languages there are."""
    tables = _tables()
    if language not in tables:
        raise UnknownLanguage(f"no spoken words for language {language!r}; choose one of: {', '.join(sorted(tables))}")
    table = tomllib.loads(tables[language].read_text(encoding="utf-8"))
    rows = table.pop(_COMPOUNDS, [])
    meanings = {
        tuple(fold(phrase).split()): _meaning(section, value)
        for section, entries in table.items()
        for value, phrases in entries.items()
        for phrase in phrases
    }
    for phrase, meaning in _compounds(rows, table):
        meanings.setdefault(phrase, meaning)
    words = {phrase[0]: meaning for phrase, meaning in meanings.items() if len(phrase) == 1}
    compounds = {phrase: meaning for phrase, meaning in meanings.items() if len(phrase) > 1}
    return Vocabulary(language, MappingProxyType(words), MappingProxyType(compounds), max(map(len, compounds), default=1))


def _tables() -> dict[str, Path]:
    return {path.stem.removeprefix("spoken_"): path for path in _SCRIPTS.glob("spoken_*.toml")}


def _compounds(rows: Iterable[Mapping[str, Any]], table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Word]]:
    """The phrases that a table's rows of compounds stand for, each with its number; a row may build on those before it."""
    said: dict[int, list[str]] = {}
    for entries in (table.get(section, {}) for section in _PARTS):
        for value, phrases in entries.items():
            said.setdefault(int(value), []).extend(phrases)
    for row in rows:
        first_rest, last_rest = row["rest"]
        for first, rest in product(row["first"], range(first_rest, last_rest + 1)):
            phrases = list(_joined(row["said"], said.get(first, ()), said.get(rest, ())))
            is_clear = not row.get("unclear", False)
            meaning = Word(Kind.NUMBER, str(first + rest)) if is_clear else Word(Kind.UNCLEAR)
            yield from ((tuple(fold(phrase).split()), meaning) for phrase in phrases)
            if is_clear:
                said.setdefault(first + rest, []).extend(phrases)


def _joined(patterns: Iterable[str], firsts: Iterable[str], rests: Iterable[str]) -> Iterator[str]:
    for pattern, first, rest in product(patterns, firsts, rests):
        yield pattern.format(first=first, rest=rest)


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
        case "digits" | "teens" | "decades" | "numbers":
            return Word(Kind.NUMBER, value)
        case "tens":
            return Word(Kind.NUMBER, value, zeros=1)
        case "hundreds":
            return Word(Kind.NUMBER, value, zeros=2)
        case "homophones":
            return Word(Kind.HOMOPHONE, value)
        case "multipliers":
            return Word(Kind.MULTIPLIER, times=int(value))
        case "scales":
            return Word(Kind.SCALE, zeros=int(value))
        case "bare_scales":
            return Word(Kind.BARE_SCALE, "1", zeros=int(value))
    raise ValueError(f"a table of spoken words has no section {section!r}")
