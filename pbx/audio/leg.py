"""A phone with sound, as the interpreter speaks to it: a `Leg` over a `Connection`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Protocol, runtime_checkable

from pbx.audio.attention import Attention
from pbx.audio.bridge import Bridge, Voice
from pbx.audio.captions import WORDLESS, Captions, Speaker
from pbx.audio.clock import Clock
from pbx.audio.frame import SILENCE, Frame
from pbx.audio.narrator import Narrator
from pbx.audio.playback import Playback
from pbx.audio.port import Connection, PortFigures
from pbx.audio.recogniser import Ears
from pbx.audio.taking import Take
from pbx.audio.tap import Tap
from pbx.leg import HungUp, Key, Listening, Recording, RecordingTerms, Utterance
from pbx.rooms.seat import Hearing, Hears
from pbx.speech import Speech

LAST_WORD_SECONDS = 0.2
"""What a phone has yet to play when its last frame is sent; the line drops after that."""
HANG_UP = "hangup"


@runtime_checkable
class KeyTelling(Protocol):
    """A port that can tell its phone keys beside the sound (RFC 4733)."""

    def send_keys(self, keys: str) -> bool:
        """0-9, A-D, * and #, w and W for pauses, one after the other; False where the phone takes none."""


class SoundLeg:
    """A `Leg`, the `Holder` of its connection, one `Ticking` of the clock, and a `Voice` in bridges."""

    def __init__(self, connection: Connection, clock: Clock, sounds: Narrator, ears: Ears, captions: Captions) -> None:
        self.call_sid = ""
        """Set by whoever carries the call."""
        self._connection, self._clock, self._sounds, self._captions = connection, clock, sounds, captions
        self._port = connection.port
        self._playback = Playback()
        self._attention = Attention(ears, captions)
        self._taps: list[Tap] = []
        self._hearing = Hearing(Hears.TALKING)
        self._bridge: Bridge | None = None
        self._latest: Frame | None = None
        self._is_gone = False
        self._at_hand: dict[str, bytes] = {}
        self._doings: set[asyncio.Timeout] = set()
        clock.add(self)
        connection.attach(self)

    # What its connection tells

    def press(self, digit: str) -> None:
        self._attention.press(digit)
        for tap in tuple(self._taps):
            tap.pressed(digit)

    def phone_hung_up(self) -> None:
        self._leave()

    # What the clock moves

    def listen(self) -> None:
        """Take 20 ms from the phone."""
        self._latest = frame = self._port.take()
        self._attention.hear(frame)
        for tap in tuple(self._taps):
            tap.heard(frame or SILENCE)

    def speak(self) -> None:
        """Give the phone 20 ms: what is played to it, else what the others in its bridge say. A caller is not interrupted."""
        frame = None if self._attention.is_spoken_to else self._playback.next()
        if frame is None and self._bridge is not None:
            frame = self._bridge.heard_by(self)
        frame = frame or SILENCE
        self._port.give(frame)
        for tap in tuple(self._taps):
            tap.said(frame)

    def drop(self) -> None:
        """The clock gave this leg up."""
        self._connection.hang_up()
        self._leave()

    # What others in a bridge hear

    @property
    def latest(self) -> Frame | None:
        return self._latest

    def is_heard_by(self, other: Voice) -> bool:
        if self._hearing.muted:
            return False
        return not self._hearing.coaching or (isinstance(other, SoundLeg) and other.call_sid == self._hearing.coached)

    # What the interpreter does

    @property
    def hung_up(self) -> bool:
        return self._is_gone

    @property
    def figures(self) -> PortFigures:
        """How the phone's sound has come over so far."""
        return self._port.figures

    async def answer(self) -> None:
        async with self._while_there():
            await self._connection.answer()

    async def reject(self, reason: str) -> None:
        self._connection.reject(reason)
        self._leave()

    async def say(self, speech: Speech) -> None:
        async with self._while_there():
            sound = await self._sounds.speech(speech)
            if words := str(speech):
                self._captions(Speaker.LINE, words)
            await self._playback.play(sound)

    async def play(self, url: str | None) -> None:
        async with self._while_there():
            sound = await (self._recording(url) if url else self._sounds.music())
            self._captions(Speaker.LINE, WORDLESS)
            await self._playback.play(sound)

    @asynccontextmanager
    async def prepared(self, urls: Collection[str]) -> AsyncIterator[None]:
        async with self._while_there():
            fetched = {url: await self._recording(url) for url in urls}
        before, self._at_hand = self._at_hand, self._at_hand | fetched
        try:
            yield
        finally:
            self._at_hand = before

    async def sound(self, tones: str) -> None:
        """Where the phone takes keys as telephone-events, they go as such, and it hears nothing while that lasts."""
        sound = self._sounds.tones(tones)
        is_told = isinstance(self._port, KeyTelling) and self._port.send_keys(tones)
        await self.emit(SILENCE[:1] * len(sound) if is_told else sound)

    async def ring_back(self, country: str = "") -> None:
        async with self._while_there():
            cadence = await self._sounds.ring_back(country)
            while True:
                await self._playback.play(cadence)

    async def emit(self, sound: bytes) -> None:
        async with self._while_there():
            await self._playback.play(sound)

    async def confer(self, bridge: Bridge | None, hearing: Hearing, star_leaves: bool) -> None:
        async with self._while_there():
            self.flush_keys()
            self._hearing, self._bridge = hearing, bridge
            if bridge is not None:
                bridge.enter(self)
            try:
                await self._until_star(star_leaves)
            finally:
                self._bridge = None
                if bridge is not None:
                    bridge.leave(self)

    async def record(self, terms: RecordingTerms) -> Recording:
        take = Take(terms)
        try:
            if terms.beeps:
                await self.emit(self._sounds.beep())
            self.flush_keys()
            remove = self.tap(take)
            try:
                async with self._while_there():
                    ended_by = await take.ended
            finally:
                remove()
        except HungUp:
            ended_by = HANG_UP
        return Recording(take.sound(), ended_by)

    def tap(self, tap: Tap) -> Callable[[], None]:
        self._taps.append(tap)
        return lambda: self._taps.remove(tap)

    async def pause(self, seconds: float) -> None:
        async with self._while_there():
            await asyncio.sleep(seconds)

    def hears(self, language: str) -> bool:
        return self._attention.hears(language)

    def flush_keys(self) -> None:
        self._attention.forget()

    async def next_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        async with self._while_there():
            return await self._attention.next_input(listening, within_seconds)

    async def hang_up(self) -> None:
        if not self._is_gone:
            await asyncio.sleep(LAST_WORD_SECONDS)
            self._connection.hang_up()
            self._leave()

    async def _recording(self, url: str) -> bytes:
        sound = self._at_hand.get(url)
        return await self._sounds.recording(url) if sound is None else sound

    async def _until_star(self, star_leaves: bool) -> None:
        """For ever, or until the star is pressed where it leaves."""
        while await self._attention.next_input(Listening(keys=True), None) != Key("*") or not star_leaves:
            continue

    @asynccontextmanager
    async def _while_there(self) -> AsyncIterator[None]:
        """Do something with the phone; it is broken off with HungUp as soon as the phone is gone."""
        if self._is_gone:
            raise HungUp
        try:
            async with asyncio.timeout(None) as doing:
                self._doings.add(doing)
                try:
                    yield
                finally:
                    self._doings.discard(doing)
        except TimeoutError:
            if doing.expired():
                raise HungUp from None
            raise

    def _leave(self) -> None:
        """The phone is gone: whatever is being done with it is over."""
        if not self._is_gone:
            self._is_gone = True
            self._clock.remove(self)
            self._attention.forget()
            for doing in self._doings:
                doing.reschedule(asyncio.get_running_loop().time())
