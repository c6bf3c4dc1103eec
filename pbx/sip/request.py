"""One request that sippy let through, and the way to answer it."""

from typing import Any

from sippy.MsgBody import MsgBody
from sippy.SipContentType import SipContentType
from sippy.SipGenericHF import SipGenericHF
from sippy.SipHeader import SipHeader

from pbx.sip.flows import Flow, bracketed
from pbx.sip.message import Message

SERVER = "activation-center"
ALLOWED = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "REGISTER")

Headers = tuple[tuple[str, str], ...]
ALLOW: Headers = (("Allow", ", ".join(ALLOWED)),)
ACCEPT: Headers = (("Accept", "application/sdp"),)


class Request:
    """A request, its transaction, and the flow it came over."""

    def __init__(self, raw: Any, transaction: Any, message: Message, manager: Any) -> None:
        self.raw, self.transaction, self.message = raw, transaction, message
        self.outcome: object = None
        """What sippy is told became of it, where that is not simply a reply."""
        self.flow: Flow = transaction.userv
        self._manager = manager

    @property
    def method(self) -> str:
        return str(self.raw.getMethod())

    @property
    def user(self) -> str:
        """The user part that was dialled; empty when the URI has none."""
        return self.raw.getRURI().username or ""

    @property
    def host(self) -> str:
        return str(self.raw.getRURI().host)

    @property
    def call_id(self) -> str:
        return str(self.raw.getHFBody("call-id"))

    @property
    def cseq(self) -> int:
        return int(self.raw.getHFBody("cseq").getCSeqNum())

    @property
    def is_in_dialog(self) -> bool:
        return bool(self.raw.getHFBody("to").getTag())

    @property
    def addressee(self) -> str:
        """The user part of To."""
        return self.raw.getHFBody("to").getUrl().username or ""

    @property
    def caller(self) -> tuple[str, str, str]:
        """From: display name, user part and host."""
        sender = self.raw.getHFBody("from").getUri()
        return (sender.name or "").strip('" '), sender.url.username or "", str(sender.url.host)

    @property
    def caller_tag(self) -> str:
        return self.raw.getHFBody("from").getTag() or ""

    @property
    def body_type(self) -> str:
        return self.message.value("content-type").partition(";")[0].strip().lower()

    @property
    def body(self) -> str:
        """Its body, as long as it says it is; empty when it has none."""
        body = self.raw.getBody()
        return "" if body is None else str(body)

    @property
    def accepts_sdp(self) -> bool:
        """Whether the answer may be a session description. Source: RFC 3261, section 20.1."""
        accepted = ",".join(self.message.values("accept")).lower()
        ranges = {entry.partition(";")[0].strip() for entry in accepted.split(",")}
        return not accepted or bool(ranges & {"application/sdp", "application/*", "*/*"})

    def add_contact(self) -> None:
        """Give a call of before RFC 3261 the contact it need not have: where it came from."""
        if not self.raw.countHFs("contact"):
            peer = self.flow.peer
            self.raw.appendHeader(SipHeader(name="contact", bodys=f"<sip:{bracketed(peer.host)}:{peer.port}>"))

    def reply(self, code: int, reason: str, headers: Headers = (), body: str = "") -> None:
        """Answer it, once."""
        response = self.raw.genResponse(code, reason, server=SERVER)
        response.appendHeaders([header(name, value) for name, value in headers])
        if body:
            response.setBody(sdp_body(body))
        self._manager.sendResponse(response, self.transaction)


def header(name: str, value: str) -> Any:
    """A header as sippy sends it, unchanged."""
    return SipHeader(name=name, body=_AsWritten(value, name))


def sdp_body(text: str) -> Any:
    """A session description as sippy sends it, unchanged."""
    return MsgBody(text, SDP)


class _AsWritten(SipGenericHF):
    """A header that keeps its name as it was given."""

    def __init__(self, value: str, name: str) -> None:
        super().__init__(value, name)
        self.parsed = True
        self._name = name

    def getCanName(self, _name: str, _compact: bool = False) -> str:
        return self._name

    def getCopy(self) -> "_AsWritten":
        return _AsWritten(str(self), self._name)


SDP = SipContentType("application/sdp")
SDP.parse()
