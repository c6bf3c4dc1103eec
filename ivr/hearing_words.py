"""What callers may say to the line, word by word, for a recogniser that can be told what to listen for."""

from ivr.script import Script
from ivr.vocabulary import Kind, Vocabulary, Word, fold

_HEARD = frozenset((Kind.NUMBER, Kind.MULTIPLIER, Kind.LINK, Kind.NEGATION))
"""Everyday words that sound like a digit are left out, so that the digit is heard; negations are not: a command that was not
meant must not be heard as one that was."""
_MOST_DIGITS = 2
"""Of a number. Longer ones in one word, as German has them, are thousands, and people read digits and pairs."""


def words_to_hear(script: Script, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Every word of digits, of numbers below 100 and of the line's commands in a language, each once."""
    numbers = [word for word, meaning in vocabulary.words.items() if _is_heard(meaning)]
    compounds = [word for words, meaning in vocabulary.compounds.items() if _is_heard(meaning) for word in words]
    phrases = [phrase for keys in script.words.values() for phrases in keys.values() for phrase in phrases]
    commands = [word for phrase in phrases for word in fold(phrase).split()]
    return tuple(dict.fromkeys((*numbers, *compounds, *commands)))


def _is_heard(meaning: Word) -> bool:
    return meaning.kind in _HEARD and len(meaning.digits) <= _MOST_DIGITS
