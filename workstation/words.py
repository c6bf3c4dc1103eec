"""Every sentence a person at the computer reads, in the system's language (row 23). Data: `words/FAMILY.LANGUAGE.toml`.

A family's file is the same in every language, sentence for sentence; a test holds them against each other.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "de", "fr", "es")
"""The languages of the simulated systems, as the line's."""

FOLDER = Path(__file__).parent / "words"


def say(key: str, language: str, **values: object) -> str:
    """The sentence `family.name` in a language ("de", also "de-AT"; English for one we have not). KeyError for no sentence."""
    return sentences(spoken(language))[key].format(**values)


def say_count(key: str, count: int, language: str, **values: object) -> str:
    """A sentence about a number of things: `key.one` for a single one, `key.many` for any other; it may name `{count}`."""
    return say(f"{key}.{'one' if count == 1 else 'many'}", language, count=count, **values)


def spoken(language: str) -> str:
    """The one of our languages in which somebody with this language setting (BCP 47) is spoken to."""
    short = language.partition("-")[0].lower()
    return short if short in LANGUAGES else LANGUAGES[0]


@cache
def sentences(language: str) -> Mapping[str, str]:
    """All sentences of one of our languages by key, from all families."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*.{language}.toml")):
        family = path.name.partition(".")[0]
        found |= _flat(tomllib.loads(path.read_text(encoding="utf-8")), family)
    return found


def _flat(table: Mapping[str, object], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        key = f"{prefix}.{name}"
        found |= _flat(value, key) if isinstance(value, dict) else {key: str(value)}
    return found
