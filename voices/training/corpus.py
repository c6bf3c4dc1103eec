"""All speech the recogniser learns from, made once and kept: recorded digits, AN4 with a voice again, synthetic speech."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voices.training import accents, an4, an4_words, digits, espeak, flite, script
from voices.training.dictionary import pronunciations
from voices.training.utterance import Recipe, Utterance

__all__ = ["Corpus", "Report", "Utterance", "collect"]

_PROCESSES = 2
_NICENESS = 10
_CHUNK = 16
Report = Callable[[str, int, int], None]
"""Told a part's name, how many of its utterances are made, and how many there will be."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that was collected, and a sentence for every source that is missing on this machine."""

    utterances: tuple[Utterance, ...]
    missing: tuple[str, ...]


def collect(data_folder: Path, cache_folder: Path, seed: int, report: Report) -> Corpus:
    """Makes each part that the cache does not hold yet, and loads them all."""
    cache_folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in _PARTS if name != flite.SOURCE or flite.is_installed()]
    utterances = [each for name in names for each in _part(name, data_folder, cache_folder, seed, report)]
    return Corpus(tuple(utterances), () if flite.SOURCE in names else (flite.MISSING,))


_ESPEAK = script.Amounts(digit_strings=3000, command_strings=1200, other_strings=1300, interrupted_strings=500)
_FLITE = script.Amounts(digit_strings=1200, command_strings=400, other_strings=400, interrupted_strings=0)
"""Its voices are few, and sound like people."""
_ACCENTS = script.Amounts(digit_strings=1800, command_strings=700, other_strings=1300, interrupted_strings=500)


def _digits(data_folder: Path, seed: int) -> Sequence[Recipe]:
    return digits.recipes(data_folder / "digits", seed)


def _an4(data_folder: Path, seed: int) -> Sequence[Recipe]:
    return an4.recipes(data_folder / "an4", seed)


def _an4_words(data_folder: Path, seed: int) -> Sequence[Recipe]:
    return an4_words.recipes(data_folder / "an4", seed)


def _espeak(_data_folder: Path, seed: int) -> Sequence[Recipe]:
    return script.recipes(pronunciations(), _ESPEAK, espeak.drawn, espeak.SOURCE, seed)


def _flite(_data_folder: Path, seed: int) -> Sequence[Recipe]:
    return script.recipes(pronunciations(), _FLITE, flite.drawn, flite.SOURCE, seed)


def _accents(_data_folder: Path, seed: int) -> Sequence[Recipe]:
    said = script.recipes(pronunciations(), _ACCENTS, accents.drawn, accents.SOURCE, seed)
    return [each for each in said if not accents.is_mistakable(each)]


_PARTS: Mapping[str, Callable[[Path, int], Sequence[Recipe]]] = {
    digits.SOURCE: _digits, an4.SOURCE: _an4, an4_words.SOURCE: _an4_words, espeak.SOURCE: _espeak, flite.SOURCE: _flite,
    accents.SOURCE: _accents,
}  # fmt: skip


def _part(name: str, data_folder: Path, cache_folder: Path, seed: int, report: Report) -> list[Utterance]:
    file = cache_folder / f"{name}-{seed}.npz"
    if not file.exists():
        save(file, _made(name, _PARTS[name](data_folder, seed), report))
    return load(file)


def _made(name: str, recipes: Sequence[Recipe], report: Report) -> Iterator[Utterance]:
    with multiprocessing.get_context("spawn").Pool(_PROCESSES, os.nice, (_NICENESS,)) as pool:
        for count, utterances in enumerate(pool.imap(_utterances, recipes, _CHUNK), 1):
            report(name, count, len(recipes))
            yield from utterances


def _utterances(recipe: Recipe) -> Sequence[Utterance]:
    return tuple(recipe.utterances())


def save(file: Path, utterances: Iterator[Utterance]) -> None:
    """Keeps the utterances in one file, which appears only when it is complete."""
    made = list(utterances)
    lengths = [len(utterance.samples) for utterance in made]
    texts = json.dumps([(utterance.words, utterance.speaker, utterance.source) for utterance in made])
    unfinished = file.with_suffix(".part")
    with unfinished.open("wb") as out:
        np.savez(out, samples=np.concatenate([utterance.samples for utterance in made]), lengths=lengths, texts=texts)
    unfinished.replace(file)


def load(file: Path) -> list[Utterance]:
    """What `save` kept."""
    with np.load(file) as kept:
        pieces = np.split(kept["samples"], np.cumsum(kept["lengths"])[:-1])
        texts = json.loads(str(kept["texts"]))
    return [
        Utterance(samples, tuple(words), speaker, source)
        for samples, (words, speaker, source) in zip(pieces, texts, strict=True)
    ]
