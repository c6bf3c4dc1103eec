"""Where a computer reaches the activation centre: two addresses, set for each computer or derived from the centre's own.

The probe is plain HTTP, on port 80 of the centre; everything after it is HTTPS, on 443 (rows 30 to 32). A centre on this very
machine may be asked by plain HTTP: nothing leaves the machine.
"""

from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from activation.redaction import holds_foreign_key
from workstation.computer.declined import Declined
from workstation.computer.machine import Machine
from workstation.computer.traits import Routes
from workstation.words import say

PROBE_PATH, ACTIVATION_PATH, REGISTRATION_PATH = "/activate/probe", "/activate", "/register"
USUAL_PORTS = {"http": 80, "https": 443}
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Address:
    """A URL with what a log says of it."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def is_secure(self) -> bool:
        """Whether what is sent there is encrypted."""
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this very machine."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False

    def instead_of(self, ending: str, path: str) -> "Address":
        """The same server with another path in the place of one's ending; the whole path where it ends otherwise."""
        parts = urlsplit(self.url)
        before = parts.path.removesuffix(ending) if parts.path.endswith(ending) else ""
        return _address(parts._replace(path=before + path, query="", fragment=""))


def read_address(text: str, language: str) -> Address | Declined:
    """An address as typed: `http://…` or `https://…`, with a host, without a user's name or password."""
    if holds_foreign_key(text):
        return Declined(say("internet.address_foreign", language))
    try:
        parts = urlsplit(text.strip())
        has_port = parts.port != 0
    except ValueError:
        return Declined(say("internet.address_malformed", language))
    fits = parts.scheme in USUAL_PORTS and parts.hostname and has_port and "@" not in parts.netloc and text.isprintable()
    if not fits or len(text) > LONGEST:
        return Declined(say("internet.address_malformed", language))
    return _address(parts)


def set_routes(machine: Machine, routes: Routes) -> Machine | Declined:
    """The computer with other routes; an empty address is the centre's own, and the probe is a plain request (row 30)."""
    for text in filter(None, (routes.probe_url, routes.activation_url)):
        address = read_address(text, machine.language)
        if isinstance(address, Declined):
            return address
        if address.is_secure and text == routes.probe_url:
            return Declined(say("internet.probe_is_plain", machine.language))
    return replace(machine, routes=routes)


def probe_address(machine: Machine) -> Address | Declined:
    """Where the plain request goes that asks whether the service is there."""
    return read_address(machine.routes.probe_url or _derived(machine.centre, PROBE_PATH, encrypted=False), machine.language)


def activation_address(machine: Machine) -> Address | Declined:
    """Where the installation ID goes."""
    return read_address(machine.routes.activation_url or _derived(machine.centre, ACTIVATION_PATH), machine.language)


def _derived(centre: str, path: str, *, encrypted: bool = True) -> str:
    """That path of the centre; a centre that is known by its encrypted address answers the probe on its port 80."""
    parts = urlsplit(centre)
    if parts.scheme == "https" and not encrypted and parts.hostname:
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        parts = parts._replace(scheme="http", netloc=host)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + path))


def _address(parts: SplitResult) -> Address:
    return Address(urlunsplit(parts), parts.scheme, parts.hostname or "", parts.port or USUAL_PORTS[parts.scheme])
