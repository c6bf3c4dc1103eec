"""How an exchange is set up: whose it is, what it answers to, and what it borrows from the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec

from pbx.exchange.numbers import NO_NUMBERS, Numbers
from voices.listening import Listener
from voices.speaking import Voices

DEFAULT_SIP_PORT = 5060
LINE_NAME = "activate"
"""The user part that everybody may dial for the line."""
SIP_LIBRARY = "sippy"
NO_SIP = (
    f"SIP needs the package {SIP_LIBRARY}, which is not installed on this machine. "
    "The browser phone and `activation-center call` work without it."
)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose exchange it is: the sid and the token that sign webhooks and open the REST face."""

    sid: str
    auth_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Places:
    """Where it listens; port 0 takes a free one. Without a SIP port SIP is not spoken."""

    host: str
    port: int
    sip_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything else. Voices and listeners are opened when the exchange starts; they load what they need when it is needed."""

    account: Account
    redact: Callable[[str], str]
    open_voices: Callable[[], Voices]
    open_listeners: Callable[[], Mapping[str, Listener]]
    numbers: Numbers = NO_NUMBERS
    rtp_ports: tuple[int, int] = (16384, 16583)
    password_of: Callable[[str], str | None] = lambda user: None
    """The password with which a SIP phone registers under a name; None for a name that nobody may have."""
    origins: frozenset[str] = frozenset()
    """Whose pages may have a phone, as browsers name their origin."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where an exchange that runs is reached from this machine."""

    base_url: str
    sip_address: str | None
    """What softphones dial, or None without SIP."""


def speaks_sip() -> bool:
    """Whether this machine has what SIP needs."""
    return find_spec(SIP_LIBRARY) is not None


def shown(host: str) -> str:
    """The host as this machine reaches a server that listens there."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    return f"[{reached}]" if ":" in reached else reached


def is_this_machine(host: str) -> bool:
    """Whether who listens there is reached from this machine only."""
    return host in ("127.0.0.1", "::1", "localhost")


def sip_address(host: str, port: int) -> str:
    """What softphones dial for the line: `sip:activate@127.0.0.1`, with the port where it is not SIP's own."""
    return f"sip:{LINE_NAME}@{shown(host)}" + ("" if port == DEFAULT_SIP_PORT else f":{port}")
