"""What a computer sends when it activates over the internet: the listed fields and no other (rows 21, 22).

`FIELDS` is the whole list. It is what the privacy statement names, what the request viewer explains, and what every request is
held against before it leaves.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network

from activation.hardware import hash_hardware
from workstation.computer.machine import Machine, installation_id, is_pre_activated, product_id
from workstation.computer.traits import OLD_GENERATION

ACTIVATION_VERSION = "1.0"
"""The activation software of every simulated system."""

MOST_COMPUTERS = 1_000_000
"""The highest answer to the question on how many computers a copy is installed."""

_AMERICA, _EUROPE, _AUSTRALIA = (
    IPv4Network("192.0.2.0/24"),
    IPv4Network("198.51.100.0/24"),
    IPv4Network("203.0.113.0/24"),
)
"""The three networks that RFC 5737 keeps for documentation: no address in them is anybody's. A centre's settings say where it
takes them to be; out of the box in the United States, Germany and Australia."""
_NEAREST = {"AU": _AUSTRALIA, "US": _AMERICA, "CA": _AMERICA}
"""Which of them stands for a country; for all others, the European one."""


class Field(StrEnum):
    """One field that may travel; the value is its name, and `request.field.NAME` says what it is for."""

    REQUEST_ID = "request_id"
    INSTALLATION_ID = "installation_id"
    PRODUCT_ID = "product_id"
    PRODUCT_KEY = "product_key"
    HARDWARE_HASH = "hardware_hash"
    SENT_AT = "sent_at"
    LANGUAGE = "language"
    PRODUCT_VERSION = "product_version"
    ACTIVATION_VERSION = "activation_version"
    IP_ADDRESS = "ip_address"
    PRE_ACTIVATED = "pre_activated"
    COMPUTERS = "computers"


class Head(StrEnum):
    """One request header that is ours; what HTTP itself needs (host, length) comes with every request."""

    USER_AGENT = "User-Agent"
    ACCEPT_LANGUAGE = "Accept-Language"
    ACCEPT = "Accept"


OF_LATER_GENERATIONS = frozenset({Field.IP_ADDRESS, Field.PRE_ACTIVATED})
"""What systems after the 2003 generation send beside the rest: an address and what their hardware says (row 22)."""

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class ActivationRequest:
    """One request, ready to be sent."""

    headers: Mapping[str, str]
    body: Mapping[str, Value]


def listed_fields(generation: str) -> tuple[Field, ...]:
    """What systems of this generation may send."""
    is_later = generation != OLD_GENERATION
    return tuple(field for field in Field if is_later or field not in OF_LATER_GENERATIONS)


def not_listed(names: Mapping[str, object], generation: str) -> tuple[str, ...]:
    """The names of fields that are not on the list of this generation: none in any request of ours."""
    listed = listed_fields(generation)
    return tuple(name for name in names if name not in listed)


def write_request(machine: Machine, request_id: str, now: datetime, computers: int | None = None) -> ActivationRequest:
    """The request of this computer; `computers` answers the question on how many computers the copy is installed."""
    edition = machine.media.product
    version = machine.media.version
    body: dict[str, Value | None] = {
        Field.REQUEST_ID: request_id,
        Field.INSTALLATION_ID: "-".join(installation_id(machine)),
        Field.PRODUCT_ID: product_id(machine),
        Field.PRODUCT_KEY: machine.key or None,
        Field.HARDWARE_HASH: f"{hash_hardware(machine.parts):016x}",
        Field.SENT_AT: now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        Field.LANGUAGE: machine.language,
        Field.PRODUCT_VERSION: version or None,
        Field.ACTIVATION_VERSION: ACTIVATION_VERSION,
        Field.IP_ADDRESS: str(example_address(machine.name, machine.country)),
        Field.PRE_ACTIVATED: is_pre_activated(machine),
        Field.COMPUTERS: computers,
    }
    listed = listed_fields(edition.generation)
    headers = {
        Head.USER_AGENT: f"ActivationWizard/{ACTIVATION_VERSION} ({edition.name} {version or '-'})",
        Head.ACCEPT_LANGUAGE: machine.language,
        Head.ACCEPT: "application/json, application/problem+json",
    }
    return ActivationRequest(
        {str(name): value for name, value in headers.items()},
        {str(name): value for name, value in body.items() if name in listed and value is not None},
    )


def example_address(name: str, country: str) -> IPv4Address:
    """The address that a computer of this name in this country says it has: one for examples, always the same."""
    return _NEAREST.get(country, _EUROPE)[1 + zlib.crc32(name.encode()) % 254]
