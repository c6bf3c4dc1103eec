"""Recognisers side by side: ours through its adapter, 20 ms at a time, and pocketsphinx with its own model."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telephone import Condition, Spoken

from activation.correction import Candidate
from ivr.alternatives import MOST_ALTERNATIVES
from ivr.dialogue.understanding import least_believed
from ivr.heard import Alternative as Heard
from ivr.heard import Speech
from ivr.spoken import Vocabulary, load_vocabulary, spoken_digits
from voices.listening import CHUNK_BYTES, UNKNOWN, Alternative, Result
from voices.vosk_listener import VoskListener

_CHUNK_SECONDS = 0.02
_GRAMMAR = """#JSGF V1.0;
grammar digits;
public <digits> = ( zero | oh | one | two | three | four | five | six | seven | eight | nine )+ ;
"""


@dataclass(slots=True)
class Clock:
    """What hearing cost: seconds of sound and of computing, and the waits from the last word to the result."""

    sound_seconds: float = 0.0
    computing_seconds: float = 0.0
    waits_seconds: dict[Condition, list[float]] = field(default_factory=lambda: defaultdict(list))
    unfinished: int = 0
    """Utterances whose end was not noticed, so that the line's own time limit had to end them."""


class Hearer:
    """Our recogniser with a model."""

    def __init__(self, model: Path) -> None:
        self._listener = VoskListener(model)
        self._vocabulary: Vocabulary = load_vocabulary("en")
        self.clock = Clock()

    def results(self, spoken: Spoken, digits: int | None = None) -> list[Result]:
        """The final results of an utterance that was asked for as so many digits: one, or more when it was cut at a pause."""
        hearing, finals, at_seconds = self._listener.listen(digits=digits), [], 0.0
        began = time.process_time()
        for start in range(0, len(spoken.pcm), CHUNK_BYTES):
            before = time.perf_counter()
            result = hearing.feed(spoken.pcm[start : start + CHUNK_BYTES])
            at_seconds += _CHUNK_SECONDS
            if result and result.is_final and result.alternatives:
                finals.append(result)
                if at_seconds > spoken.ends_seconds:
                    wait_seconds = at_seconds - spoken.ends_seconds + time.perf_counter() - before
                    self.clock.waits_seconds[spoken.condition].append(wait_seconds)
        rest = hearing.finish()
        if rest.alternatives:
            self.clock.unfinished += 1
            finals.append(rest)
        self.clock.computing_seconds += time.process_time() - began
        self.clock.sound_seconds += at_seconds
        return finals

    def readings(self, result: Result) -> list[Candidate]:
        """The alternatives that are digits, as the line reads them from what an exchange posts."""
        posted = result.alternatives[:MOST_ALTERNATIVES]
        read = ((self._digits(each), each.score) for each in posted)
        return [Candidate(digits, -score) for digits, score in read if digits]

    def first_guess(self, results: Sequence[Result]) -> str | None:
        """The digits of the first guesses; None when something else was heard too."""
        guesses = [self._digits(result.alternatives[0]) for result in results]
        return "".join(filter(None, guesses)) if all(guesses) else None

    def is_obeyed(self, result: Result) -> bool:
        """Whether a menu, where one word is enough and nothing tells whether it is right, would act on it."""
        least = least_believed(Speech(tuple(Heard(each.text, each.score) for each in result.alternatives)))
        believed = [each.text for each in result.alternatives if each.score >= least]
        return any(" " not in text and text != UNKNOWN for text in believed)

    def _digits(self, alternative: Alternative) -> str | None:
        return spoken_digits(alternative.text, self._vocabulary)


class Pocketsphinx:
    """pocketsphinx with the model in its package, at that model's rate, and a grammar of digits."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder  # noqa: PLC0415 - of the bench extra alone

        self._decoder: Any = Decoder(loglevel="FATAL", lm=None)
        self._decoder.add_jsgf_string("digits", _GRAMMAR)
        self._decoder.activate_search("digits")
        self._vocabulary: Vocabulary = load_vocabulary("en")

    def first_guess(self, spoken: Spoken) -> str | None:
        """The digits it hears."""
        import numpy  # noqa: PLC0415
        import soxr  # noqa: PLC0415

        samples = soxr.resample(numpy.frombuffer(spoken.pcm, "<i2"), 8000, 16000)
        self._decoder.start_utt()
        self._decoder.process_raw(samples.tobytes(), full_utt=True)
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return spoken_digits(heard.hypstr, self._vocabulary) if heard else None
