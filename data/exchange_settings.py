"""The section `[exchange]` of settings.toml: the local exchange's ports, its address for browsers, other lines' numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr.phone_numbers import PhoneNumber

FIRST_PORT, LAST_PORT = 16384, 16583

EXCHANGE_SECTION = f"""\
[exchange]
# First and last UDP port for the sound of SIP calls; each call takes an even one and the next.
rtp_ports = [{FIRST_PORT}, {LAST_PORT}]
# Numbers that call another line's webhook, such as numbers = {{ "+493023125142" = "https://line.example.com/voice" }}.
numbers = {{}}
# Port of its HTTP side, which programs and browser phones use; 0: a free one.
port = 0
# Where browser phones reach that side through the proxy that speaks HTTPS, such as browser_url = "wss://line.example.com/exchange";
# the proxy passes what follows /exchange on to the port above. Empty: on this machine, without encryption.
browser_url = ""
"""

_SOCKET = re.compile(r"wss?://[^/?#@\s]+(/[^\s?#]*)?", re.ASCII)
_WEBHOOK = re.compile(r"https?://[^/?#@\s]+(/[^\s#]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExchangeSettings:
    """The first and last media port, and the voice webhook of numbers (E.164) that are not the centre's own.

    `port` is that of the HTTP side, 0 for any; `browser_url` where browsers reach it through a proxy, empty for directly.
    """

    rtp_ports: tuple[int, int]
    numbers: Mapping[str, str]
    port: int = 0
    browser_url: str = ""


def read_exchange(raw: Mapping[str, Any]) -> ExchangeSettings:
    """The settings of an `[exchange]` section; what it leaves out keeps its default. Raises ValueError with a sentence."""
    known = ("rtp_ports", "numbers", "port", "browser_url")
    if unknown := sorted(raw.keys() - set(known)):
        raise ValueError(f"[exchange] has no setting {unknown[0]!r}; its settings are {', '.join(known)}.")
    return ExchangeSettings(
        _ports(raw.get("rtp_ports", [FIRST_PORT, LAST_PORT])),
        _numbers(raw.get("numbers", {})),
        _port(raw.get("port", 0)),
        _browser_url(raw.get("browser_url", "")),
    )


def _ports(value: Any) -> tuple[int, int]:
    match value:
        case [int() as first, int() as last] if 1024 <= first < last <= 65535:
            return first, last
    raise ValueError(
        f"rtp_ports must be two ports from 1024 to 65535, the first below the last; write it like "
        f"rtp_ports = [{FIRST_PORT}, {LAST_PORT}]."
    )


def _numbers(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        example = '{ "+493023125142" = "https://line.example.com/voice" }'
        raise ValueError(f"numbers must be a table; write it like numbers = {example}.")
    for number, url in value.items():
        if not PhoneNumber(number).is_real:
            raise ValueError(f"numbers must name telephone numbers such as +493023125142, not {number!r}.")
        if not isinstance(url, str) or not _WEBHOOK.fullmatch(url):
            raise ValueError(f"numbers must give {number} a webhook such as https://line.example.com/voice.")
    return value


def _port(value: Any) -> int:
    if type(value) is int and (value == 0 or 1024 <= value <= 65535):
        return value
    raise ValueError("port must be 0, for a free one, or from 1024 to 65535.")


def _browser_url(value: Any) -> str:
    if isinstance(value, str) and (not value or _SOCKET.fullmatch(value)):
        return value.rstrip("/")
    raise ValueError("browser_url must be empty or an address such as wss://line.example.com/exchange.")
