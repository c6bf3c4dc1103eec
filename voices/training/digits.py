"""The Free Spoken Digit Dataset, and the same recordings in other voices.

Four men are few: the WORLD vocoder moves each recording to another pitch, vocal tract and pace, so that women are heard too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voices.sound import Sound
from voices.training.conversion import other_voice
from voices.training.units import DIGITS
from voices.training.utterance import Utterance, as_samples

SOURCE = "digits"


@dataclass(frozen=True, slots=True)
class Digit:
    """One recording, as it is or (with a seed) in another voice."""

    path: Path
    seed: int | None

    def utterances(self) -> Iterator[Utterance]:
        spoken = _recording(self.path)
        yield spoken if self.seed is None else converted(spoken, np.random.default_rng(self.seed))


def recipes(folder: Path, seed: int, conversions: int = 3) -> Sequence[Digit]:
    """Every recording of the folder, and it again in so many other voices."""
    paths = sorted(folder.glob("*.wav"))
    seeds = iter(np.random.default_rng(seed).integers(2**62, size=len(paths) * conversions))
    return [Digit(path, None) for path in paths] + [Digit(path, int(next(seeds))) for path in paths for _ in range(conversions)]


def _recording(path: Path) -> Utterance:
    digit, speaker, _ = path.stem.split("_")
    return Utterance(Sound.of_wav(path.read_bytes()).samples, (DIGITS[int(digit)].name,), speaker, SOURCE)


def converted(utterance: Utterance, rng: np.random.Generator) -> Utterance:
    """The same words in a random other voice."""
    samples = as_samples(other_voice(utterance.samples.astype(np.float64), rng))
    return Utterance(samples, utterance.words, f"{utterance.speaker}/converted", utterance.source)
