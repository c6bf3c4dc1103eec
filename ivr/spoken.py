"""Understanding speech that has already been written down: digits and commands, in whatever shape the recogniser chose.

Law: pure functions over text, and the words are data (`vocabulary.py`). What has two ordinary readings is refused, not
guessed: being asked again costs the caller less than a wrong digit.

Twilio promises no shape for `SpeechResult` (Gather): solid digits, groups, words, teens and mixtures all occur. Reading
goes in three steps: text to words, words to numerals by the grammar `_UTTERANCE`, numerals to digits by `_written_out`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.compounds import Piece, joined
from ivr.vocabulary import Kind, UnknownLanguage, Vocabulary, Word, fold, load_vocabulary

__all__ = ["MAXIMUM_CHARACTERS", "UnknownLanguage", "Vocabulary", "load_vocabulary", "spoken_command", "spoken_digits"]

MAXIMUM_CHARACTERS = 2_000
"""Longest text listened to. A Gather hears a minute at most, and nobody says 2,000 characters in one."""

_TOKEN = re.compile(
    r"""(?P<figures> [0-9]+ )                          # ASCII only: other scripts' digits are strangers
    | (?P<word> [^\W\d_]+ (?: ' [^\W\d_]+ )* )         # seven, it's
    | (?P<pause> [,;:!?()'"\u2013\u2014\u201c\u201d\u2026] | \.(?![0-9]) )  # a point before a figure is a decimal's
    | (?P<blank> [\s\-\u2010\u2011\u200b-\u200d\u2060\ufeff]+ )  # spaces and hyphens of every kind
    | (?P<stranger> . )""",
    re.VERBOSE | re.DOTALL,
)
_COMMAND_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

# The grammar, over one letter a word (the values of Kind): double five, a hundred, five hundred, twenty, 1234, cent mille.
# A numeral keeps all the scales behind it (possessive): tried every way, "cent cent cent" would take time beyond all bounds.
_NUMERAL = re.compile("x[nhd]|a[sc]++|[nhd][sc]*+|c[sc]*+")
_UTTERANCE = re.compile(f"[lfp]*(?:(?:{_NUMERAL.pattern})[lfp]*)+")
_SURE = frozenset((Kind.NUMBER, Kind.FIGURES, Kind.MULTIPLIER, Kind.SCALE, Kind.BARE_SCALE))


@dataclass(frozen=True, slots=True)
class _Numeral:
    """Digits said in one breath, and how they may join the number before them."""

    digits: str
    room: int
    """Trailing zeros that the next numeral may replace: twenty 1, nine hundred 2."""
    span: int
    """Places that its leading part would fill in the number before: five 1, thirteen 2, five hundred 1."""
    completes: bool
    """Whether it can be part of the number before: "five" can ("twenty five"); "5", "oh" and "double five" cannot."""


def spoken_digits(text: str, vocabulary: Vocabulary) -> str | None:
    """The ASCII digits that were said, or None when anything that is neither digit nor filler was said.

    Read as English does, and one number after another:
    - "twenty one" is 21, "one hundred and five" 105, "two thousand five hundred" 2500, "nineteen eighty four" 1984;
    - "twenty oh one" is 2001 and "four fifty" 450: what cannot complete the number before stands behind it;
    - figures stay as they are written, so "20 1" is 201; "double five" is 55, "triple oh" 000, "a hundred" 100.

    Refused, because two readings would differ in their digits:
    - a scale behind a compound: "twenty five hundred" (2500, or 20 and 500), "forty two thousand";
    - a number that may or may not go on: "twenty, one", "twenty uh one", "one hundred oh five", "one hundred 23";
    - "double double five", "double thirteen", "double five hundred", "two fives".

    A homophone ("to", "for", "ate") counts in an unbroken run with a surer digit: "for five" is 45, "for" is nothing,
    and "for tea" is not forty. Decimals, other scripts' digits and texts over MAXIMUM_CHARACTERS are refused.
    """
    words = _words(text, vocabulary)
    kinds = "".join(word.kind for word in words)
    if not _UTTERANCE.fullmatch(kinds) or not _homophones_have_company(kinds):
        return None
    return _written_out(words, kinds)


def _words(text: str, vocabulary: Vocabulary) -> list[Word]:
    """The words of a text with their meanings, those of compounds joined; none at all when one is a stranger or might be part
    of two numbers, or the text is too long."""
    if len(text) > MAXIMUM_CHARACTERS:
        return []
    tokens = [token for token in _TOKEN.finditer(fold(text)) if token.lastgroup != "blank"]
    words = joined([Piece((token[0],), _word(token, vocabulary)) for token in tokens], vocabulary)
    return words or []


def _word(token: re.Match[str], vocabulary: Vocabulary) -> Word | None:
    match token.lastgroup:
        case "figures":
            return Word(Kind.FIGURES, token[0])
        case "pause":
            return Word(Kind.PAUSE)
    return vocabulary.words.get(token[0])


def _homophones_have_company(kinds: str) -> bool:
    """Whether each run, from noise to noise, that holds a homophone also holds what is surely a number's."""
    return all(_SURE.intersection(run) for run in kinds.split(Kind.NOISE) if Kind.HOMOPHONE in run)


def _written_out(words: Sequence[Word], kinds: str) -> str | None:
    """The digits of all numerals, each completing the one before or standing behind it; None if it might do either."""
    digits, room, end = "", 0, 0
    for found in _NUMERAL.finditer(kinds):
        numeral = _numeral(words[found.start() : found.end()])
        if numeral is None or (digits and found[0].startswith(Kind.BARE_SCALE)):  # "five, hundred" may be 500
            return None
        if numeral.span <= room:
            if not _completes(numeral, room, kinds[end : found.start()]):
                return None
            digits = digits[: -len(numeral.digits)]
        digits, room, end = digits + numeral.digits, numeral.room, found.end()
    return digits


def _completes(numeral: _Numeral, room: int, gap: str) -> bool:
    """Whether a numeral surely belongs to the number before: it fits, and at most a "hundred and" stands between."""
    unbroken = gap == "" or (gap == Kind.LINK and room > 1)
    return unbroken and numeral.completes and len(numeral.digits) <= room


def _numeral(words: Sequence[Word]) -> _Numeral | None:
    """The numeral of words that match `_NUMERAL`, or None when it makes no number ("double ten", "zero hundred")."""
    first, *others = words
    if first.kind is Kind.MULTIPLIER:
        return _multiplied(others[0].digits, first.times)
    digits, room = first.digits, first.zeros
    if first.kind is Kind.BARE_SCALE:
        digits += "0" * room
    for scale in others:
        if digits.startswith("0") or scale.zeros <= room or not _may_multiply(first, scale):
            return None
        digits, room = digits + "0" * scale.zeros, scale.zeros
    # A zero opens a pair ("oh five") and so spans two: "twenty oh five" is 2005, "one hundred oh five" is unclear.
    is_zero = first.digits == "0"
    span = 2 if is_zero else len(first.digits)
    return _Numeral(digits, room, span, completes=not is_zero and first.kind is not Kind.FIGURES)


def _may_multiply(first: Word, scale: Word) -> bool:
    """Whether a scale counts what stands before it: one that can stand by itself counts a digit above one, or an article."""
    if scale.kind is Kind.SCALE or first.kind in (Kind.ARTICLE, Kind.BARE_SCALE):
        return True
    return len(first.digits) == 1 and first.digits > "1"


def _multiplied(digit: str, times: int) -> _Numeral | None:
    return _Numeral(digit * times, room=0, span=times, completes=False) if len(digit) == 1 else None


def spoken_command(text: str, words: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary) -> str | None:
    """The command whose phrase was said ("go back", "agent please"), from a table of commands and their phrases.

    Phrases match whole words, in any case and punctuation. Where phrases overlap the longest is heard ("go back to the
    menu", not "go back"). None when no phrase was said, or phrases of two commands were ("repeat or go back"), or a
    negation that belongs to no phrase: "don't repeat" is no command, and "it wasn't accepted" is not "accepted".
    """
    if len(text) > MAXIMUM_CHARACTERS:
        return None
    commands, rest = _commands_said(_command_words(text), _phrases(words))
    if len(commands) != 1 or any(_negates(word, vocabulary) for word in rest):
        return None
    return commands.pop()


def _commands_said(said: tuple[str, ...], phrases: Mapping[tuple[str, ...], set[str]]) -> tuple[set[str], list[str]]:
    """All commands said, and the words around them.

    Longest phrases come first: words that a longer phrase has used are not heard again.
    """
    commands: set[str] = set()
    used: set[int] = set()
    for size in sorted({len(phrase) for phrase in phrases}, reverse=True):
        places = [range(start, start + size) for start in range(len(said) - size + 1)]
        found = [place for place in places if said[place.start : place.stop] in phrases and used.isdisjoint(place)]
        commands.update(*(phrases[said[place.start : place.stop]] for place in found))
        used.update(*found)
    return commands, [word for position, word in enumerate(said) if position not in used]


def _negates(word: str, vocabulary: Vocabulary) -> bool:
    meaning = vocabulary.words.get(word)
    return meaning is not None and meaning.kind is Kind.NEGATION


def _phrases(words: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, ...], set[str]]:
    """Every phrase, as its words, with the commands it stands for."""
    phrases: dict[tuple[str, ...], set[str]] = {}
    for command, spoken in words.items():
        for phrase in filter(None, map(_command_words, spoken)):
            phrases.setdefault(phrase, set()).add(command)
    return phrases


def _command_words(text: str) -> tuple[str, ...]:
    return tuple(_COMMAND_WORD.findall(fold(text)))
