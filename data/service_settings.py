"""The sections `[service]` and `[geography]` of settings.toml: bounds of the activation web service, and where networks are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from types import MappingProxyType
from typing import Any

_BOUNDS = {"requests_per_minute": (1, 1_000_000), "rows_per_hour": (50, 1_000_000_000), "answers_kept_hours": (1, 24 * 366)}
"""A batch is decided 50 rows at a time: where fewer were allowed an hour, its turn would never come."""
_USUAL = {"requests_per_minute": 600, "rows_per_hour": 200_000, "answers_kept_hours": 24}
_NETWORKS = {"192.0.2.0/24": "US", "198.51.100.0/24": "DE", "203.0.113.0/24": "AU", "2001:db8::/32": "FR"}

SERVICE_SECTIONS = f"""\
[service]
# How many requests to activate over the web one address may send a minute, and how many rows of batches an hour.
requests_per_minute = {_USUAL["requests_per_minute"]}
rows_per_hour = {_USUAL["rows_per_hour"]}
# How long an answer is kept, encrypted, for a request that is sent again.
answers_kept_hours = {_USUAL["answers_kept_hours"]}

[geography]
# Countries (ISO 3166) by network: some editions activate in set regions only. The smallest network around an address counts;
# an address in none activates everything. These are networks that documentation uses, for trying it out.
networks = {{ {", ".join(f'"{network}" = "{country}"' for network, country in _NETWORKS.items())} }}
"""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What one address may ask of the web service, how long its answers are kept, and the countries (ISO 3166) of networks."""

    requests_per_minute: int
    rows_per_hour: int
    answers_kept: timedelta
    networks: Mapping[IPv4Network | IPv6Network, str]


def read_service(raw: Mapping[str, Any], geography: Mapping[str, Any]) -> ServiceSettings:
    """The settings of the two sections; what they leave out keeps its default. Raises ValueError with a sentence."""
    _refuse_unknown(raw, "service", tuple(_USUAL))
    _refuse_unknown(geography, "geography", ("networks",))
    number = {name: _number(name, raw.get(name, usual)) for name, usual in _USUAL.items()}
    kept = timedelta(hours=number["answers_kept_hours"])
    networks = _networks(geography.get("networks", _NETWORKS))
    return ServiceSettings(number["requests_per_minute"], number["rows_per_hour"], kept, networks)


def _refuse_unknown(raw: Mapping[str, Any], section: str, known: tuple[str, ...]) -> None:
    if unknown := sorted(raw.keys() - set(known)):
        raise ValueError(f"[{section}] has no setting {unknown[0]!r}; its settings are {', '.join(known)}.")


def _number(name: str, value: Any) -> int:
    least, most = _BOUNDS[name]
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}; write it like {name} = {_USUAL[name]}.")
    return value


def _networks(value: Any) -> Mapping[IPv4Network | IPv6Network, str]:
    if not isinstance(value, dict):
        raise ValueError('networks must be a table; write it like networks = { "192.0.2.0/24" = "US" }.')
    return MappingProxyType({_network(name): _country(name, country) for name, country in value.items()})


def _network(name: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(name)
    except ValueError:
        raise ValueError(f"networks must name networks such as 192.0.2.0/24 or 2001:db8::/32, not {name!r}.") from None


def _country(network: str, country: Any) -> str:
    if not isinstance(country, str) or len(country) != 2 or not (country.isascii() and country.isalpha() and country.isupper()):
        raise ValueError(f"networks must give {network} a country of two capital letters, such as US, not {country!r}.")
    return country
