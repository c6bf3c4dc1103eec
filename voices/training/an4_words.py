"""AN4's answers cut into single words, each said again and again in voices like the speaker's.

Where a word begins and ends is found by pocketsphinx, which aligns what was said with the answer given a voice again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pocketsphinx
import soxr
from numpy.typing import NDArray

from voices.sound import RATE_HZ
from voices.training.an4 import ANALYSIS_RATE_HZ, Frames, answers, read_cepstra, wideband
from voices.training.dictionary import word_of
from voices.training.utterance import Utterance, as_samples

SOURCE = "an4-words"
_AROUND = 3
"""Frames kept before and after a word, where its sounds begin and die away."""
_FEWEST, _MOST = 12, 90
"""Frames: an aligned word that is shorter or longer was not found."""
_FADE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Cut:
    """A word of an answer, in frames."""

    word: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """All words of one answer, each so many times, with what the seed decides."""

    path: Path
    words: tuple[str, ...]
    speaker: str
    versions: int
    seed: int

    def utterances(self) -> Iterator[Utterance]:
        rng = np.random.default_rng(self.seed)
        cepstra = read_cepstra(self.path)
        sound = as_samples(wideband(cepstra, self.speaker, rng))
        for cut in cuts(sound, self.words):
            frames = cepstra[max(0, cut.first - _AROUND) : cut.end + _AROUND]
            for _ in range(self.versions):
                yield Utterance(_said(frames, self.speaker, rng), (cut.word,), self.speaker, SOURCE)


def recipes(folder: Path, seed: int, versions: int = 3) -> Sequence[CutAnswer]:
    """Every answer of the folder."""
    told = list(answers(folder))
    seeds = np.random.default_rng(seed).integers(2**62, size=len(told))
    return [CutAnswer(*answer, versions, int(drawn)) for answer, drawn in zip(told, seeds, strict=True)]


def cuts(sound: NDArray[np.int16], words: Sequence[str]) -> Iterator[Cut]:
    """Where these words are in a sound at 16 kHz; nothing when pocketsphinx cannot say so."""
    decoder = _decoder()
    if any(decoder.lookup_word(word) is None for word in words):
        return
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw(sound.tobytes(), full_utt=True)
    decoder.end_utt()
    for found in decoder.seg() or ():
        cut = Cut(word_of(found.word), found.start_frame, found.end_frame + 1)
        if cut.word in words and _FEWEST <= cut.end - cut.first <= _MOST:
            yield cut


@cache
def _decoder() -> pocketsphinx.Decoder:
    return pocketsphinx.Decoder(loglevel="FATAL", lm=None)


def _said(frames: Frames, speaker: str, rng: np.random.Generator) -> NDArray[np.int16]:
    spoken = wideband(frames, speaker, rng, formants=rng.uniform(0.9, 1.12), pace=rng.uniform(0.8, 1.2))
    signal = soxr.resample(spoken, ANALYSIS_RATE_HZ, RATE_HZ)
    ramp = np.linspace(0, 1, round(_FADE_SECONDS * RATE_HZ))
    signal[: len(ramp)] *= ramp
    signal[-len(ramp) :] *= ramp[::-1]
    return as_samples(signal)
