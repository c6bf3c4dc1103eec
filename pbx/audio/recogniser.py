"""The recogniser of a leg: fed by the clock, worked by threads, and only while somebody listens."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache, partial
from itertools import cycle
from typing import TypeVar

import numpy

from pbx.audio.frame import FRAME_BYTES, SILENCE, Frame
from pbx.audio.inband import key_frames
from pbx.audio.transcription import Guess, Transcription
from pbx.leg import Recognition, Utterance
from voices.faults import CannotHear
from voices.listening import Listener
from voices.sound import FULL_SCALE, Samples, Sound
from voices.speaking import primary

log = logging.getLogger(__name__)

COMFORT_LEVEL = -60.0
"""dBov, about that of a quiet telephone line."""
FRAMES_AT_ONCE = 3
"""A thread is not woken for less: its waking costs as much as its work. The recogniser itself is later than that by far."""
CLASS_OF_WORDS = "$"
"""What Twilio's names for kinds of words begin with, as in $OOV_CLASS_DIGIT_SEQUENCE."""

Heard = Callable[[Guess | Utterance], None]
T = TypeVar("T")


class Ears:
    """The recognisers of this exchange, by language."""

    def __init__(self, listeners: Mapping[str, Listener], threads: Executor) -> None:
        """`listeners` by primary language ("en"); `threads` do the work of all calls."""
        self._listeners, self._threads = listeners, threads
        self._unheard: set[str] = set()

    def hears(self, language: str) -> bool:
        """Whether one of them knows the language (BCP 47)."""
        return primary(language) in self._listeners

    def listen(self, recognition: Recognition, heard: Heard) -> "CallHearing | None":
        """A recogniser for one question, which tells `heard` on the event loop; None when it does not know the language.

        Hints become its vocabulary where its model can be told one, unless they name whole classes of words.
        """
        language = primary(recognition.language)
        listener = self._listeners.get(language)
        if listener is None:
            self._warn(language)
            return None
        vocabulary, digits = _vocabulary(recognition.hints), recognition.digits
        timeout_seconds, longest_seconds = recognition.speech_timeout_seconds, recognition.longest_seconds

        def begin() -> Transcription:
            return Transcription(listener.listen(vocabulary, digits), timeout_seconds, longest_seconds, digits)

        return CallHearing(begin, self._threads, heard)

    def _warn(self, language: str) -> None:
        """Once for each language: every question of every call would say the same."""
        if language not in self._unheard:
            self._unheard.add(language)
            log.warning("no recogniser hears %s: its callers can only press keys", language)


class CallHearing:
    """One question's recogniser. What it cannot keep up with waits; nothing is left out."""

    def __init__(self, begin: Callable[[], Transcription], threads: Executor, heard: Heard) -> None:
        self._threads, self._heard = threads, heard
        self._noise = ComfortNoise()
        self._frames: list[Frame | None] = []
        self._before: Frame = SILENCE
        self._arrived = asyncio.Event()
        self._working = asyncio.create_task(self._work(begin))
        self.is_speaking = False
        """Whether the caller has begun to speak, and has not finished."""

    def hear(self, frame: Frame | None) -> None:
        """The next 20 ms; None while nothing comes from the phone."""
        if not self._working.done():
            self._frames.append(frame)
        if len(self._frames) >= FRAMES_AT_ONCE:
            self._arrived.set()

    def close(self) -> None:
        """Listen no more; what is under way is forgotten."""
        self._working.cancel()

    async def _work(self, begin: Callable[[], Transcription]) -> None:
        try:
            transcription = await self._in_thread(begin)
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                frames, self._frames = self._frames, []
                for told in await self._in_thread(partial(self._feed, transcription, frames)):
                    self._tell(told)
        except CannotHear as fault:
            log.warning("the caller cannot be heard, only their keys: %s", fault)
        finally:
            self._tell(Guess(""))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _feed(self, transcription: Transcription, frames: Sequence[Frame | None]) -> list[Guess | Utterance]:
        told = (transcription.feed(self._noise.instead_of_silence(frame)) for frame in self._without_keys(frames))
        return [each for each in told if each is not None]

    def _without_keys(self, frames: Sequence[Frame | None]) -> Sequence[Frame | None]:
        """A key's tones are no speech, though they may sound like a word: nothing is heard while they last."""
        sound = [frame or SILENCE for frame in frames]
        is_key = key_frames(self._before + b"".join(sound))
        self._before = sound[-1]
        return [None if key else frame for frame, key in zip(frames, is_key, strict=True)]

    def _tell(self, told: Guess | Utterance) -> None:
        self.is_speaking = isinstance(told, Guess) and bool(told.text)
        self._heard(told)


class ComfortNoise:
    """What stands in for exact zeros, which no telephone line has and no recogniser was trained with."""

    def __init__(self) -> None:
        self._frames = cycle(_noise())

    def instead_of_silence(self, frame: Frame | None) -> bytes:
        """The frame as PCM, with noise wherever it is exactly silent."""
        noise: Samples = next(self._frames)
        if frame is None:
            return noise.astype("<i2").tobytes()
        samples = Sound.of_mulaw(frame).samples
        filled: Samples = numpy.where(samples == 0, noise, samples)
        return filled.astype("<i2").tobytes()


@cache
def _noise() -> Samples:
    """Ten seconds of it, a frame in each row: what repeats sooner might be taken for a sound."""
    amplitude = FULL_SCALE * 10 ** (COMFORT_LEVEL / 20)
    noise = numpy.random.default_rng(1).normal(0, amplitude, (500, FRAME_BYTES)).round()
    return noise.astype(numpy.int16)


def _vocabulary(hints: Sequence[str]) -> tuple[str, ...] | None:
    if any(hint.startswith(CLASS_OF_WORDS) for hint in hints):
        return None
    return tuple(dict.fromkeys(word for hint in hints for word in hint.casefold().split())) or None
