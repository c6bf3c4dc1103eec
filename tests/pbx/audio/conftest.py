"""A phone of ten lines on the real clock: what it says is put into one list, what it is told ends up in another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aiohttp
import pytest

from pbx.audio.clock import Clock
from pbx.audio.frame import Frame, frames_of
from pbx.audio.leg import SoundLeg
from pbx.audio.narrator import Narrator
from pbx.audio.port import PortFigures
from pbx.audio.recogniser import Ears
from voices.cache import SoundCache
from voices.pyttsx3_speaker import Pyttsx3Speaker
from voices.speaking import Voices
from voices.studio import Studio
from voices.vosk_listener import listeners


class FakePort:
    """Two queues."""

    def __init__(self) -> None:
        self.to_say: deque[Frame | None] = deque()
        self.told: list[Frame] = []
        self.figures = PortFigures("PCMU")

    def take(self) -> Frame | None:
        return self.to_say.popleft() if self.to_say else None

    def give(self, frame: Frame) -> None:
        self.told.append(frame)


class FakeConnection:
    """A phone that is there from the beginning, and notes what is done to it."""

    def __init__(self) -> None:
        self.port = FakePort()
        self.parameters: dict[str, str] = {}
        self.done: list[str] = []

    def attach(self, holder: object) -> None:
        self.holder = holder

    async def answer(self) -> None:
        self.done.append("answer")

    def reject(self, reason: str) -> None:
        self.done.append(f"reject {reason}")

    def hang_up(self) -> None:
        self.done.append("hang up")


class Desk:
    """A leg with everything around it, and the clock in the test's hand: `beat` is 20 ms."""

    def __init__(self, narrator: Narrator, ears: Ears) -> None:
        self.clock = Clock()
        self.captions: list[tuple[str, str]] = []
        self.connection, self.leg = FakeConnection(), None
        self._narrator, self._ears = narrator, ears
        self.leg = self.another(self.connection)
        self.port = self.connection.port

    def another(self, connection: FakeConnection) -> SoundLeg:
        """A leg on the same clock."""
        return SoundLeg(
            connection, self.clock, self._narrator, self._ears, lambda who, words: self.captions.append((who, words))
        )

    async def beat(self, times: int = 1) -> None:
        """So many ticks; in between everybody who waits for one has a turn."""
        for _ in range(times):
            self.clock.beat()
            for _ in range(10):
                await asyncio.sleep(0)

    async def until(self, doing: Awaitable[object]) -> object:
        """Ticks, until that is done; its answer. Threads have a moment in each tick."""
        task = asyncio.ensure_future(doing)
        await asyncio.sleep(0)
        try:
            async with asyncio.timeout(30):
                while not task.done():
                    await self.beat()
                    await asyncio.wait([task], timeout=0.001)
            return task.result()
        finally:
            task.cancel()

    def says(self, sound: bytes) -> None:
        """The phone's holder says this from the next tick on."""
        self.port.to_say.extend(frames_of(sound))


@pytest.fixture(scope="session")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Voices:
    """The real engine, with English and German."""
    folder: Path = tmp_path_factory.mktemp("voices")
    return Voices(Pyttsx3Speaker({"en": "en-us", "de": "de"}, 160), SoundCache(folder), Studio((), {}))


@pytest.fixture(scope="session")
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="session")
def at_desk(voices: Voices, threads: ThreadPoolExecutor) -> Callable[[Callable[[Desk], Awaitable[object]]], object]:
    """Run a coroutine function with a desk of its own."""
    ears = Ears(listeners({}), threads)

    def run(act: Callable[[Desk], Awaitable[object]]) -> object:
        async def main() -> object:
            async with aiohttp.ClientSession() as session:
                desk = Desk(Narrator(voices, threads, session), ears)
                try:
                    return await act(desk)
                finally:
                    desk.leg.phone_hung_up()

        return asyncio.run(main())

    return run
