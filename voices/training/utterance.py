"""What a corpus consists of: someone saying some words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Utterance:
    """Lower-case English words as someone says them, mono at 8 kHz; `speaker` is the person first, then what was changed."""

    samples: NDArray[np.int16]
    words: tuple[str, ...]
    speaker: str
    source: str


class Recipe(Protocol):
    """How to make some utterances: small enough to be sent to another process, and always giving the same ones."""

    def utterances(self) -> Iterable[Utterance]: ...


def as_samples(signal: NDArray[np.floating], loudest: float = 0.5) -> NDArray[np.int16]:
    """The signal with its peak at this share of full scale."""
    peak = max(float(np.max(np.abs(signal), initial=0.0)), 1e-9)
    return np.round(signal * (loudest / peak * 32767)).astype(np.int16)
