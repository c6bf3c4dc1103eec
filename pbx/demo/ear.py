"""What the caller understands of the line's sound: the digits of a block."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor

import numpy

from pbx.audio.frame import Frame
from voices.listening import Listener, Result, ThreadedHearing
from voices.sound import Sound

_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DIGITS = {name: str(digit) for digit, name in enumerate(_NAMES)} | {"oh": "0"}
NOTHING_MORE: Frame = b""
"""Ends what is listened to."""
NOISE_PEAK = 4
"""Of 32768; a recogniser is not to hear exact zeros."""


class Ear:
    """Listens to one block at a time."""

    def __init__(self, listener: Listener, threads: Executor) -> None:
        self._listener = listener
        self._threads = threads
        self._noise = numpy.random.default_rng(0)

    async def wake(self) -> None:
        """Load what hearing needs, which takes a while the first time."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._listener.listen)

    async def block(self, frames: "asyncio.Queue[Frame]", length: int) -> str:
        """The last so many digits that were said before NOTHING_MORE; fewer where fewer were understood."""
        loop = asyncio.get_running_loop()
        hearing = ThreadedHearing(await loop.run_in_executor(self._threads, self._listener.listen), self._threads)
        results: list[Result] = []
        while frame := await frames.get():
            result = await hearing.feed(self._pcm(frame))
            if result is not None and result.is_final:
                results.append(result)
        results.append(await hearing.finish())
        return digits_in(results)[-length:]

    def _pcm(self, frame: Frame) -> bytes:
        samples = Sound.of_mulaw(frame).samples
        noise = self._noise.integers(-NOISE_PEAK, NOISE_PEAK, samples.size, dtype=numpy.int16, endpoint=True)
        pcm: bytes = numpy.clip(samples.astype(numpy.int32) + noise, -32768, 32767).astype("<i2").tobytes()
        return pcm


def digits_in(results: Sequence[Result]) -> str:
    """The digits among the words; the letter before them, and whatever else is no digit, is left out."""
    words = " ".join(result.text for result in results).split()
    return "".join(DIGITS.get(word, "") for word in words)
