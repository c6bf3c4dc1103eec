"""The sounds of English, which the network learns to tell apart beside the words, so that it hears words of any voice by them.

Only training knows them: the head that tells them apart is left out of the model.
"""

from collections.abc import Sequence

from voices.training.dictionary import pronunciations
from voices.training.units import NOISE, SILENCE, Unit

_NAMES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
UNSPELLED = Unit("SPN", 4)
"""A word that the dictionary does not have."""
SOUNDS = (SILENCE, NOISE, UNSPELLED, *(Unit(name, 2) for name in _NAMES.split()))


def spelled(word: str) -> Sequence[str]:
    """A word's sounds, as they are most often said."""
    if word == NOISE.name:
        return (word,)
    ways = pronunciations().get(word)
    return ways[0] if ways else (UNSPELLED.name,)
