"""Words said by synthetic voices, in one run or one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voices.sound import RATE_HZ
from voices.training.utterance import Utterance, as_samples


class Voice(Protocol):
    """A synthetic voice; its `name` tells it from the others of its source."""

    @property
    def name(self) -> str: ...

    def speak(self, text: str) -> NDArray[np.float64]:
        """The text at 8 kHz, without the silence around it, peak 1."""
        ...


@dataclass(frozen=True, slots=True)
class Speech:
    """Words to be said by a voice, in one run or (with pauses, in seconds, before each word but the first) one by one."""

    words: tuple[str, ...]
    voice: Voice
    pauses_seconds: tuple[float, ...] | None
    loudest: float
    source: str

    def utterances(self) -> Iterator[Utterance]:
        signal = self._in_a_run() if self.pauses_seconds is None else self._one_by_one(self.pauses_seconds)
        yield Utterance(as_samples(signal, self.loudest), self.words, self.voice.name, self.source)

    def _in_a_run(self) -> NDArray[np.float64]:
        return self.voice.speak(" ".join(self.words))

    def _one_by_one(self, pauses_seconds: Sequence[float]) -> NDArray[np.float64]:
        return np.concatenate(list(self._pieces(pauses_seconds)))

    def _pieces(self, pauses_seconds: Sequence[float]) -> Iterator[NDArray[np.float64]]:
        for word, pause_seconds in zip(self.words, (0.0, *pauses_seconds), strict=True):
            yield np.zeros(round(pause_seconds * RATE_HZ))
            yield self.voice.speak(word)


def trimmed(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """The signal from its first to its last loud sample, with its peak at 1."""
    level = np.abs(signal)
    loud = np.flatnonzero(level > 0.004 * level.max())
    return signal[loud[0] : loud[-1] + 1] / level.max() if len(loud) else signal
