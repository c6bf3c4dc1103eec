"""One call's signalling: sippy's user agent, with the events of it that matter to us in our own words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sippy.CCEvents import (
    CCEventConnect,
    CCEventDisconnect,
    CCEventFail,
    CCEventPreConnect,
    CCEventRedirect,
    CCEventRing,
    CCEventTry,
    CCEventUpdate,
)
from sippy.SipAddress import SipAddress
from sippy.SipContact import SipContact
from sippy.SipURL import SipURL

from pbx.sip.agent import UserAgent, aiming_at, displayed
from pbx.sip.flows import Address, Flow, bracketed
from pbx.sip.party import Party
from pbx.sip.request import SERVER, Headers, Request, header, sdp_body
from pbx.sip.sdp import Incompatible
from pbx.sip.stack import Stack

RINGING = (180, 181, 182, 183)
GONE = (408, 481)
"""In answer to a question within the call; 408 is also said where nobody answers."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A call to be made: the URI, which way, who is said to call, and what proves it where that is asked."""

    uri: str
    user: str
    peer: Address
    flow: Flow | None
    caller_user: str
    caller_name: str
    username: str = ""
    password: str = field(default="", repr=False)
    headers: Headers = ()


class Dialog:
    """A call between a phone and us, whoever began it. What is asked of one that is over is quietly not done."""

    def __init__(self, stack: Stack, party: Party) -> None:
        self.party = party
        self._stack = stack
        self._agent: Any = None
        self._is_over = False

    @property
    def call_id(self) -> str:
        return str(self._agent.cId)

    def take(self, request: Request) -> None:
        """Begin with an INVITE; the phone is told that it is being tried."""
        self._agent = UserAgent(self._stack, self.party, self._on_event)
        self._agent.source_address = request.flow
        self._agent.lContact = SipContact(address=SipAddress(url=SipURL(username=request.user or None)))
        request.add_contact()
        request.outcome = self._agent.recvRequest(request.raw, request.transaction)

    def call(self, invitation: Invitation, description: str) -> None:
        """Begin by ringing a phone with our offer."""
        peer = invitation.peer
        self._agent = UserAgent(
            self._stack,
            self.party,
            self._on_event,
            username=invitation.username or None,
            password=invitation.password or None,
            nh_address=(bracketed(peer.host), peer.port),
            nh_transport=peer.transport,
        )
        self._agent.source_address = invitation.flow
        self._agent.recvEvent(_trying(invitation, description))

    def ring(self) -> None:
        self._do(CCEventRing((180, "Ringing", None)))

    def accept(self, description: str) -> None:
        """Answer with what we make of the phone's offer; also an offer made while we talk."""
        self._do(CCEventConnect((200, "OK", sdp_body(description))))

    def accept_offering(self, description: str) -> None:
        """Answer a call that came without an offer with ours; `connected` follows with the ACK."""
        self._do(CCEventPreConnect((200, "OK", sdp_body(description))))

    def refuse(self, code: int, reason: str, headers: Headers = ()) -> None:
        """Do not take the call."""
        self._finish()
        event = CCEventFail((code, reason))
        event.extra_headers = _written(headers)
        self._agent.recvEvent(event)

    def refuse_update(self, incompatible: Incompatible) -> None:
        """Go on as before, saying why (RFC 3261, section 14.2)."""
        event = CCEventFail((488, "Not Acceptable Here"))
        event.warning = header(*warning(incompatible))
        self._do(event)

    def end(self) -> None:
        """Hang up, or give up ringing."""
        self._finish()
        self._agent.recvEvent(CCEventDisconnect())

    def ask_whether_there(self) -> None:
        """A phone that went without a word, as in a power cut, is heard of no more: the call has ended then.

        Any answer but 408 and 481 means that it is there. Source: RFC 3261, sections 11 and 12.2.1.2.
        """
        if not self._is_over:
            agent = self._agent
            self._stack.manager.newTransaction(agent.genRequest("OPTIONS"), self._was_asked, laddress=agent.source_address)

    def _was_asked(self, response: Any) -> None:
        if response.getSCode()[0] in GONE and not self._is_over:
            self.end()
            self.party.ended()

    def _finish(self) -> None:
        """It is over, and nothing more is told of it."""
        self._is_over = True
        self._agent.let_go()

    def _do(self, event: Any) -> None:
        if not self._is_over:
            self._agent.recvEvent(event)

    def _on_event(self, event: Any, _agent: Any) -> None:
        tell = _TELLING.get(type(event))
        if tell is not None:
            tell(self, event)

    def _rung(self, event: Any) -> None:
        if event.getData()[0] in RINGING:
            self.party.rings()

    def _connected(self, event: Any) -> None:
        self.party.connected(_text(event.getData()[2]))

    def _failed(self, event: Any) -> None:
        self._finish()
        self.party.failed(int(event.getData()[0]))

    def _updated(self, event: Any) -> None:
        self.party.updated(_text(event.getData()))

    def _ended(self, _event: Any) -> None:
        self._finish()
        self.party.ended()


_TELLING: dict[type, Callable[[Dialog, Any], None]] = {
    CCEventRing: Dialog._rung,
    CCEventConnect: Dialog._connected,
    CCEventPreConnect: Dialog._connected,
    CCEventFail: Dialog._failed,
    CCEventRedirect: Dialog._failed,
    CCEventUpdate: Dialog._updated,
    CCEventDisconnect: Dialog._ended,
}


def warning(incompatible: Incompatible) -> tuple[str, str]:
    """The header that says why there is no sound to be agreed on. Source: RFC 3261, section 20.43."""
    return "Warning", f'{incompatible.code} {SERVER} "{incompatible.text}"'


def _trying(invitation: Invitation, description: str) -> Any:
    name, user = displayed(invitation.caller_name), invitation.user or None
    event = CCEventTry((None, invitation.caller_user, user, sdp_body(description), None, name))
    event.extra_headers = _written(invitation.headers)
    event.onUacSetupComplete = aiming_at(invitation.uri)
    return event


def _written(headers: Headers) -> tuple[Any, ...] | None:
    return tuple(header(name, value) for name, value in headers) or None


def _text(body: Any) -> str:
    return "" if body is None else str(body)
