"""The caller's telephone: a SIP call with its sound, one frame in and one out each tick."""

import asyncio
from collections import deque

from pbx.audio.clock import Clock
from pbx.audio.frame import FRAME_SECONDS, SILENCE, Frame, frames_of
from pbx.demo.tape import Tape
from pbx.sip.connection import SipConnection
from voices.sound import Sound

QUIET_PEAK = 250
"""Of 32768: what is softer is the line's own silence."""


class DemoPhone:
    """A ticking of the clock and the holder of its connection."""

    def __init__(self, connection: SipConnection, clock: Clock, tape: Tape) -> None:
        self.is_gone = asyncio.Event()
        self._heard: asyncio.Queue[Frame] = asyncio.Queue()
        self.quiet_seconds = 0.0
        """For how long the line has said nothing."""
        self._connection, self._port, self._tape = connection, connection.port, tape
        self._clock = clock
        self._to_say: deque[Frame] = deque()
        self._has_said = asyncio.Event()
        self._latest: Frame | None = None
        clock.add(self)
        connection.attach(self)

    @property
    def latest(self) -> Frame | None:
        return self._latest

    def listen(self) -> None:
        self._latest = self._port.take()
        frame = self._latest or SILENCE
        is_quiet = Sound.of_mulaw(frame).peak < QUIET_PEAK
        self.quiet_seconds = self.quiet_seconds + FRAME_SECONDS if is_quiet else 0.0
        self._heard.put_nowait(frame)

    def speak(self) -> None:
        frame = self._to_say.popleft() if self._to_say else SILENCE
        if not self._to_say:
            self._has_said.set()
        self._port.give(frame)
        self._tape.wind(self._latest or SILENCE, frame)

    def drop(self) -> None:
        self.hang_up()

    def press(self, digit: str) -> None:
        """A line presses no keys."""

    def phone_hung_up(self) -> None:
        self._clock.remove(self)
        self.is_gone.set()

    def press_keys(self, keys: str) -> None:
        """As telephone-events (RFC 4733). Raises ValueError for what is no key."""
        if not self._port.send_keys(keys):
            raise ValueError("the exchange takes no telephone-events")

    def listen_anew(self) -> asyncio.Queue[Frame]:
        """What the line says from now on."""
        self._heard = asyncio.Queue()
        return self._heard

    async def say(self, mulaw: bytes) -> None:
        """Return when it has been said."""
        self._to_say.extend(frames_of(mulaw))
        self._has_said.clear()
        await self._has_said.wait()

    async def hear_quiet(self, seconds: float) -> None:
        """Return once the line has said nothing for so long from now on."""
        self.quiet_seconds = 0.0
        while self.quiet_seconds < seconds:
            await asyncio.sleep(FRAME_SECONDS)

    def hang_up(self) -> None:
        self._connection.hang_up()
        self.phone_hung_up()
