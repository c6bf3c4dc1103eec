"""Foreign product keys: anything shaped like one that is not ours is refused unread and removed wherever text is kept.

The simulator's keys begin with `SIM`, which no real product key can. A key is five blocks of five letters and digits.
Words and figures that only happen to have that rhythm ("three seven eight three seven", a solid installation ID) are not keys.
"""

import re
import unicodedata

REMOVED = "[product key removed]"

_GAP = r"[\s\-\u00ad\u2010-\u2015\u2212_.,/|:;\u200b]{0,3}"
_BLOCK = r"[A-Za-z0-9]{5}"
_RUN = re.compile(rf"(?<![A-Za-z0-9]){_BLOCK}(?:{_GAP}{_BLOCK}){{4,}}(?![A-Za-z0-9])")
_OWN = re.compile(r"SIM[BCDFGHJKMPQRTVWXY2346789]{22}", re.IGNORECASE)
_HYPHENATED = re.compile(rf"{_BLOCK}(?:[\-\u2010-\u2015\u2212]{_BLOCK}){{4}}")
_VOWELS = re.compile(r"[AEIOUaeiou]")


def holds_foreign_key(text: str) -> bool:
    """Whether anything in `text` is shaped like a product key that is not the simulator's own."""
    return bool(_foreign_spans(_normal(text)))


def redact(text: str) -> str:
    """`text` with every foreign product key replaced by a note that one was there."""
    normal = _normal(text)
    spans = _foreign_spans(normal)
    if not spans:
        return text
    kept, end = [], 0
    for start, stop in spans:
        kept += [normal[end:start], REMOVED]
        end = stop
    return "".join([*kept, normal[end:]])


def _normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _foreign_spans(text: str) -> list[tuple[int, int]]:
    """Where foreign keys stand, touching ones merged: a word of five letters before a key must not hide its end."""
    spans: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        for start, stop in _windows(text, run):
            if not _is_foreign(text[start:stop]):
                continue
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], stop)
            else:
                spans.append((start, stop))
    return spans


def _windows(text: str, run: re.Match[str]) -> list[tuple[int, int]]:
    """Every five neighbouring blocks of a run, but for those that share a block with a key of our own."""
    blocks = [(run.start() + block.start(), run.start() + block.end()) for block in re.finditer(_BLOCK, run.group())]
    fives = [blocks[index : index + 5] for index in range(len(blocks) - 4)]
    own = {block for five in fives for block in five if _OWN.fullmatch("".join(text[start:stop] for start, stop in five))}
    return [(five[0][0], five[-1][1]) for five in fives if own.isdisjoint(five)]


def _is_foreign(candidate: str) -> bool:
    if not any(character.isalpha() for character in candidate):
        return False
    if _HYPHENATED.fullmatch(candidate):
        return True
    return any(character.isdigit() for character in candidate) or not _VOWELS.search(candidate)
