"""What the service says to people: one TOML file a language, a sentence for every code. No sentence stands anywhere else.

Written to be read on a screen, unlike the line's, which are heard; the codes are the same.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

Sentences = Mapping[str, str]
"""The sentences of one language by code: `refused.region`, `ask_first`."""


@cache
def load_sentences() -> Mapping[str, Sentences]:
    """Every language of the service by its code (BCP 47, the first part): en, de, fr, es."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return {file.stem: _flat(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files}


def language_for(asked: str | None, accepted: list[str], usual: str) -> str:
    """The language to answer in: the one asked for, else the first that is accepted, else the usual one, else English."""
    known = load_sentences()
    wanted = (tag.partition("-")[0].lower() for tag in (asked or "", *accepted))
    return next((language for language in wanted if language in known), usual if usual in known else "en")


def _flat(tables: Mapping[str, Any]) -> Sentences:
    alone = {name: text for name, text in tables.items() if isinstance(text, str)}
    within = {f"{table}.{name}": text for table, texts in tables.items() if table not in alone for name, text in texts.items()}
    return alone | within
