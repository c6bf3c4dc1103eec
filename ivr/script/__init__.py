"""Every word of the line, one TOML file a language; no sentence stands anywhere else. `languages.toml` is their catalogue.

A sentence is written to be heard: short, what went wrong first, the key last.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

DIGITS = "digits"
EVERYWHERE = "everywhere"
FOLDER = Path(__file__).parent
CATALOGUE = "languages.toml"
LANGUAGE_KEYS = "678#"
"""The keys that the main menu leaves free for other languages, in the order of the catalogue."""
WITH_LANGUAGE_KEYS = ("menu", "outage")
"""The places where those keys are heard, by the names of their words."""
BY_KEY = "_by_key"
"""Behind a sentence's key: the same for callers whose language is not heard, who must not be asked to speak."""


class ScriptError(Exception):
    """A catalogue or a file of sentences that will not do; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Language:
    """One line of the catalogue: a language's name in its own words and in others', what Twilio calls it and the voice that
    speaks it, and where its callers live (ISO 3166, and calling codes of ITU-T E.164)."""

    code: str
    title: str
    names: tuple[str, ...]
    locale: str
    voice: str
    countries: frozenset[str] = frozenset()
    calling_codes: frozenset[str] = frozenset()

    def called_from(self, number: str) -> int:
        """How many digits of a number (E.164) say that its caller speaks this; 0 when none do."""
        return max((len(code) for code in self.calling_codes if number.startswith(f"+{code}")), default=0)


@dataclass(frozen=True, slots=True)
class Script:
    """One language of the line: its sentences by key, and the words that stand for keys.

    `words` maps a place of the conversation, `digits` or `everywhere` to the phrases for each key; `choices` the keys of the
    main menu to the other languages; `family` is every language of the line by its code.
    """

    spoken: Language
    sentences: Mapping[str, str]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    choices: Mapping[str, str] = field(default_factory=dict)
    family: Mapping[str, "Script"] = field(default_factory=dict, repr=False, compare=False)

    @property
    def language(self) -> str:
        """Its code: en."""
        return self.spoken.code

    @property
    def locale(self) -> str:
        """Its locale on Twilio: en-US."""
        return self.spoken.locale

    @property
    def voice(self) -> str:
        """The voice that speaks it on Twilio."""
        return self.spoken.voice

    def speaking(self, language: str) -> "Script":
        """The script for a sentence that is said in this language; empty: the call's own."""
        return self.family[language] if language else self

    def sentence(self, key: str, /, **values: str | int) -> str:
        """The sentence with its placeholders filled. Raises KeyError for a key or placeholder that does not exist."""
        return self.sentences[key].format_map(values)

    def section(self, name: str) -> Mapping[str, str]:
        """The sentences of one section by the rest of their keys, for who fills them by rules of their own."""
        return {key.removeprefix(f"{name}."): words for key, words in self.sentences.items() if key.startswith(f"{name}.")}

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
def load_scripts(folder: Path = FOLDER) -> Mapping[str, Script]:
    """Every language of a folder's catalogue, in its order, by its code. Raises ScriptError."""
    languages = [_language(row) for row in _read(folder / CATALOGUE).get("languages", ())]
    family: dict[str, Script] = {}
    for language in languages:
        others = [other for other in languages if other is not language]
        family[language.code] = _script(_read(folder / f"{language.code}.toml"), language, others, MappingProxyType(family))
    return MappingProxyType(family)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise ScriptError(f"{path.name}, which the line speaks from, cannot be read: {fault}") from None


def _language(row: Mapping[str, Any]) -> Language:
    sets = {name: frozenset(row.get(name, ())) for name in ("countries", "calling_codes")}
    try:
        return Language(**{**row, "names": tuple(row["names"]), **sets})
    except (KeyError, TypeError) as wrong:
        raise ScriptError(f"{CATALOGUE}: the language {row.get('code')!r} has an entry missing or too many: {wrong}") from None


def _script(raw: dict[str, Any], language: Language, others: list[Language], family: Mapping[str, Script]) -> Script:
    """The other languages' names are words for their keys."""
    offered = dict(zip(LANGUAGE_KEYS, others, strict=False))
    words = {place: {key: tuple(phrases) for key, phrases in keys.items()} for place, keys in raw.pop("words").items()}
    for place in WITH_LANGUAGE_KEYS:
        words[place] = words.get(place, {}) | {key: other.names for key, other in offered.items()}
    choices = {key: other.code for key, other in offered.items()}
    return Script(language, dict(_flatten(raw)), words, choices, family)


def _flatten(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        pairs += _flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return pairs
