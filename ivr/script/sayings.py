"""Everything the line commonly says in a language, sentence by sentence, so that it can be spoken or recorded before a call."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from string import Formatter

from ivr.dialogue.person import LONGEST_WAIT_TOLD_MINUTES
from ivr.script import LANGUAGE_KEYS, Script

Values = Mapping[str, Sequence[str | int]]

COMMON: Values = {
    "number": range(1, 10),  # a group of the installation ID, or a place in the queue
    "count": range(1, 6),  # digits of a group that was left too early
    "length": (6,),
    "minutes": range(2, LONGEST_WAIT_TOLD_MINUTES + 1),  # of waiting
    "letter": "ABCDEFGH",  # a block of the confirmation ID
}
"""What commonly stands for a placeholder, whatever the language."""
_NOT_SAID = ("text.body", "language.pound", "hours.")
"""Keys, or beginnings of keys, whose sentence is written in a text message, or is but a part of others."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence as it is said, and its name: the sentence's key and, where they vary, the values that fill it."""

    name: str
    text: str


def sayings(script: Script, own: Values) -> tuple[Saying, ...]:
    """Every sentence with every common filling; `own` are the placeholders that this line fills in its own way."""
    values = {**COMMON, "key": (*LANGUAGE_KEYS[:-1], script.sentence("language.pound")), **own}
    found = (_filled(script, key, values) for key in _said(script) if not _unknown(script, key, values))
    return tuple(saying for filled in found for saying in filled)


def open_sentences(script: Script, own: Values) -> Mapping[str, tuple[str, ...]]:
    """The sentences that are known only when they are said, by key, with the placeholders that make them so."""
    values = {**COMMON, "key": LANGUAGE_KEYS, **own}
    return {key: unknown for key in _said(script) if (unknown := _unknown(script, key, values))}


def _said(script: Script) -> Iterator[str]:
    return (key for key in script.sentences if not key.startswith(_NOT_SAID))


def _unknown(script: Script, key: str, values: Values) -> tuple[str, ...]:
    return tuple(name for name in _placeholders(script.sentences[key]) if name not in values)


def _filled(script: Script, key: str, values: Values) -> Iterator[Saying]:
    names = _placeholders(script.sentences[key])
    for chosen in product(*(values[name] for name in names)):
        varying = [value for name, value in zip(names, chosen, strict=True) if len(values[name]) > 1]
        filling = dict(zip(names, chosen, strict=True))
        yield Saying(".".join([key, *map(_for_a_file, varying)]), script.sentence(key, **filling))


def _placeholders(sentence: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(sentence) if name))


def _for_a_file(value: str | int) -> str:
    """A value as a part of a file's name."""
    return re.sub(r"\W+", "-", str(value).lower()).strip("-")
