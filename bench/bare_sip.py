"""SIP messages and sound descriptions as bare phones write and read them (RFC 3261, RFC 8866), by hand."""

import re
from dataclasses import dataclass
from uuid import uuid4

from bare_rtp import TELEPHONE_EVENT, BareSound


@dataclass(frozen=True, slots=True)
class Message:
    """A SIP message taken apart: its first line, headers by small name (the last of a kind), and body."""

    first_line: str
    headers: dict[str, str]
    body: str

    @classmethod
    def parse(cls, packet: bytes) -> "Message":
        head, _, body = packet.decode(errors="replace").partition("\r\n\r\n")
        first, *rest = head.split("\r\n")
        pairs = (line.partition(":") for line in rest)
        return cls(first, {name.strip().lower(): value.strip() for name, _, value in pairs}, body)

    @property
    def status(self) -> int:
        """The code of a response; 0 for a request."""
        return int(self.first_line.split()[1]) if self.first_line.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return self.headers["cseq"].split()[1]


def described(sound: BareSound, host: str, direction: str, knows_events: bool) -> str:
    """The SDP of a phone: PCMU, and keys as telephone-events unless it knows none."""
    events = [f"a=rtpmap:{TELEPHONE_EVENT} telephone-event/8000", f"a=fmtp:{TELEPHONE_EVENT} 0-16"]
    lines = [
        *("v=0", f"o=- 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"),
        f"m=audio {sound.port} RTP/AVP 0" + (f" {TELEPHONE_EVENT}" if knows_events else ""),
        *("a=rtpmap:0 PCMU/8000", *(events if knows_events else ()), f"a={direction}"),
    ]
    return "\r\n".join(lines) + "\r\n"


def reply(request: Message, status: int, contact: str, body: str = "", ours: str = "") -> bytes:
    """A response; `ours` is the To header of a call that has begun."""
    words = {180: "Ringing", 200: "OK", 481: "No Such Call", 486: "Busy Here", 487: "Request Terminated"}
    to = ours or request.headers["to"] + ("" if ";tag=" in request.headers["to"] else f";tag={uuid4().hex[:8]}")
    lines = [
        f"SIP/2.0 {status} {words.get(status, 'Refused')}",
        *(f"Via: {request.headers['via']}", f"From: {request.headers['from']}", f"To: {to}"),
        *(f"Call-ID: {request.headers['call-id']}", f"CSeq: {request.headers['cseq']}", f"Contact: <{contact}>"),
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body.encode())}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def uri_in(contact: str) -> str:
    found = re.search(r"<([^>]+)>", contact)
    return found[1] if found else contact


def mirrored(description: str) -> str:
    """The direction that answers an offer's (RFC 3264, section 6.1)."""
    found = re.search(r"^a=(sendonly|recvonly|inactive)", description, re.MULTILINE)
    return {"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}.get(found[1] if found else "", "sendrecv")


def connect(sound: BareSound, description: str, signalled_from: str) -> None:
    """Send to where the other side's description says; where it says so in IPv6, to where its signalling comes from."""
    host, port = (
        re.search(r"^c=IN IP4 (\S+)", description, re.MULTILINE),
        re.search(r"^m=audio (\d+)", description, re.MULTILINE),
    )
    if port:
        sound.remote = host[1] if host else signalled_from, int(port[1])
    if event := re.search(r"^a=rtpmap:(\d+) telephone-event/8000", description, re.MULTILINE):
        sound.event_type = int(event[1])
