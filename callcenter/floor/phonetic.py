"""Spelling over the telephone: the words of the ICAO and ITU alphabet, so that B is never taken for D, nor five for nine."""

from typing import NamedTuple

_LETTERS = (
    *("Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima", "Mike"),
    *("November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray", "Yankee"),
    "Zulu",
)
_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Niner")
WORDS = {**{word[0]: word for word in _LETTERS}, **{str(digit): word for digit, word in enumerate(_DIGITS)}}
"""The word for every letter and digit (ICAO Annex 10, volume II, 5.2.1.3; Niner as it is spoken there)."""


class Spelled(NamedTuple):
    """One character, and the word to say for it."""

    character: str
    word: str


def phonetic(text: str) -> tuple[tuple[Spelled, ...], ...]:
    """A key or ID block by block, as hyphens and spaces part it; characters without a word are spoken as they are."""
    blocks = text.upper().replace("-", " ").split()
    return tuple(tuple(Spelled(character, WORDS.get(character, character)) for character in block) for block in blocks)
