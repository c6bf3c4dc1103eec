"""Numbers of several words: which words of an utterance belong together ("quatre vingt dix sept", "treinta y uno").

Law: a word that might belong to two numbers is refused, and so is a number that a pause has cut: "vingt, deux".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ivr.vocabulary import Kind, Vocabulary, Word


@dataclass(frozen=True, slots=True)
class Piece:
    """One or several words of an utterance with their meaning; None when they have none by themselves."""

    words: tuple[str, ...]
    meaning: Word | None


def joined(pieces: Sequence[Piece], vocabulary: Vocabulary) -> list[Word] | None:
    """The meanings of all words, one for each compound; None when one has no meaning or two readings."""
    texts = tuple(piece.words[0] for piece in pieces)
    compounds = _widest(_places(texts, vocabulary))
    if any(later.start < earlier.stop for earlier, later in pairwise(compounds)):
        return None
    whole: list[Piece] = []
    position = 0
    for place in compounds:
        whole += pieces[position : place.start]
        spoken = texts[place.start : place.stop]
        whole.append(Piece(spoken, vocabulary.compounds[spoken]))
        position = place.stop
    whole += pieces[position:]
    meanings = [piece.meaning for piece in whole if piece.meaning]
    return None if len(meanings) < len(whole) or _was_cut(whole, vocabulary) else meanings


def _places(texts: tuple[str, ...], vocabulary: Vocabulary) -> Iterator[range]:
    """Where a compound stands."""
    for start in range(len(texts)):
        for stop in range(start + 2, min(start + vocabulary.longest, len(texts)) + 1):
            if texts[start:stop] in vocabulary.compounds:
                yield range(start, stop)


def _widest(places: Iterator[range]) -> list[range]:
    """In order, without those that are part of a longer one; where two begin together the longer comes last."""
    widest: list[range] = []
    for place in places:
        if widest and widest[-1].start == place.start:
            widest[-1] = place
        elif not widest or widest[-1].stop < place.stop:
            widest.append(place)
    return widest


def _was_cut(whole: Sequence[Piece], vocabulary: Vocabulary) -> bool:
    """Whether pieces on both sides of a pause would be one number without it."""
    spoken = [piece.words for piece in whole if piece.meaning and piece.meaning.kind not in (Kind.NOISE, Kind.PAUSE)]
    for start in range(len(spoken)):
        together = spoken[start]
        for words in spoken[start + 1 : start + vocabulary.longest]:
            together += words
            if together in vocabulary.compounds:
                return True
    return False
