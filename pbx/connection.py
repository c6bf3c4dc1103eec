"""Connection overrides: how long to try and how often, from the fragment of a webhook's URL.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. The fragment is never sent and never
signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urldefrag

from pbx.codes import CallError, Code


class Fault(StrEnum):
    """What may go wrong with one attempt, in the words of the retry policy."""

    CONNECT = "ct"
    READ = "rt"
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"


@dataclass(frozen=True, slots=True)
class ConnectionPolicy:
    """Timeouts in seconds, the number of extra attempts, and the faults worth one."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0
    retries: int = 1
    retry_on: frozenset[Fault] = frozenset({Fault.CONNECT})

    @classmethod
    def of(cls, url: str) -> "ConnectionPolicy":
        """The policy a URL asks for; numbers out of range are ignored. Raises CallError 11243 for a bad `rp`."""
        asked = dict(parse_qsl(urldefrag(url).fragment))
        return cls(
            connect_seconds=_milliseconds(asked, "ct", 5000, 10000) / 1000,
            read_seconds=_milliseconds(asked, "rt", 15000, 15000) / 1000,
            total_seconds=_milliseconds(asked, "tt", 15000, 15000) / 1000,
            retries=_within(asked, "rc", 1, range(6)),
            retry_on=_retry_on(asked.get("rp", Fault.CONNECT), url),
        )


def _milliseconds(asked: Mapping[str, str], name: str, default: int, most: int) -> int:
    return _within(asked, name, default, range(100, most + 1))


def _within(asked: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    value = asked.get(name, "")
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else default
    return number if number in allowed else default


def _retry_on(policy: str, url: str) -> frozenset[Fault]:
    if policy == "all":
        return frozenset(Fault)
    try:
        return frozenset(Fault(word) for word in policy.split(","))
    except ValueError:
        raise CallError(Code.BAD_RETRY_POLICY, url, "rp lists 4xx, 5xx, ct and rt, or is all") from None
