"""Every word of the line, one TOML file a language; no sentence stands anywhere else.

A sentence is written to be heard: short, what went wrong first, the key last.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DIGITS = "digits"
EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Script:
    """One language of the line: its locale and voice on Twilio, its sentences by key, and the words that stand for keys.

    `words` maps a place of the conversation, `digits` or `everywhere` to the phrases for each key.
    """

    language: str
    locale: str
    voice: str
    sentences: Mapping[str, str]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    def sentence(self, key: str, /, **values: str | int) -> str:
        """The sentence with its placeholders filled. Raises KeyError for a key or placeholder that does not exist."""
        return self.sentences[key].format_map(values)

    def words_at(self, place: str) -> Mapping[str, tuple[str, ...]]:
        """The phrases that stand for keys at a place: its own, and the general ones whose phrases it does not use itself.

        Where digits are data, only the words of `digits` count: the general ones stand for keys that would be data there.
        """
        own = self.words.get(place, {})
        if place == DIGITS:
            return own
        taken = {phrase for phrases in own.values() for phrase in phrases}
        general = self.words[EVERYWHERE].items()
        return {**{key: tuple(each for each in phrases if each not in taken) for key, phrases in general}, **own}


@cache
def load_scripts() -> Mapping[str, Script]:
    """Every language this folder has a file for, by its code."""
    found = (entry for entry in files(__package__).iterdir() if entry.name.endswith(".toml") and "_" not in entry.name)
    return {script.language: script for script in map(_read, found)}


def _read(entry: Any) -> Script:
    raw = tomllib.loads(entry.read_text(encoding="utf-8"))
    words = {place: {key: tuple(phrases) for key, phrases in keys.items()} for place, keys in raw.pop("words").items()}
    return Script(raw.pop("language"), raw.pop("locale"), raw.pop("voice"), dict(_flatten(raw)), words)


def _flatten(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        pairs += _flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return pairs
