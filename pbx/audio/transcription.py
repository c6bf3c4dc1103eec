"""From a recogniser's results to utterances: which silence ends one, what its parts add up to, how sure it is.

A caller who pauses goes on with the same utterance until the silence that was asked for is up; its alternatives are then
those of its parts, combined. A recogniser whose guess is unknown words alone has heard a noise: that is nobody speaking.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import exp

from pbx.audio.frame import FRAME_SECONDS
from pbx.leg import Utterance
from voices.listening import MOST_ALTERNATIVES, Alternative, Hearing, Result, count_words

LONGEST_UTTERANCE_SECONDS = 60.0
"""Unless less is asked for. Source: https://www.twilio.com/docs/voice/twiml/gather#input."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What the caller seems to be saying, so far; empty when it was nothing after all."""

    text: str


class Transcription:
    """One question's answer as it is spoken. Not for several threads at once."""

    def __init__(
        self,
        hearing: Hearing,
        speech_timeout_seconds: float | None,
        longest_seconds: float = LONGEST_UTTERANCE_SECONDS,
        digits: int | None = None,
    ) -> None:
        """Without a timeout the recogniser itself decides when an utterance has ended; with `digits`, so many words end it."""
        self._hearing, self._digits = hearing, digits
        self._timeout_seconds = speech_timeout_seconds or 0.0
        self._longest_seconds = longest_seconds
        self._now_seconds = 0.0
        self._parts: list[Sequence[Alternative]] = []
        self._guess = ""
        self._began_at: float | None = None
        self._quiet_since = 0.0

    def feed(self, pcm: bytes) -> Guess | Utterance | None:
        """Hears the next 20 ms: an utterance that has ended, a guess that has changed, else nothing."""
        self._now_seconds = round(self._now_seconds + FRAME_SECONDS, 2)
        told = self._note(self._hearing.feed(pcm))
        if self._is_too_long() or self._is_over():
            return self._complete()
        return told

    def _note(self, result: Result | None) -> Guess | None:
        if result is None:
            return None
        if result.is_final:
            return self._note_final(result)
        self._guess = result.text if count_words(result.text) else ""
        if self._guess and self._began_at is None:
            self._began_at = self._now_seconds
        return Guess(self._so_far()) if self._began_at is not None else None

    def _note_final(self, result: Result) -> Guess | None:
        """A part of the utterance; or noise, and the caller may never have begun."""
        self._guess = ""
        if count_words(result.text):
            if self._began_at is None:
                self._began_at = self._now_seconds
            self._parts.append(result.alternatives)
            words = result.alternatives[0].words
            self._quiet_since = words[-1].end_seconds if words else self._now_seconds
            return Guess(self._so_far())
        if self._began_at is None or self._parts:
            return None
        self._forget()
        return Guess("")

    def _is_over(self) -> bool:
        """All digits that were asked for, or quiet for long enough after something was said."""
        if not self._parts or self._guess:
            return False
        is_complete = count_words(self._so_far()) == self._digits
        return is_complete or round(self._now_seconds - self._quiet_since, 2) >= self._timeout_seconds

    def _is_too_long(self) -> bool:
        return self._began_at is not None and self._now_seconds - self._began_at >= self._longest_seconds

    def _complete(self) -> Utterance | Guess:
        if self._guess:
            self._note_final(self._hearing.finish())
        parts = self._parts
        self._forget()
        return utterance_of(parts) if parts else Guess("")

    def _so_far(self) -> str:
        return " ".join(filter(None, (*(part[0].text for part in self._parts), self._guess)))

    def _forget(self) -> None:
        self._parts = []
        self._guess = ""
        self._began_at = None


def utterance_of(parts: Sequence[Sequence[Alternative]]) -> Utterance:
    """The parts of an utterance as one, with the likeliest ways of saying it.

    Its confidence is the probability of the best way among all that the recogniser kept: the softmax of their scores.
    """
    ways = [("", 0.0)]
    for part in parts:
        joined = ((f"{said} {each.text}".strip(), score + each.score) for (said, score), each in product(ways, part))
        ways = sorted(joined, key=lambda way: -way[1])[:MOST_ALTERNATIVES]
    best = ways[0][1]
    confidence = 1 / sum(exp(score - best) for _, score in ways)
    return Utterance(ways[0][0], confidence, tuple((text, score - best) for text, score in ways))
