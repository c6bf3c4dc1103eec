"""The Free Spoken Digit Dataset, and the same recordings in other voices.

Four men are few: the WORLD vocoder moves each recording to another pitch, vocal tract and pace, so that women are heard too.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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


DigitsOf = Mapping[int, Sequence[NDArray[np.float32]]]
"""One person's recordings of each digit, at full scale 1.0; one that was never recorded is missing."""


def people(folder: Path) -> Mapping[str, DigitsOf]:
    """Everybody in a folder of files like `7_jackson_32.wav`."""
    told: dict[str, dict[int, list[NDArray[np.float32]]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(folder.glob("[0-9]_*_*.wav")):
        digit, speaker, _ = path.stem.split("_")
        told[speaker][int(digit)].append(np.asarray(Sound.of_wav(path.read_bytes()).samples / 32768, np.float32))
    return told


def converted(utterance: Utterance, rng: np.random.Generator) -> Utterance:
    """The same words in a random other voice."""
    samples = as_samples(other_voice(utterance.samples.astype(np.float64), rng))
    return Utterance(samples, utterance.words, f"{utterance.speaker}/converted", utterance.source)
