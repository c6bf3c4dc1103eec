"""An exchange with everything: phones that can be rung, a shelf for recordings, streams. All in virtual time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from pbx.audio.port import Unanswered
from pbx.call import Call, CallStatus
from pbx.codes import CallError, Code
from pbx.leg import Leg
from pbx.line import Carrier
from pbx.rooms.reception import Reception
from pbx.scene import Answered, Target
from pbx.shelf import RecordingShelf


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(frozen=True)
class Rings:
    """A phone that can be rung: it answers after so many seconds, or comes out otherwise, in Twilio's word."""

    after: float = 4.0
    otherwise: str = ""
    response_code: int | None = None
    heard: Mapping[float, object] = field(default_factory=dict)
    """What its holder does, by second."""


class PhoneRoom:
    """The phones that a Dial can ring."""

    def __init__(self, phones: Mapping[str, Rings], new_sid: Callable[[str], str], new_phone: Callable) -> None:
        self._phones = phones
        self._new_sid = new_sid
        self._new_phone = new_phone
        self.attempts: list[RungPhone] = []

    def ring(self, parent: Call, target: Target, caller: str) -> "RungPhone":
        call = Call(self._new_sid("CA"), parent.account_sid, caller, target.address, parent.clock)
        rings = self._phones.get(target.address, Rings(0.0, "failed"))
        self.attempts.append(RungPhone(call, target, rings, self._new_phone))
        return self.attempts[-1]


class RungPhone:
    """One of them, rung."""

    def __init__(self, call: Call, target: Target, rings: Rings, new_phone: Callable) -> None:
        self.call = call
        self.target = target
        self.rings = rings
        self.new_phone = new_phone
        self.rung_at = now()
        self.ended_at: float | None = None
        self.carrier: Carrier | None = None
        self.phone: Leg | None = None

    async def answered(self) -> Answered | Unanswered:
        try:
            await asyncio.sleep(self.rings.after)
        except asyncio.CancelledError:
            self.ended_at = now()
            self.call.end(CallStatus.CANCELED)
            raise
        if self.rings.otherwise:
            return Unanswered(self.rings.otherwise, self.rings.response_code)
        self.phone = self.new_phone(self.rings.heard)
        self.call.answer()
        return Answered(self.call, self.phone)

    def carried_by(self, carrier: Carrier) -> None:
        self.carrier = carrier

    def end(self) -> None:
        self.ended_at = now()
        self.call.end()


class ScriptedSockets:
    """The other side of every stream, and everything it was sent; with nothing to say it refuses to be connected."""

    def __init__(self, says: Mapping[float, object]) -> None:
        self._says = says
        self._arriving: asyncio.Queue[str | None] = asyncio.Queue()
        self.opened: list[str] = []
        self.closed_at: float | None = None
        self.sent: list[dict] = []

    def new_sid(self) -> str:
        return "MZ" + "3" * 32

    @asynccontextmanager
    async def open(self, url: str) -> AsyncIterator["ScriptedSockets"]:
        if not self._says:
            raise CallError(Code.STREAM_REFUSED, url, "nothing answers there")
        self.opened.append(url)
        for seconds, message in self._says.items():
            text = message if message is None or isinstance(message, str) else json.dumps(message)
            asyncio.get_running_loop().call_at(seconds, self._arriving.put_nowait, text)
        try:
            yield self
        finally:
            self.closed_at = now()

    async def send(self, text: str) -> None:
        self.sent.append(json.loads(text))

    async def receive(self) -> str | None:
        return await self._arriving.get()


@pytest.fixture(scope="session")
def play(play, timed_phone, gone):
    """Play a call at an exchange with everything; see `play_call`.

    `phones` are those that can be rung; `says_to_stream` is what the other side of a stream sends by second, a message or None
    for its closing. What becomes of them is found in the `room`, the `shelf` and the `sockets` of the stage.
    """

    def equipped(*arguments, phones=None, says_to_stream=None, **more):
        def equip(stage):
            stage.room = PhoneRoom(phones or {}, stage.new_sid, lambda heard: timed_phone({3600.0: gone, **heard}))
            stage.shelf = RecordingShelf(stage.new_sid, lambda: "http://exchange.test")
            stage.sockets = ScriptedSockets(says_to_stream or {})
            return replace(
                stage.bare(),
                dialler=stage.room,
                reception=Reception(lambda name: stage.queues.get(name) is not None),
                recordings=stage.shelf,
                streams=stage.sockets,
            )

        return play(*arguments, equip=equip, **more)

    return equipped


@pytest.fixture(scope="session")
def rings():
    """A phone that can be rung; see `Rings`."""
    return Rings
