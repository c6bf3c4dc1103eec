"""Which requests are refused before anything else looks at them, and the words in which they are told.

What is here is what RFC 3261 makes a request malformed by, as RFC 4475 tries it out. Refusing without a transaction is
allowed to a server that answers every copy alike (RFC 3261, section 8.2.7).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2s

from pbx.sip.message import HEAD_END, Message

ONCE = ("to", "from", "call-id", "cseq")
AT_MOST_ONCE = ("content-length", "content-type", "max-forwards", "expires")
HIGHEST_CSEQ = 2**31 - 1
MOST_HOPS = 255
DIALLED_SCHEMES = ("sip", "sips", "tel")

_REQUEST_LINE = re.compile(r"[\w.!%*+`'~-]+ [^\s<>]+ SIP/2\.0", re.ASCII)
_OTHER_VERSION = re.compile(r"\S+ \S+ SIP/\d+\.\d+", re.ASCII)
_CSEQ = re.compile(r"(\d+)[ \t]+(\S+)", re.ASCII)
_VIA = re.compile(
    r"\s*SIP/2\.0/[\w.!%*+`'~-]+\s+(\[[0-9A-Fa-f:.]+\]|[\w.-]+)\s*(:\s*\d+)?(\s*;\s*[^\s;,=]+(\s*=\s*[^\s;,]+)?)*\s*", re.ASCII
)
_QUOTE = re.compile(r'(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SPACE_IN_ADDRESS = re.compile(r"<[^>]*\s[^>]*>|<[^>]*$")
_ADDRESSES = ("from", "to", "contact")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A final response to a request: what is wrong with it."""

    code: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()


def screen(request: Message) -> Refusal | None:
    """Why this request is refused; None when it may go on."""
    return next((refusal for rule in RULES if (refusal := rule(request)) is not None), None)


def answer_to(request: Message, refusal: Refusal) -> str:
    """The response that tells it, made of what the request has of the headers that a response repeats."""
    lines = [f"SIP/2.0 {refusal.code} {refusal.reason}"]
    lines += [f"Via: {value}" for value in request.values("via")]
    lines += [f"From: {value}" for value in request.values("from")[:1]]
    lines += [f"To: {_tagged(value, request)}" for value in request.values("to")[:1]]
    lines += [f"Call-ID: {value}" for value in request.values("call-id")[:1]]
    lines += [f"CSeq: {value}" for value in request.values("cseq")[:1]]
    lines += [f"{name}: {value}" for name, value in refusal.headers]
    return "\r\n".join([*lines, "Content-Length: 0"]) + HEAD_END


def acknowledges_refusal(message: Message) -> bool:
    """Whether this is the ACK to an answer made here, for which nobody waits."""
    return message.method == "ACK" and message.value("to").endswith(f";tag={_tag(message)}")


def begins_call(message: Message) -> bool:
    """Whether this INVITE belongs to no call that is there already."""
    return message.method == "INVITE" and not _is_tagged(message.value("to"))


def _tagged(to: str, request: Message) -> str:
    return to if _is_tagged(to) else f"{to};tag={_tag(request)}"


def _is_tagged(to: str) -> bool:
    return ";tag=" in to.rpartition(">")[2]


def _tag(request: Message) -> str:
    """Made of what an ACK has in common with its INVITE on every hop: the call, and the last hop's Via."""
    last_hop = request.value("via").partition(",")[0]
    return blake2s(f"{last_hop}\n{request.value('call-id')}".encode(), digest_size=8).hexdigest()


def _request_line(request: Message) -> Refusal | None:
    if _REQUEST_LINE.fullmatch(request.start_line):
        return None
    if _OTHER_VERSION.fullmatch(request.start_line) and not request.start_line.endswith("SIP/2.0"):
        return Refusal(505, "Version Not Supported")
    return Refusal(400, "Malformed Request-Line")


def _scheme(request: Message) -> Refusal | None:
    scheme = request.start_line.split(" ")[1].partition(":")[0].lower()
    return None if scheme in ("sip", "sips") else Refusal(416, "Unsupported URI Scheme")


def _headers(request: Message) -> Refusal | None:
    if not all(header.canonical for header in request.headers):
        return Refusal(400, "Malformed Header Line")
    if not request.values("via") or any(not request.values(name) for name in ONCE):
        return Refusal(400, "Missing Header")
    repeated = next((name for name in (*ONCE, *AT_MOST_ONCE) if len(request.values(name)) > 1), None)
    return Refusal(400, f"Repeated Header {repeated}") if repeated else None


def _via(request: Message) -> Refusal | None:
    every = ",".join(request.values("via")).split(",")
    return None if all(map(_VIA.fullmatch, every)) else Refusal(400, "Malformed Via")


def _sequence(request: Message) -> Refusal | None:
    sequence = _CSEQ.fullmatch(request.value("cseq"))
    if sequence is None or int(sequence[1]) > HIGHEST_CSEQ:
        return Refusal(400, "Malformed CSeq")
    return None if sequence[2] == request.method else Refusal(400, "CSeq Does Not Match Method")


def _length(request: Message) -> Refusal | None:
    length = request.value("content-length") or "0"
    if not (length.isascii() and length.isdigit()):
        return Refusal(400, "Malformed Content-Length")
    return Refusal(400, "Body Shorter Than Content-Length") if int(length) > len(request.body) else None


def _hops(request: Message) -> Refusal | None:
    hops = request.value("max-forwards") or "70"
    is_number = hops.isascii() and hops.isdigit() and int(hops) <= MOST_HOPS
    return None if is_number else Refusal(400, "Malformed Max-Forwards")


def _addresses(request: Message) -> Refusal | None:
    for name in _ADDRESSES:
        for value in request.values(name):
            if not _is_address(value, must_be_dialled=name != "contact"):
                return Refusal(400, f"Malformed {name.capitalize()}")
    return None


def _is_address(value: str, must_be_dialled: bool) -> bool:
    if not _QUOTE.fullmatch(value):
        return False
    plain = _QUOTED.sub("", value)
    if must_be_dialled and "," in plain.partition("<")[0]:
        return False
    scheme = (plain.partition("<")[2] or plain).partition(":")[0].strip().lower()
    return not _SPACE_IN_ADDRESS.search(plain) and (scheme in DIALLED_SCHEMES or not must_be_dialled)


def _extensions(request: Message) -> Refusal | None:
    """We have no extension that could be required. Source: RFC 3261, section 8.2.2.3."""
    required = [*request.values("require"), *request.values("proxy-require")]
    if not required or request.method in ("ACK", "CANCEL"):
        return None
    return Refusal(420, "Bad Extension", (("Unsupported", ", ".join(required)),))


RULES: tuple[Callable[[Message], Refusal | None], ...] = (
    _request_line,
    _headers,
    _via,
    _sequence,
    _length,
    _hops,
    _addresses,
    _scheme,
    _extensions,
)
