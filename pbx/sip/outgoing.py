"""A call to a phone: rung until it answers, does not, or nobody wants it to any more."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from pbx.audio.bell import Bell
from pbx.audio.port import Connection, Unanswered
from pbx.rtp.ports import NoPortsLeft, RtpPort
from pbx.sip.connection import SipConnection
from pbx.sip.dialog import Invitation
from pbx.sip.flows import Flow
from pbx.sip.stack import Stack

_BUSY = (486, 600, 603)
_NO_ANSWER = (408, 480, 487)


class Ports(Protocol):
    """Where ports for sound come from."""

    async def open(self) -> RtpPort:
        """Raises NoPortsLeft."""


class House(Protocol):
    """What a call to a phone needs of the exchange it is made from."""

    @property
    def stack(self) -> Stack: ...

    @property
    def ports(self) -> Ports: ...

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have it done, unless the exchange closes before."""

    def begun(self, connection: SipConnection) -> None:
        """A call goes out."""

    def over(self, connection: SipConnection) -> None:
        """A call has ended."""


class OutgoingCall(SipConnection):
    """A phone that we ring. `come_out` is told once how it did."""

    def __init__(
        self,
        stack: Stack,
        flow: Flow,
        over: Callable[[SipConnection], None],
        rang: Callable[[], None],
        come_out: Callable[["OutgoingCall | Unanswered"], None],
    ) -> None:
        super().__init__(stack, flow, over)
        self._rang = rang
        self._come_out = come_out
        self._is_answered = False

    def ring(self, invitation: Invitation) -> None:
        """Ring it; its sound is plugged in already."""
        self.dialog.call(invitation, self.media.offer())
        self.parameters = {"SipCallId": self.call_id}

    async def answer(self) -> None:
        """It has answered us."""

    def hang_up(self) -> None:
        super().hang_up()
        if not self._is_answered:
            self._come_out(Unanswered("canceled"))

    def reject(self, _reason: str) -> None:
        self.hang_up()

    def rings(self) -> None:
        self._rang()

    def connected(self, description: str) -> None:
        if self._is_answered:
            super().connected(description)
        elif self.media.settle(description) is None:
            self._is_answered = True
            self._come_out(self)
        else:
            self._come_out(Unanswered("failed", 488))
            self.hang_up()

    def failed(self, code: int) -> None:
        self._finish()
        self._come_out(Unanswered(status_of(code), code))

    def ended(self) -> None:
        if self._is_answered:
            super().ended()
        elif not self.is_over:
            self._finish()
            self._come_out(Unanswered("failed"))


class SipRinging(Bell):
    """A phone being rung, from the moment it is known where it is."""

    def __init__(self, house: House, finding: Awaitable[Invitation | None]) -> None:
        super().__init__()
        self._house = house
        self._call: OutgoingCall | None = None
        house.begin(self._ring(finding)).add_done_callback(self._tried)

    def give_up(self) -> None:
        if self.come_out(Unanswered("canceled")) and self._call is not None:
            self._call.hang_up()

    async def _ring(self, finding: Awaitable[Invitation | None]) -> None:
        invitation = await finding
        try:
            port = await self._house.ports.open() if invitation is not None else None
        except NoPortsLeft:
            port = None
        if invitation is None or port is None:
            self.come_out(Unanswered("failed"))
        elif self.has_come_out:
            await port.close()
        else:
            self._invite(invitation, port)

    def _invite(self, invitation: Invitation, port: RtpPort) -> None:
        flow = invitation.flow or self._house.stack.flow_to(invitation.peer)
        self._call = OutgoingCall(self._house.stack, flow, self._house.over, self.note_ringing, self._settle)
        self._call.plug_in(port)
        self._house.begun(self._call)
        self._call.ring(invitation)

    def _tried(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            self.give_up()
        elif task.exception() is not None:
            self.come_out(Unanswered("failed"))

    def _settle(self, outcome: Connection | Unanswered) -> None:
        """The phone has spoken; an answer that comes too late is not kept."""
        if not self.come_out(outcome) and not isinstance(outcome, Unanswered):
            outcome.hang_up()


def status_of(code: int) -> str:
    """Twilio's word for a call that ended with this response."""
    return "busy" if code in _BUSY else "no-answer" if code in _NO_ANSWER else "failed"
