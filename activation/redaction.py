"""Foreign product keys: anything shaped like one that is not ours is refused unread and removed wherever text is kept.

The simulator's keys begin with `SIM`, which no real product key can. A key is five blocks of five letters and digits,
with little or nothing between them. Words and figures that only happen to have that rhythm ("three seven eight three
seven", a solid installation ID) are not keys.
"""

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

REMOVED = "[product key removed]"

_BLOCK = r"[A-Za-z0-9]{5}"
_SHORTEST = 25
"""Characters of a key with nothing between its blocks."""
_GAP = r"[\W_]{0,8}"
_HYPHEN = r"[\-\u2010-\u2015\u2212]"
_RUN = re.compile(rf"(?<![A-Za-z0-9]){_BLOCK}(?:{_GAP}{_BLOCK}){{4,}}(?![A-Za-z0-9])")
# Hyphens tell where the blocks are, even when other letters stick to the first or the last.
_HYPHENATED_RUN = re.compile(rf"{_BLOCK}(?:{_HYPHEN}{_BLOCK}){{4,}}")
_HYPHENATED = re.compile(rf"{_BLOCK}(?:{_HYPHEN}{_BLOCK}){{4}}")
_SYMBOL = "[BCDFGHJKMPQRTVWXY2346789]"
_OWN = re.compile(rf"SIM{_SYMBOL}{{2}}(?:{_GAP}{_SYMBOL}{{5}}){{4}}", re.IGNORECASE)
_VOWELS = re.compile(r"[AEIOUaeiou]")

_ESCAPE = r"\\(?:[fnrtv]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})"
# A percent sign may be encoded itself, as 25: an address inside an address.
_PERCENT_ENCODED = r"(?:%(?:25)*[89A-Fa-f][0-9A-Fa-f])+|%(?:25)*[0-7][0-9A-Fa-f]"
_WRITTEN_CHARACTER = re.compile(rf"{_ESCAPE}|{_PERCENT_ENCODED}|.", re.DOTALL)
_ENCODES = re.compile(r"[^\x00-\x7f]|[%\\]")
_UNSEEN = {"Cf", "Mn"}
"""Unicode categories that show no character of their own: joiners, direction marks, accents by themselves."""


class _Span(NamedTuple):
    """Part of a text, from its first character to behind its last."""

    start: int
    stop: int


def holds_foreign_key(text: str) -> bool:
    """Whether anything in `text` is shaped like a product key that is not the simulator's own."""
    return bool(_foreign_spans(text))


def redact(text: str) -> str:
    """`text` with every foreign product key replaced by a note that one was there."""
    edges = [_Span(0, 0), *_foreign_spans(text), _Span(len(text), len(text))]
    return REMOVED.join(text[before.stop : after.start] for before, after in pairwise(edges))


def _foreign_spans(text: str) -> list[_Span]:
    """Where foreign keys stand. Our own are blanked out first: no block of theirs is part of another key."""
    if len(text) < _SHORTEST and text.isascii():  # other letters may read as several: one Arabic ligature says eighteen
        return []
    return _found(_blanked(text, _found(text, _own_keys)), _foreign_keys)


def _blanked(text: str, spans: list[_Span]) -> str:
    characters = list(text)
    for start, stop in spans:
        characters[start:stop] = " " * (stop - start)
    return "".join(characters)


def _found(text: str, search: Callable[[str], list[_Span]]) -> list[_Span]:
    """What a search finds in the text as it stands and as it reads, in order.

    Touching finds are merged: a word of five letters before a key must not hide its end.
    """
    merged: list[_Span] = []
    for span in sorted([*search(text), *_found_as_it_reads(text, search)]):
        if merged and span.start <= merged[-1].stop:
            merged[-1] = _Span(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(span)
    return merged


def _found_as_it_reads(text: str, search: Callable[[str], list[_Span]]) -> list[_Span]:
    """What a search finds in what the text says to a reader: %2D is a hyphen, a wide letter plain, a joiner nothing."""
    if not _ENCODES.search(text):
        return []
    characters, places = [], []
    for written in _WRITTEN_CHARACTER.finditer(text):
        for character in _plain(written[0]):
            characters.append(character)
            places.append(written.span())
    return [_Span(places[start][0], places[stop - 1][1]) for start, stop in search("".join(characters))]


def _plain(written: str) -> str:
    """What one written character says, in its simplest letters; nothing when it cannot be seen."""
    if len(written) == 1 and written.isascii():  # most of any text, and a backslash by itself
        return written
    said = unicodedata.normalize("NFKC", _decoded(written))
    return "".join(character for character in said if unicodedata.category(character) not in _UNSEEN)


def _decoded(written: str) -> str:
    if written.startswith("\\"):
        return written.encode().decode("unicode_escape")
    return unquote(written.replace("25", ""))


def _own_keys(text: str) -> list[_Span]:
    return [_Span(*own.span()) for own in _OWN.finditer(text)]


def _foreign_keys(text: str) -> list[_Span]:
    runs = [*_RUN.finditer(text), *_HYPHENATED_RUN.finditer(text)]
    return [span for run in runs for span in _windows(run) if _is_foreign(text[span.start : span.stop])]


def _windows(run: re.Match[str]) -> list[_Span]:
    """Every five neighbouring blocks of a run."""
    blocks = [block.span() for block in re.compile(_BLOCK).finditer(run.string, *run.span())]
    return [_Span(first[0], fifth[1]) for first, fifth in zip(blocks, blocks[4:], strict=False)]


def _is_foreign(candidate: str) -> bool:
    if not any(character.isalpha() for character in candidate):
        return False
    if _HYPHENATED.fullmatch(candidate):
        return True
    return any(character.isdigit() for character in candidate) or not _VOWELS.search(candidate)
