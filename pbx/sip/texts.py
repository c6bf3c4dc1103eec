"""Text messages to phones that registered (RFC 3428): the blocks of a confirmation ID, for whoever asked for them."""

from typing import Any

from sippy.MsgBody import MsgBody
from sippy.SipAddress import SipAddress
from sippy.SipContentType import SipContentType
from sippy.SipFrom import SipFrom
from sippy.SipRequest import SipRequest
from sippy.SipTo import SipTo
from sippy.SipURL import SipURL

from pbx.sip.addressing import user_of
from pbx.sip.bindings import Binding
from pbx.sip.flows import bracketed
from pbx.sip.message import to_text
from pbx.sip.request import SERVER
from pbx.sip.stack import Stack


def send_text(stack: Stack, binding: Binding, sender: str, words: str) -> None:
    """Send it where that phone registered from; one that shows no text messages says so, and the log tells."""
    peer = binding.flow.peer
    contact = SipURL(binding.contact)
    contact.headers = None
    from_header = SipFrom(address=SipAddress(url=SipURL(username=user_of(sender) or None), hadbrace=True))
    from_header.genTag()
    message = SipRequest(
        method="MESSAGE",
        ruri=contact,
        target=((bracketed(peer.host), peer.port), peer.transport),
        to=SipTo(address=SipAddress(url=contact.getCopy(), hadbrace=True)),
        fr0m=from_header,
        user_agent=SERVER,
        body=MsgBody(to_text(words), PLAIN_TEXT),
    )

    def answered(response: Any) -> None:
        if response.getSCode()[0] >= 300:
            stack.journal.tell("text message", f"{peer}: {response.getSCode()[0]}")

    stack.manager.newTransaction(message, answered, laddress=binding.flow)


PLAIN_TEXT = SipContentType("text/plain;charset=UTF-8")
PLAIN_TEXT.parse()
