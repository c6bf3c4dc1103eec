"""One call of a bare phone."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bare_rtp import BareSound
from bare_sip import Message

if TYPE_CHECKING:
    from bare_phone import BarePhones


class Refused(Exception):
    """The call was not taken; the final response is in `answer`."""

    def __init__(self, answer: Message) -> None:
        super().__init__(answer.first_line)
        self.answer = answer


@dataclass(eq=False)
class BareCall:
    """One call of a bare phone, from or to it."""

    phones: "BarePhones"
    sound: BareSound
    call_id: str
    target: str
    ours: str
    theirs: str
    sequence: int = 1
    progress: list[int] = field(default_factory=list)
    """Every status that came in answer to the INVITE."""
    invited_at: float = 0.0
    answered_at: float = 0.0
    final: asyncio.Future[Message] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    over: asyncio.Event = field(default_factory=asyncio.Event)
    replies: dict[int, asyncio.Future[Message]] = field(default_factory=dict)
    branch: str = ""

    def press(self, keys: str) -> None:
        self.sound.press(keys)

    def say(self, mulaw: bytes) -> None:
        self.sound.say(mulaw)

    async def ask(self, method: str, body: str = "", kind: str = "") -> Message:
        """A request within the call; its final response."""
        self.sequence += 1
        sequence = self.sequence
        self.replies[sequence] = asyncio.get_running_loop().create_future()
        packet = self.phones.request(self, method, sequence, body, kind)
        answer = await self.phones.until_answered(packet, self.replies[sequence])
        if method == "INVITE":
            self.phones.send(self.phones.request(self, "ACK", sequence))
        return answer

    async def turn(self, direction: str) -> Message:
        """A re-INVITE: `sendonly` or `inactive` holds the call, `sendrecv` takes it up again."""
        return await self.ask("INVITE", self.phones.offer(self.sound, direction), "application/sdp")

    async def hang_up(self) -> None:
        self.over.set()
        await self.ask("BYE")
        self.phones.forget(self)
