"""All speech the recogniser learns from, made once and kept: recorded digits, AN4 with a voice again, and synthetic speech."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voices.training import an4, digits, script
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
    """Everything that was collected."""

    utterances: tuple[Utterance, ...]


def collect(data_folder: Path, cache_folder: Path, seed: int, report: Report) -> Corpus:
    """Makes each part that the cache does not hold yet, and loads them all."""
    cache_folder.mkdir(parents=True, exist_ok=True)
    return Corpus(tuple(utterance for name in _PARTS for utterance in _part(name, data_folder, cache_folder, seed, report)))


def _digits(data_folder: Path, seed: int) -> Sequence[Recipe]:
    return digits.recipes(data_folder / "digits", seed)


def _an4(data_folder: Path, seed: int) -> Sequence[Recipe]:
    return an4.recipes(data_folder / "an4", seed)


def _espeak(data_folder: Path, seed: int) -> Sequence[Recipe]:
    return script.recipes(pronunciations(), seed)


_PARTS: Mapping[str, Callable[[Path, int], Sequence[Recipe]]] = {"digits": _digits, "an4": _an4, "espeak": _espeak}


def _part(name: str, data_folder: Path, cache_folder: Path, seed: int, report: Report) -> list[Utterance]:
    file = cache_folder / f"{name}-{seed}.npz"
    if not file.exists():
        save(file, _made(name, _PARTS[name](data_folder, seed), report))
    return load(file)


def _made(name: str, recipes: Sequence[Recipe], report: Report) -> Iterator[Utterance]:
    with multiprocessing.get_context("spawn").Pool(_PROCESSES, os.nice, (_NICENESS,)) as pool:
        for count, utterance in enumerate(pool.imap(_utterance, recipes, _CHUNK), 1):
            report(name, count, len(recipes))
            yield utterance


def _utterance(recipe: Recipe) -> Utterance:
    return recipe.utterance()


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
