"""From which country a request comes: by the networks that the settings name (row 24).

The address is the one the server sees, behind the proxy that `ACTIVATION_CENTER_PUBLIC_URL` stands for. A request from this
machine itself, where simulated computers live, counts as coming from the example address in its `ip_address` field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from callcenter.floor.askers import read_address

Networks = Mapping[IPv4Network | IPv6Network, str]
"""Country codes (ISO 3166) by network."""


@dataclass(frozen=True, slots=True)
class Geography:
    """Where networks are."""

    networks: Networks

    def country(self, seen: str, told: str | None) -> str | None:
        """The country of a request: `seen` is the address it arrived from, `told` the one in it. None where nobody knows."""
        address = read_address(seen)
        if address is not None and address.is_loopback and told:
            address = read_address(told)
        return self._country_of(address) if address is not None else None

    def _country_of(self, address: IPv4Address | IPv6Address) -> str | None:
        """By the smallest of the networks that the address is in."""
        around = [network for network in self.networks if address.version == network.version and address in network]
        return self.networks[max(around, key=lambda network: network.prefixlen)] if around else None
