"""What is said to the requests that make no call: what we can do, keys in INFO, and no to the rest."""

import re

from pbx.sip.request import ACCEPT, ALLOW, ALLOWED, Request

KEYS = frozenset("0123456789*#")
KEY_TYPES = ("application/dtmf-relay", "application/dtmf")

_SIGNAL = re.compile(r"^[ \t]*Signal[ \t]*=[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_DONE_BY_OTHERS = re.compile("SUBSCRIBE|NOTIFY|PUBLISH|MESSAGE|REFER|UPDATE|PRACK")
_NUMBERED = {"10": "*", "11": "#"}


def answer_options(request: Request) -> None:
    """We are here, and this is what we do. Source: RFC 3261, section 11.2."""
    request.reply(200, "OK", (*ALLOW, *ACCEPT))


def refuse_method(request: Request) -> None:
    """No: 405 for what others do, 501 for what nobody knows. Source: RFC 3261, sections 8.2.1 and 21.5.2."""
    if request.method in ALLOWED or _DONE_BY_OTHERS.fullmatch(request.method):
        request.reply(405, "Method Not Allowed", ALLOW)
    else:
        request.reply(501, "Not Implemented", ALLOW)


def answer_info(request: Request) -> str:
    """The key that an INFO tells of; empty for none. What it tells of otherwise is refused by name."""
    if request.body and request.body_type not in KEY_TYPES:
        request.reply(415, "Unsupported Media Type", (("Accept", ", ".join(KEY_TYPES)),))
        return ""
    request.reply(200, "OK")
    return key_in(request.body_type, request.body)


def key_in(body_type: str, body: str) -> str:
    """The key in a body of one of the types; empty for what is none of the twelve."""
    signal = _SIGNAL.search(body) if body_type == KEY_TYPES[0] else re.match(r"\s*(\S+)\s*$", body)
    if signal is None:
        return ""
    key = _NUMBERED.get(signal[1], signal[1])
    return key if key in KEYS else ""
