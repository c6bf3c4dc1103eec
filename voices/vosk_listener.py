"""The recogniser: Vosk, with a model of this machine. The only file that imports it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import exp
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

import numpy
import soxr
import vosk

from voices.faults import CannotHear
from voices.listening import MOST_ALTERNATIVES, UNKNOWN, Alternative, Result, Word, count_words
from voices.quiet import Quiet
from voices.sound import RATE_HZ
from voices.vosk_models import BUNDLED, ModelFolder, examine, model_folders

PAUSE_SECONDS = 0.65
"""A caller who has said something and is quiet for so long has finished."""
PAUSE_INSIDE_SECONDS = 1.5
"""A caller who is to say several digits, and was heard to say fewer, has paused, or said one that noise hid.

Where noise hides the quiet, Vosk's own rules end it, after as long (voices/training/kaldi_files.py).
"""
COMPLETE_SECONDS = 0.5
"""So long after the last of these digits began another would have, noise or not."""
COMPLETE_QUIET_SECONDS = 0.3
"""So long a quiet after it tells the same where it can be told; no word has one inside it."""
STEADY_SECONDS = 1.0
"""Who has begun no further word for so long, where noise hides what is quiet, has finished; a word takes half of it."""
_LONGEST_ROUND_SECONDS = 300.0
"""Vosk's times are unsteady once it has dropped old sound, which it does some minutes in; we begin anew before that."""
_NOISE = numpy.array((-2, 1, -1, 2, 1, -1), numpy.int16)
"""What stands in for exact digital silence, which no telephone line has and which skews the features."""

_loading = Lock()


class VoskListener:
    """Hears with the model of a folder, which is loaded once a process, when it is first needed.

    `words` are those of the line, its digits and commands: a model that can be told what to hear hears no others than
    these and what a question adds.
    """

    def __init__(self, folder: Path = BUNDLED["en"], words: Sequence[str] = ()) -> None:
        self._folder, self._words = folder, tuple(words)

    def listen(self, vocabulary: Sequence[str] | None = None, digits: int | None = None) -> "VoskHearing":
        """As `Listener.listen`. A model with a fixed graph, as the bundled one, has its own vocabulary.

        Raises CannotHear when the folder holds no model that works here.
        """
        with _loading:
            folder, model = _loaded(self._folder)
        return VoskHearing(folder, model, tuple(dict.fromkeys((*self._words, *(vocabulary or ())))), digits)


class VoskHearing:
    """One call's recogniser."""

    def __init__(self, folder: ModelFolder, model: vosk.Model, vocabulary: Sequence[str], digits: int | None) -> None:
        self._folder, self._model, self._digits = folder, model, digits
        self._grammar = json.dumps([" ".join(vocabulary), UNKNOWN]) if vocabulary and folder.is_dynamic else None
        self._fed_seconds = 0.0
        self._quiet = Quiet()
        self._begin()

    def feed(self, pcm: bytes) -> Result | None:
        """As `Hearing.feed`."""
        self._fed_seconds += len(pcm) / 2 / RATE_HZ
        quiet_seconds = self._quiet.feed(numpy.frombuffer(pcm, "<i2"))
        if not self._recogniser.AcceptWaveform(self._prepared(pcm)):
            partial = self._partial()
            return self.finish() if self._is_over(quiet_seconds) else partial
        result = self._final(self._recogniser.Result())
        if self._fed_seconds - self._begun_seconds > _LONGEST_ROUND_SECONDS:
            self._begin()
        return result if result.alternatives else None

    def finish(self) -> Result:
        """As `Hearing.finish`."""
        if self._resampler:
            self._recogniser.AcceptWaveform(self._prepared(b"", is_last=True))
        result = self._final(self._recogniser.FinalResult())
        self._begin()
        return result

    def _begin(self) -> None:
        rate_hz = self._folder.rate_hz
        self._recogniser = vosk.KaldiRecognizer(self._model, rate_hz, *([self._grammar] if self._grammar else []))
        self._recogniser.SetWords(True)
        self._recogniser.SetMaxAlternatives(MOST_ALTERNATIVES)
        self._resampler = soxr.ResampleStream(RATE_HZ, rate_hz, 1, dtype="int16") if rate_hz != RATE_HZ else None
        self._begun_seconds = self._guessed_seconds = self._fed_seconds
        self._guess = ""

    def _is_over(self, quiet_seconds: float) -> bool:
        """Whether the caller has said what was asked for, or is quiet for long enough."""
        words = count_words(self._guess)
        steady_seconds = self._fed_seconds - self._guessed_seconds
        if words == self._digits:
            return steady_seconds >= COMPLETE_SECONDS or min(steady_seconds, quiet_seconds) >= COMPLETE_QUIET_SECONDS
        if self._digits and 0 < words < self._digits:
            return quiet_seconds >= PAUSE_INSIDE_SECONDS
        is_steady = words > 0 and steady_seconds >= STEADY_SECONDS
        return bool(self._guess) and (is_steady or quiet_seconds >= PAUSE_SECONDS)

    def _prepared(self, pcm: bytes, *, is_last: bool = False) -> bytes:
        """The sound as the model needs it: at its rate, and never exactly silent."""
        samples = numpy.frombuffer(pcm, "<i2")
        samples = numpy.where(samples == 0, numpy.resize(_NOISE, samples.size), samples)
        if self._resampler:
            samples = self._resampler.resample_chunk(samples, last=is_last)
        return samples.astype("<i2").tobytes()

    def _partial(self) -> Result | None:
        words = [Word(text, 0.0, 0.0, 1.0) for text in json.loads(self._recogniser.PartialResult())["partial"].split()]
        guess = " ".join(word.text for word in _unknown_joined(words))
        if guess == self._guess:
            return None
        self._guess, self._guessed_seconds = guess, self._fed_seconds
        return Result(is_final=False, alternatives=(Alternative(guess),))

    def _final(self, told: str) -> Result:
        self._guess = ""
        alternatives = _alternatives((score, tuple(map(self._timed, words))) for score, words in _told(told))
        return Result(is_final=True, alternatives=alternatives)

    def _timed(self, word: Word) -> Word:
        """The word with its times in the call."""
        start, end = (self._begun_seconds + self._folder.time_scale * at for at in (word.start_seconds, word.end_seconds))
        return replace(word, start_seconds=round(start, 2), end_seconds=round(end, 2))


def listeners(
    named: Mapping[str, Path], words: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Mapping[str, VoskListener]:
    """A listener for each language that has a model, bundled or named by the operator; none of them is loaded yet.

    `words` are, by language, those that callers say to the line.
    """
    folders = model_folders(named)
    return {language: VoskListener(folder, words.get(language, ())) for language, folder in folders.items()}


@cache
def _loaded(folder: Path) -> tuple[ModelFolder, vosk.Model]:
    vosk.SetLogLevel(-2)
    examined = examine(folder)
    try:
        return examined, vosk.Model(str(folder))
    except Exception as fault:  # it is all that Vosk raises
        raise CannotHear(f"Vosk cannot load the model in {folder} ({fault}); unpack its archive again.") from None


def _told(told: str) -> list[tuple[float, tuple[Word, ...]]]:
    """Scores and words of Vosk's answer, with its own times; nothing when nothing said is the best guess."""
    alternatives: list[dict[str, Any]] = json.loads(told)["alternatives"]
    if not alternatives or not alternatives[0].get("result"):
        return []
    return [(each["confidence"], tuple(map(_word, each["result"]))) for each in alternatives if each.get("result")]


def _word(told: Mapping[str, Any]) -> Word:
    return Word(told["word"], told["start"], told["end"], 1.0)


def _alternatives(told: Iterable[tuple[float, tuple[Word, ...]]]) -> tuple[Alternative, ...]:
    """Each text once, with its best score, beside the best of all."""
    best: dict[str, Alternative] = {}
    for score, words in told:
        heard = _unknown_joined(words)
        text = " ".join(word.text for word in heard)
        if text not in best or best[text].score < score:
            best[text] = Alternative(text, score, heard)
    ordered = sorted(best.values(), key=lambda each: -each.score)
    relative = [replace(each, score=each.score - ordered[0].score) for each in ordered]
    return tuple(replace(each, words=tuple(_judged(word, relative) for word in each.words)) for each in relative)


def _unknown_joined(words: Sequence[Word]) -> tuple[Word, ...]:
    """Neighbouring unknown words as one: how many they were is a guess."""
    joined: list[Word] = []
    for word in words:
        if joined and joined[-1].text == word.text == UNKNOWN:
            joined[-1] = replace(joined[-1], end_seconds=word.end_seconds)
        else:
            joined.append(word)
    return tuple(joined)


def _judged(word: Word, alternatives: Sequence[Alternative]) -> Word:
    """The word with its probability: that of the alternatives which have it at that time."""
    having = sum(exp(each.score) for each in alternatives if any(_is_same(word, other) for other in each.words))
    return replace(word, confidence=having / sum(exp(each.score) for each in alternatives))


def _is_same(word: Word, other: Word) -> bool:
    return word.text == other.text and word.start_seconds < other.end_seconds and other.start_seconds < word.end_seconds
