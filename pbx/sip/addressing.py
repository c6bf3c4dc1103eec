"""Who is rung: SIP addresses as they are written, and found."""

import asyncio
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from pbx.sip.flows import Address
from pbx.sip.request import Headers

DEFAULT_PORT = 5060

_URI = re.compile(
    r"sips?:(?:([^@;?]*)(?:;[^@?]*)?@)?(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?((?:;[^?\s]*)?)(?:\?(\S*))?", re.ASCII
)
_TRANSPORT = re.compile(r";transport=(\w+)", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")


@dataclass(frozen=True, slots=True)
class SipAddress:
    """A SIP URI taken apart. `uri` is it without headers, as it is dialled; `headers` those it asks for."""

    uri: str
    user: str
    host: str
    port: int
    transport: str
    headers: Headers

    async def find(self) -> Address | None:
        """Where it is; None when its host has no address."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                self.host, self.port, family=socket.AF_UNSPEC, type=socket.SOCK_DGRAM
            )
        except OSError:
            return None
        in_order = sorted(found, key=lambda entry: entry[0] != socket.AF_INET)
        return Address(self.transport, str(in_order[0][4][0]), self.port)


def read_uri(text: str) -> SipAddress | None:
    """The parts of a SIP URI; None for what is none."""
    match = _URI.fullmatch(text.strip())
    if match is None:
        return None
    user, host, port, parameters, query = match.groups(default="")
    if port and not 0 < int(port) <= 65535:
        return None
    transport = _TRANSPORT.search(parameters)
    uri = text.strip().partition("?")[0]
    headers = clean_headers(dict(parse_qsl(query)))
    name = "tcp" if transport and transport[1].lower() == "tcp" else "udp"
    return SipAddress(uri, unquote(user.partition(":")[0]), host.strip("[]"), int(port or DEFAULT_PORT), name, headers)


def clean_headers(headers: Mapping[str, str]) -> Headers:
    """Those that may be added to a call, their values on one line.

    Source: https://www.twilio.com/docs/voice/twiml/sip#custom-headers.
    """
    kept = {name: value for name, value in headers.items() if _HEADER_NAME.fullmatch(name) and _may_be_added(name)}
    return tuple((name, "".join(filter(str.isprintable, value)).strip()) for name, value in kept.items())


def _may_be_added(name: str) -> bool:
    return name.lower().startswith("x-") or name.lower() in (
        "user-to-user",
        "remote-party-id",
        "p-preferred-identity",
        "p-called-party-id",
    )


def user_of(caller: str) -> str:
    """The user part that stands for a caller: of `sip:alice@host`, `client:amira` or `+1206…`."""
    _, _, rest = caller.rpartition(":") if not caller.startswith("sip") else caller.partition(":")
    user = rest.partition("@")[0] or "anonymous"
    return "".join(character for character in user if character.isprintable() and character not in ' "<>@')
