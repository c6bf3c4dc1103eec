"""The phone that waits for a call: it rings, says who calls, and is answered or not."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from pbx.call import Call, CallStatus, Direction
from pbx.leg import HungUp
from pbx.phones.extension import Extension
from pbx.phones.messages import Ring
from pbx.request import Destination, WebhookRequest
from pbx.side_by_side import until_first


class Answerer(Protocol):
    """Who decides whether to answer."""

    async def decide(self) -> None:
        """Return to answer. Raises HungUp to decline."""


class Ringing:
    """A call that rings here: it can be given up by whoever calls, and goes nowhere yet."""

    def __init__(self) -> None:
        self._given_up = asyncio.Event()

    def redirect(self, destination: Destination, fallback: WebhookRequest | None = None) -> None:
        """The exchange moves no call that is not answered."""

    def hang_up(self) -> None:
        self._given_up.set()

    async def given_up(self) -> None:
        await self._given_up.wait()


async def await_call(
    extension: Extension, new_call: Callable[[Ring], Call], answerer: Answerer, show: Callable[[str], None]
) -> tuple[Call, Destination]:
    """The first call that is answered here, and where it goes. Raises HungUp when one is declined."""
    while True:
        ring = await extension.rings.get()
        call = new_call(ring)
        ringing = Ringing()
        extension.carry(call, ringing)
        show(f"Ringing: {ring.caller} calls.")
        try:
            async with until_first(answerer.decide(), ringing.given_up()) as (decided, _):
                if decided.done():
                    decided.result()
                    call.answer()
                    return call, ring.where.destination
        except HungUp:
            call.end(CallStatus.BUSY)
            raise
        call.end(CallStatus.NO_ANSWER)
        show("The caller gave up.")


def incoming(ring: Ring, account_sid: str, clock: Callable[[], datetime]) -> Call:
    """The facts of a call that somebody made to this phone."""
    return Call(ring.sid, account_sid, ring.caller, ring.called, clock, direction=Direction.OUTBOUND_API)
