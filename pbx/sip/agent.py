"""sippy's user agent, made to do less of its own accord."""

from collections.abc import Callable
from typing import Any

from sippy.SipAddress import SipAddress
from sippy.SipTo import SipTo
from sippy.SipURL import SipURL
from sippy.UA import UA

from pbx.sip.flows import Flow
from pbx.sip.party import Party
from pbx.sip.request import SERVER, sdp_body
from pbx.sip.stack import Stack


class UserAgent(UA):
    """sippy's user agent, without what it would do of its own accord: transfers, holding by silence, leaving questions open."""

    source_address: Flow | None
    rCSeq: int | None
    godead_timeout = 5.0
    """For so many seconds a goodbye that crosses ours is known; copies are answered for longer, by their transactions."""

    def __init__(self, stack: Stack, party: Party, tell: Callable[[Any, Any], None], **named: Any) -> None:
        super().__init__(stack.config, tell, **named)
        self.local_ua = SERVER
        self._party: Party | None = party
        self._stack = stack

    def let_go(self) -> None:
        """The call is over. sippy knows its agent for a while, to answer what comes late; nothing of ours stays with it."""
        self.event_cb = None
        self._party = None

    def recvRequest(self, req: Any, sip_t: Any) -> Any:
        """A request of this dialog. Calls and goodbyes are sippy's; an INVITE without an offer and all else are ours."""
        if self.source_address is not None:
            self.source_address = sip_t.userv
        method = req.getMethod()
        if method == "BYE" or (
            method == "INVITE" and (self.state is None or req.getBody() is not None or not self.isConnected())
        ):
            return super().recvRequest(req, sip_t)
        request = self._stack.request(req, sip_t)
        if self.rCSeq is not None and self.rCSeq >= request.cseq:
            request.reply(500, "Out of Order")
            return None
        self.rCSeq = request.cseq
        if self._party is None:
            request.reply(481, "Call Does Not Exist")
            return None
        if method != "INVITE":
            self._party.asked(request)
            return None
        return self._offer_anew(req, sip_t, self._party.offer())

    def _offer_anew(self, req: Any, sip_t: Any, offer: str) -> Any:
        """A body-less INVITE asks us to offer; the answer comes with the ACK (RFC 3261, section 14.2)."""
        self.uasResp = req.genResponse(100, "Trying", server=self.local_ua)
        self._stack.manager.sendResponse(self.uasResp, sip_t)
        self.lSDP = sdp_body(offer)
        self.sendUasResponse(200, "OK", self.lSDP, (self.lContact,), ack_wait=True)
        return None, self.state.cancel, self.disconnect


def aiming_at(uri: str) -> Callable[[Any], None]:
    """sippy makes the request URI of the next hop's address; ours is what the phone registered, or what was dialled."""

    def aim(agent: Any) -> None:
        agent.rTarget = SipURL(uri)
        agent.rTarget.headers = None
        addressee = agent.rTarget.getCopy()
        addressee.port = addressee.transport = None
        agent.rUri = SipTo(address=SipAddress(url=addressee, hadbrace=True))

    return aim


class _DisplayName(str):
    """A display name that sippy always puts into quotes: it would take letters beyond ASCII for a token."""

    __slots__ = ()

    def translate(self, _table: object) -> str:
        return ""


def displayed(name: str) -> str | None:
    """A display name that cannot end its header or its quotes."""
    kept = "".join(character for character in name if character.isprintable() and character not in '"\\<>')
    return _DisplayName(kept) if kept else None
