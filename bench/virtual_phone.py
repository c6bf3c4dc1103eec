"""A phone in virtual time: its loop's clock jumps, and its caller presses keys, speaks, and hears what the line says."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from ivr.twiml import AFTER_SENTENCE_SECONDS
from pbx.leg import Key, Listening, Utterance
from pbx.speech import Span, Speech

TONE = Speech((Span("♪"),))
"""How a recording stands among the things said."""
TONE_SECONDS = 0.16
"""How long the line's tone sounds; nothing else is played to a caller who meets nobody."""
SILENCE_AFTER_WORDS_SECONDS = AFTER_SENTENCE_SECONDS
"""The breath a voice takes after a sentence; the timers of a Gather start after it."""


def now_seconds() -> float:
    """Seconds since the call began."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Saying:
    """One thing the line said: from when, and until when once it is over; cut short if the caller barged in."""

    speech: Speech
    began_at: float
    ended_at: float | None = None
    cut_short: bool = False

    @property
    def spelled(self) -> str:
        """The digits in it that were read one by one."""
        return "".join(part.text for part in self.speech.parts if isinstance(part, Span) and is_spelled(part))


def is_spelled(span: Span) -> bool:
    """Whether it is read character by character."""
    return span.manner.interpret_as == "characters"


class Phone:
    """A `Leg` in virtual time, and the ears, fingers and mouth of its caller. `seconds_to_say` is the line's voice."""

    def __init__(self, seconds_to_say: Callable[[Speech], float]) -> None:
        self._seconds_to_say = seconds_to_say
        self.said: list[Saying] = []
        self.answering: list[tuple[float, float]] = []
        """From when to when the caller pressed keys or spoke."""
        self.lost_keys = ""
        """Keys pressed while nobody listened, forgotten when the next Gather began."""
        self.waits_for = ""
        self.hung_up = False
        self._heard = 0
        self._keys: deque[str] = deque()
        self._understood: asyncio.Future[str] | None = None
        self._turns_heard, self._turns_listened = 0, 0
        self._changed = asyncio.Condition()

    async def answer(self) -> None:
        """The call is picked up."""

    async def reject(self, reason: str) -> None:
        """The line is not taken; nobody here calls such a line."""

    async def say(self, speech: Speech) -> None:
        saying = await self._sound(speech, self._seconds_to_say(speech))
        await asyncio.sleep(0 if saying.spelled else SILENCE_AFTER_WORDS_SECONDS)

    async def play(self, url: str | None) -> None:
        await self._sound(TONE, TONE_SECONDS)

    async def _sound(self, speech: Speech, seconds: float) -> Saying:
        saying = Saying(speech, now_seconds())
        self.said.append(saying)
        await self._change()
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            saying.ended_at, saying.cut_short = now_seconds(), True
            raise
        saying.ended_at = now_seconds()
        await self._change()
        return saying

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def hears(self, language: str) -> bool:
        """What is said here is text already."""
        return True

    def prepared(self, urls: Collection[str]) -> AbstractAsyncContextManager[None]:
        """Nothing is fetched for a phone without sound."""
        return nullcontext()

    def flush_keys(self) -> None:
        self.lost_keys += "".join(self._keys)
        self._keys.clear()

    async def next_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        if within_seconds is not None and not self._keys:
            self._turns_listened += 1
            await self._change()
        try:
            async with asyncio.timeout(within_seconds), self._changed:
                await self._changed.wait_for(lambda: (self._keys and listening.keys) or (self._understood and listening.speech))
        except TimeoutError:
            return None
        return Key(self._keys.popleft()) if self._keys else await self._utterance()

    async def hang_up(self) -> None:
        self.hung_up = True

    async def hear(self, words: str) -> Saying:
        """The next thing said that has these words in it, as soon as it begins."""
        self.waits_for = words
        async with self._changed:
            await self._changed.wait_for(lambda: self._skip_to(words))
        return self.said[self._heard - 1]

    async def hear_out(self, words: str) -> Saying:
        """The next thing said that has these words in it, once it is over."""
        saying = await self.hear(words)
        async with self._changed:
            await self._changed.wait_for(lambda: saying.ended_at is not None)
        return saying

    async def hear_question_out(self) -> None:
        """The next time that the line has said all it has to say and listens."""
        self.waits_for = "a question"
        async with self._changed:
            await self._changed.wait_for(lambda: self._turns_listened > self._turns_heard)
        self._turns_heard, self._heard = self._turns_listened, len(self.said)

    async def say_aloud(self, words: str, seconds: float, recogniser_seconds: float) -> None:
        """Say words for so long; the recogniser has them so much later."""
        began_at, self._understood = now_seconds(), asyncio.get_running_loop().create_future()
        await self._change()
        await asyncio.sleep(seconds)
        self.answering.append((began_at, now_seconds()))
        await asyncio.sleep(recogniser_seconds)
        self._understood.set_result(words)

    async def _utterance(self) -> Utterance:
        """What the caller is saying, once it has been understood."""
        assert self._understood is not None  # the caller has begun to speak
        words, self._understood = await asyncio.shield(self._understood), None
        return Utterance(words, None)

    async def key_in(self, keys: str, keys_per_second: float) -> None:
        """Press keys one after the other; the first after one key's time."""
        began_at = now_seconds()
        for key in keys:
            await asyncio.sleep(1 / keys_per_second)
            self._keys.append(key)
            await self._change()
        self.answering.append((began_at, now_seconds()))
        self._turns_heard = self._turns_listened  # what the line listened for meanwhile were these keys

    @property
    def spelled(self) -> str:
        """Every digit that was read out."""
        return "".join(saying.spelled for saying in self.said)

    def _skip_to(self, words: str) -> bool:
        """Whether something new has these words; what came before it is over for the caller."""
        found = next((at for at in range(self._heard, len(self.said)) if words in str(self.said[at].speech)), None)
        self._heard = self._heard if found is None else found + 1
        return found is not None

    async def _change(self) -> None:
        async with self._changed:
            self._changed.notify_all()
