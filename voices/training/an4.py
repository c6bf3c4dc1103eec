"""CMU's AN4: 84 people answering a census, kept as cepstra only, given a voice again.

The cepstra are those of Sphinx: c_i = 1/40 * sum_j L_j cos(pi i (j + 1/2) / 40), with the first L_j halved, over the natural
logarithms L of 40 unit-area triangles between 130 and 6800 Hz on the power spectrum of pre-emphasised (0.97) speech at 16 kHz.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from voices.sound import RATE_HZ
from voices.training import vocoder
from voices.training.utterance import Utterance, as_samples

SOURCE = "an4"
CEPSTRA = 13
FILTERS = 40
_LOWEST_HZ, _HIGHEST_HZ = 130.0, 6800.0
ANALYSIS_RATE_HZ = 16_000
_TRANSFORM_SIZE = 1024
_FRAME_MILLISECONDS = 10.0
_PRE_EMPHASIS = 0.97
_LINE = re.compile(r"(?:<s> )?(?P<words>.*?)\s*(?:</s> )?\((?P<name>\w+-(?P<speaker>\w+)-b)\)")
_SAME_SOUND = {"o": "oh"}
"""The letter is said as the digit, and cannot be told from it."""

Frames = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one speaker, spoken with what the seed decides."""

    path: Path
    words: tuple[str, ...]
    speaker: str
    seed: int

    def utterances(self) -> Iterator[Utterance]:
        cepstra = read_cepstra(self.path)
        yield Utterance(
            resynthesised(cepstra, self.speaker, np.random.default_rng(self.seed)), self.words, self.speaker, SOURCE
        )


def recipes(folder: Path, seed: int, versions: int = 2) -> Sequence[Answer]:
    """Every answer of the folder, so many times."""
    told = list(answers(folder))
    seeds = iter(np.random.default_rng(seed).integers(2**62, size=len(told) * versions))
    return [Answer(*answer, int(next(seeds))) for answer in told for _ in range(versions)]


def answers(folder: Path) -> Iterator[tuple[Path, tuple[str, ...], str]]:
    """Every answer: its file, its words, its speaker."""
    paths = {path.stem: path for path in sorted((folder / "feat").rglob("*.mfc"))}
    for part in ("train", "test"):
        for line in (folder / f"etc/an4_{part}.transcription").read_text(encoding="ascii").splitlines():
            if found := _LINE.fullmatch(line.strip()):
                words = tuple(_SAME_SOUND.get(word, word) for word in found["words"].lower().split())
                yield paths[found["name"]], words, found["speaker"]


def read_cepstra(path: Path) -> Frames:
    """The frames of a Sphinx file, one row each: a big-endian count, then that many big-endian floats."""
    content = path.read_bytes()
    count = int.from_bytes(content[:4], "big")
    return np.frombuffer(content, ">f4", count, 4).astype(np.float64).reshape(-1, CEPSTRA)


def _mel(frequency_hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return 2595.0 * np.log10(1.0 + np.asarray(frequency_hz) / 700.0)


def _cosines() -> Frames:
    """The transform of Sphinx: CEPSTRA x FILTERS."""
    angles = np.pi / FILTERS * np.outer(np.arange(CEPSTRA), np.arange(FILTERS) + 0.5)
    matrix: Frames = np.cos(angles) / FILTERS
    matrix[:, 0] /= 2
    return matrix


def log_mel(cepstra: Frames) -> Frames:
    """The smoothest log energies of the filters that have these cepstra."""
    return cepstra @ np.linalg.pinv(_cosines()).T


def envelope(cepstra: Frames, formants: float = 1.0) -> Frames:
    """The natural logarithm of the power spectrum without pre-emphasis, at the frequencies of `_TRANSFORM_SIZE`.

    Every formant is at `formants` times its frequency.
    """
    hertz = np.linspace(0, ANALYSIS_RATE_HZ / 2, _TRANSFORM_SIZE // 2 + 1)
    centres = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), FILTERS + 2)[1:-1]
    place = np.clip(np.interp(_mel(hertz / formants), centres, np.arange(FILTERS)), 0, FILTERS - 1.001)
    below = place.astype(int)
    share = place - below
    energies = log_mel(cepstra)
    emphasis = np.abs(1 - _PRE_EMPHASIS * np.exp(-2j * np.pi * np.maximum(hertz, _LOWEST_HZ) / ANALYSIS_RATE_HZ)) ** 2
    spectra = energies[:, below] * (1 - share) + energies[:, below + 1] * share - np.log(emphasis)
    return np.ascontiguousarray(spectra)


def voicing(cepstra: Frames) -> NDArray[np.bool_]:
    """Which frames are voiced: loud ones whose low frequencies are the stronger."""
    energies = log_mel(cepstra)
    low, high = energies[:, 3:12].mean(axis=1), energies[:, 28:].mean(axis=1)
    floor, peak = np.percentile(low, [10, 98])
    is_voiced = (low > floor + 0.4 * (peak - floor)) & (low - high > -0.5)
    smooth: NDArray[np.bool_] = median_filter(is_voiced, 5)
    return smooth


def _pitch_hz(frames: int, speaker: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """A contour that falls a little and wavers, for a woman or a man, as the first letter of the speaker tells."""
    mean_hz = rng.uniform(165, 260) if speaker.startswith("f") else rng.uniform(85, 160)
    seconds = np.arange(frames) * _FRAME_MILLISECONDS / 1000
    fall = rng.uniform(-0.02, 0.12) * (0.5 - np.linspace(0, 1, frames))
    sway = rng.uniform(0.02, 0.1) * np.sin(2 * np.pi * (rng.uniform(0.3, 1.5) * seconds + rng.random()))
    return mean_hz * np.exp(fall + sway + 0.01 * rng.normal(size=frames))


def resynthesised(cepstra: Frames, speaker: str, rng: np.random.Generator) -> NDArray[np.int16]:
    """Speech at 8 kHz with these cepstra and a random pitch and breathiness."""
    return as_samples(soxr.resample(wideband(cepstra, speaker, rng), ANALYSIS_RATE_HZ, RATE_HZ))


def wideband(
    cepstra: Frames, speaker: str, rng: np.random.Generator, formants: float = 1.0, pace: float = 1.0
) -> NDArray[np.float64]:
    """The same at the 16 kHz of the recordings, as loud as they were; every frame lasts `pace` times as long."""
    spectra, is_voiced = envelope(cepstra, formants), voicing(cepstra)
    pitch = np.where(is_voiced, _pitch_hz(len(cepstra), speaker, rng), 0.0)
    hertz = np.linspace(0, ANALYSIS_RATE_HZ / 2, spectra.shape[1])
    rise = 1 / (1 + np.exp(-(hertz - rng.uniform(2500, 4500)) / 500))
    breath = np.clip(rng.uniform(0.02, 0.15) + rise * rng.uniform(0.3, 0.8), 0.001, 0.999)
    aperiodicity = np.where(is_voiced[:, None], breath, 0.9999)
    spoken: NDArray[np.float64] = vocoder.synthesize(
        pitch, np.exp(spectra), np.ascontiguousarray(aperiodicity), ANALYSIS_RATE_HZ, _FRAME_MILLISECONDS * pace
    )
    return spoken
