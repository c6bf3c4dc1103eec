"""HTTP as the activation software speaks it: short, without redirects, cookies, stored passwords or anything of its user.

Certificates are verified, by certifi's list or the one that REQUESTS_CA_BUNDLE names. Proxies of the environment are used, but
not on the way to this very machine.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import requests

from activation.redaction import redact
from workstation.activating.addresses import Address

PROBE_SECONDS = 5.0
ANSWER_SECONDS = 20.0
MOST_BYTES = 64 * 1024
_LONGEST_SENTENCE = 600


class Failure(Enum):
    """Why there was no answer."""

    SILENT = "silent"
    """Nobody answers there, or not in time."""
    NOT_TRUSTED = "not_trusted"
    """Somebody answers whose certificate is not to be trusted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


def ask(address: Address) -> Answer | Failure:
    """A plain GET without a body: is anybody there?"""
    return _exchange("GET", address, None, {}, PROBE_SECONDS)


def send(address: Address, body: Mapping[str, object], headers: Mapping[str, str]) -> Answer | Failure:
    """A POST of a JSON document."""
    return _exchange("POST", address, body, headers, ANSWER_SECONDS)


def fit_to_show(sentence: str) -> str:
    """What a stranger says, for terminals and logs: no foreign key, no control characters, no novel."""
    return "".join(character for character in redact(sentence) if character.isprintable())[:_LONGEST_SENTENCE]


def connects(address: Address) -> bool:
    """Whether a connection comes about, and nothing more: all that a modem can tell (row 31)."""
    try:
        socket.create_connection((address.host, address.port), timeout=PROBE_SECONDS).close()
    except OSError:
        return False
    return True


def _exchange(
    method: str, address: Address, body: Mapping[str, object] | None, headers: Mapping[str, str], seconds: float
) -> Answer | Failure:
    try:
        with requests.request(
            method,
            address.url,
            json=body,
            headers={"Connection": "close", **headers},
            timeout=seconds,
            allow_redirects=False,  # a redirected POST would become a GET, and take everything elsewhere
            auth=_as_it_is,  # else a password from ~/.netrc would travel along
            proxies={"no_proxy": address.host} if address.is_loopback else None,
            stream=True,
        ) as answer:
            return Answer(answer.status_code, _beginning(answer))
    except requests.exceptions.SSLError:
        return Failure.NOT_TRUSTED
    except (requests.RequestException, ValueError):  # some malformed addresses are urllib3's ValueErrors
        return Failure.SILENT


def _beginning(answer: requests.Response) -> bytes:
    """No more of the body than an answer of ours can have."""
    body = b""
    for piece in answer.iter_content(MOST_BYTES):
        body += piece
        if len(body) >= MOST_BYTES:
            break
    return body


def _as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared
