"""A phone whose caller types, at a terminal or in a script: whole lines of keys and words, no clock.

Twilio's timers run only when the caller lets them: the end of a line of keys is the end of keying, silence is an act.
Keys left over from a line are those of a fast caller: they wait, and barge into the next prompt. Words are said at once
and heard out; a line typed while a prompt takes its time, with music or a pause, barges in.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from pbx.audio.bridge import Bridge
from pbx.audio.frame import RATE_HZ
from pbx.audio.tap import Tap
from pbx.leg import HungUp, Key, Listening, Recognition, Recording, RecordingTerms, Utterance
from pbx.rooms.seat import Hearing
from pbx.speech import Speech

KEYPAD = frozenset("0123456789*#")
CERTAIN = 1.0
RECORDED = Listening(keys=True, speech=Recognition("", (), "default", False, None))
"""While a phone is recorded its holder may say anything, in any language, and press keys."""
MUSIC_SECONDS = 20.0
"""How long a recording plays on a phone that only shows that it does, about as long as a loop of hold music."""
SIGNS = frozenset({"tone", "beep"})
SIGN_SECONDS = 0.2
"""A recording whose name says that it is but a sign lasts so long."""
RING_SECONDS = 6.0
"""How often a phone far away rings."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys pressed one after the other, at least one."""

    digits: str


@dataclass(frozen=True, slots=True)
class Words:
    """Something said aloud."""

    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller lets the line's timer run out."""


Act = Keys | Words | Silence


class Caller(Protocol):
    """Who holds the phone. A caller hangs up by raising HungUp."""

    @property
    def hung_up(self) -> bool:
        """Whether the caller has hung up without being asked anything."""

    def hear(self, words: str) -> None:
        """The line said this."""

    def see(self, event: str) -> None:
        """Something happened that makes no sound."""

    async def act(self, listening: Listening) -> Act:
        """The line listens: what does the caller do?"""

    async def pass_time(self, seconds: float, listening: Listening | None = None) -> Act | None:
        """The line is silent or plays for that long; what the caller does meanwhile, where a prompt may be barged into."""


@dataclass(frozen=True, slots=True)
class BargeIn:
    """A prompt under way that what the line listens for may interrupt, and the act that does."""

    listening: Listening
    act: asyncio.Future[Act]


class TypedPhone:
    """A `Leg` held by a caller who types."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._unsent: deque[str] = deque()
        self._keying = False
        self._barge_in: BargeIn | None = None
        self._taps: list[Tap] = []
        self._hung_up_while_recorded = False

    @property
    def hung_up(self) -> bool:
        return self._caller.hung_up or self._hung_up_while_recorded

    async def answer(self) -> None:
        self._caller.see("The line answers.")

    async def reject(self, reason: str) -> None:
        self._caller.see("The line is busy." if reason == "busy" else "The line rejects the call.")

    async def say(self, speech: Speech) -> None:
        words = str(speech)
        if words:
            self._caller.hear(words)
        await asyncio.sleep(0)

    async def play(self, url: str | None) -> None:
        name = PurePosixPath(urlsplit(url or "").path).stem
        self._caller.see(f"♪ {name if name in SIGNS else 'music'}")
        await self.pause(SIGN_SECONDS if name in SIGNS else MUSIC_SECONDS)

    def prepared(self, urls: Collection[str]) -> AbstractAsyncContextManager[None]:
        """Nothing is fetched for a phone without sound."""
        return nullcontext()

    async def sound(self, tones: str) -> None:
        self._caller.see(f"♪ the tones {tones}")
        await asyncio.sleep(0)

    async def confer(self, bridge: Bridge | None, hearing: Hearing, star_leaves: bool) -> None:
        self._caller.see(str(hearing))
        while not star_leaves:
            await self._caller.pass_time(MUSIC_SECONDS)
        key = None
        while key != Key("*"):
            self.flush_keys()
            key = await self.next_input(Listening(keys=True), MUSIC_SECONDS)

    async def ring_back(self, country: str = "") -> None:
        self._caller.see("♪ a phone rings far away")
        while True:
            await self.pause(RING_SECONDS)

    async def emit(self, sound: bytes) -> None:
        seconds = len(sound) / RATE_HZ
        self._caller.see(f"♪ {seconds:.1f} seconds of sound")
        await self.pause(seconds)

    async def record(self, terms: RecordingTerms) -> Recording:
        self._caller.see("The line records you.")
        try:
            return Recording(b"", await self._recorded_until(terms))
        except HungUp:
            self._hung_up_while_recorded = True
            return Recording(b"", "hangup")

    def tap(self, tap: Tap) -> Callable[[], None]:
        self._taps.append(tap)
        return lambda: self._taps.remove(tap)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(0)  # A Gather begins to listen right after its prompts have begun.
        barge_in = self._barge_in
        act = await self._caller.pass_time(seconds, barge_in.listening if barge_in else None)
        if act is not None and barge_in is not None:
            barge_in.act.set_result(act)
            await asyncio.Future()  # The prompt ends here: whoever hears the caller cuts it off.

    def hears(self, language: str) -> bool:
        """What is typed is understood in any language."""
        return True

    def flush_keys(self) -> None:
        """A new question. What was typed for it beforehand stays, since the clock that would lose it does not run."""
        self._keying = False

    async def next_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        if listening.keys and self._unsent:
            return self._press()
        if within_seconds is None:
            return self._perform(await self._interruption(listening))
        if self._keying:
            return None
        return self._perform(await self._caller.act(listening))

    async def hang_up(self) -> None:
        self._unsent.clear()

    async def _recorded_until(self, terms: RecordingTerms) -> str:
        """What ends a recording: a finish key, or a silence, which follows what is said where the line waits for one."""
        while True:
            match await self._caller.act(RECORDED):
                case Keys(digits):
                    for digit in digits:
                        if digit in terms.finish_keys:
                            return digit
                case Words() if not terms.silence_seconds:
                    continue
                case _:
                    return ""

    async def _interruption(self, listening: Listening) -> Act:
        """What the caller does while a prompt takes its time."""
        self._barge_in = BargeIn(listening, asyncio.get_running_loop().create_future())
        try:
            return await self._barge_in.act
        finally:
            self._barge_in = None

    def _perform(self, act: Act) -> Key | Utterance | None:
        match act:
            case Keys(digits):
                self._unsent.extend(digits)
                return self._press()
            case Words(text):
                return Utterance(text, CERTAIN)
            case Silence():
                return None

    def _press(self) -> Key:
        self._keying = True
        digit = self._unsent.popleft()
        for tap in self._taps:
            tap.pressed(digit)
        return Key(digit)
