"""A call from a phone."""

import asyncio
import re
from collections.abc import Callable

from pbx.rtp.ports import RtpPort
from pbx.sip.connection import SipConnection
from pbx.sip.request import Headers, Request
from pbx.sip.sdp import Session
from pbx.sip.stack import Stack

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_REJECTIONS = {"busy": (486, "Busy Here")}
"""All others look as if nobody were there. Source: Twilio's page on SIP interfaces, Reject."""


class SipCall(SipConnection):
    """A phone that rings us. `offered` is what it offers of sound; None asks us to offer."""

    def __init__(self, stack: Stack, request: Request, offered: Session | None, over: Callable[[SipConnection], None]) -> None:
        super().__init__(stack, request.flow, over)
        name, user, host = request.caller
        self.user = request.user
        """Who was dialled."""
        self.caller = user if _E164.fullmatch(user) else f"sip:{user}@{host}" if user else f"sip:{host}"
        self.caller_name = name
        self.caller_tag = request.caller_tag
        self.parameters = _parameters(request)
        self._offered = offered
        self._is_answered = False
        self._settled = asyncio.get_running_loop().create_future()
        self.dialog.take(request)

    def ring(self, port: RtpPort) -> None:
        """Tell the phone that it rings here."""
        self.plug_in(port)
        self.dialog.ring()

    async def answer(self) -> None:
        if self.is_over or self._is_answered:
            return
        self._is_answered = True
        if self._offered is not None:
            self.dialog.accept(self.media.answer(self._offered))
            return
        self.dialog.accept_offering(self.media.offer())
        await self._settled

    def reject(self, reason: str) -> None:
        self.refuse(*_REJECTIONS.get(reason, (404, "Not Found")))

    def hang_up(self) -> None:
        self.refuse(480, "Temporarily Unavailable")

    def refuse(self, code: int, reason: str, headers: Headers = ()) -> None:
        """End it with this answer, or with a goodbye if it was answered already."""
        if self._is_answered:
            super().hang_up()
        elif not self.is_over:
            self._finish()
            self.dialog.refuse(code, reason, headers)

    def connected(self, description: str) -> None:
        super().connected(description)
        self._settle()

    def _finish(self) -> None:
        super()._finish()
        self._settle()

    def _settle(self) -> None:
        if not self._settled.done():
            self._settled.set_result(None)


def _parameters(request: Request) -> dict[str, str]:
    """Source: https://www.twilio.com/docs/voice/api/sip-interface."""
    known = {"SipCallId": request.call_id, "SipDomain": request.host, "SipSourceIp": request.flow.peer.host}
    extra = {f"SipHeader_{line.name}": line.value for line in request.message.headers if line.canonical.startswith("x-")}
    return known | extra
