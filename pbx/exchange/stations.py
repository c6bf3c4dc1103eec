"""Every phone that can be rung and whose sound this process carries, by the address it is called at."""

from collections.abc import Mapping
from typing import Protocol

from pbx.audio.port import Station
from pbx.scene import Target

CLIENT, SIP = "client:", "sip:"
HERE = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Registrar(Protocol):
    """SIP, as far as it rings phones."""

    @property
    def port(self) -> int: ...

    def station(self, user: str) -> Station | None:
        """The phone that is registered under this name."""

    def station_at(self, uri: str, username: str, password: str, headers: Mapping[str, str]) -> Station:
        """The phone at any SIP address."""

    def show_text(self, user: str, sender: str, words: str) -> None:
        """Send a text message to the phones that are registered under this name, if any are."""


class Browsers(Protocol):
    """Browsers that have a phone just now."""

    def station(self, address: str) -> Station | None: ...

    def show_text(self, address: str, sender: str, body: str) -> bool: ...


class Stations:
    """SIP phones before browsers: who registers a telephone on the desk wants that one to ring."""

    def __init__(self, browsers: Browsers) -> None:
        self.sip: Registrar | None = None
        """None where SIP is not spoken."""
        self._browsers = browsers

    def find(self, target: Target) -> Station | None:
        """The phone at `client:NAME`, `sip:USER@HOST` or a number; None where nobody is."""
        if target.address.startswith(SIP):
            return self._sip_phone(target)
        name = target.address.removeprefix(CLIENT)
        return (self.sip and self.sip.station(name)) or self._browsers.station(f"{CLIENT}{name}")

    def has(self, name: str) -> bool:
        """Whether somebody of that name has a phone here."""
        return self.find(Target(f"{CLIENT}{name}")) is not None

    def show_text(self, recipient: str, sender: str, body: str) -> None:
        """Show a text message on the browsers and the registered SIP phones of whoever has that address or number."""
        name = recipient.removeprefix(CLIENT)
        self._browsers.show_text(f"{CLIENT}{name}", sender, body)
        user = self._user_here(name) if name.startswith(SIP) else name
        if self.sip is not None and user is not None:
            self.sip.show_text(user, sender, body)

    def _sip_phone(self, target: Target) -> Station | None:
        """Whoever is registered under an address of ours is rung there; every other address is called as it stands."""
        if self.sip is None:
            return None
        user = self._user_here(target.address)
        if user is not None:
            return self.sip.station(user)
        return self.sip.station_at(target.address, target.username, target.password, target.headers)

    def _user_here(self, address: str) -> str | None:
        """The user of a SIP address of ours; None for anybody else's."""
        user, _, place = address.removeprefix(SIP).partition("@")
        ports = {"", f":{self.sip.port}"} if self.sip is not None else set[str]()
        return user if place in {f"{host}{port}" for host in HERE for port in ports} else None
