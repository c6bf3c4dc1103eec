"""A key-management host as a value: the machine it runs on, its registration with the vendor, and who has asked it.

All times are the host's own (`machine_now` of its machine), in UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from activation.catalogue import Catalogue, Channel, Product
from activation.confirmation_id import ISSUE_NUMBERS
from activation.generations import HostSystem
from workstation.computer.declined import Declined
from workstation.computer.machine import Machine
from workstation.computer.traits import Moment

COUNTED_FOR = timedelta(days=30)
"""How long a computer that asked is counted; whoever asks again is counted on (row 56)."""
ACTIVATED_FOR = timedelta(days=180)
"""How long an activation by a host holds; every time the computer asks again it begins anew."""


@dataclass(frozen=True, slots=True)
class Known:
    """Computers that have asked: one workstation, or a crowd of `number` that are all alike.

    `edition` is the product's short name; `counts` tells whether the host counts them (row 57).
    """

    name: str
    edition: str
    version: str
    is_virtual: bool
    counts: bool
    number: Annotated[int, Meta(ge=1)]
    asked_at: Moment
    activated_at: Moment | None = None

    def is_counted(self, now: datetime) -> bool:
        """Whether they are among the computers that the thresholds ask for."""
        return self.counts and now - self.asked_at < COUNTED_FOR

    def activated_until(self, now: datetime) -> datetime | None:
        """When their activation ends unless they ask again; None when they have none (any more)."""
        until = self.activated_at + ACTIVATED_FOR if self.activated_at else None
        return until if until and now < until else None


@dataclass(frozen=True, slots=True)
class Host:
    """A key-management host: `machine` carries its host key, `beside` names what else runs there (row 54).

    `known` has those who asked by what tells computers apart; `issues` is how many confirmation IDs of the ten (row 58) the
    last one shows to be used.
    """

    machine: Machine
    system: HostSystem
    beside: tuple[str, ...] = ()
    is_updated: bool = False
    issues: Annotated[int, Meta(ge=0)] = 0
    known: Mapping[str, Known] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the host is called."""
        return self.machine.name

    @property
    def is_registered(self) -> bool:
        """Whether the vendor has confirmed the host: it serves nobody before."""
        return self.machine.activation is not None

    @property
    def served_generations(self) -> tuple[str, ...]:
        """The generations its system serves as it is now (row 63)."""
        return (*self.system.serves, *(self.system.serves_updated if self.is_updated else ()))

    def covers(self, group: str) -> bool:
        """Whether its key serves this product group: its own, and those below it (table A6a)."""
        media = self.machine.media
        return group == media.product.group or group in media.covers

    def counted(self, now: datetime) -> int:
        """How many computers it counts: physical ones, and virtual ones of the versions that count (rows 56, 57)."""
        return sum(known.number for known in self.known.values() if known.is_counted(now))


def activates(host: Host, catalogue: Catalogue) -> tuple[Product, ...]:
    """The volume editions that the host activates as it is now, by code (table A6a and row 63)."""
    products = sorted(catalogue.products.values(), key=lambda product: product.code)
    return tuple(
        product
        for product in products
        if Channel.KMS in product.channels and host.covers(product.group.name) and product.generation in host.served_generations
    )


def confirmed_as(host: Host, machine: Machine) -> Host:
    """The host whose machine has taken a confirmation ID: it is registered, and knows of one more issue perhaps."""
    assert machine.activation is not None  # that is what it has taken
    return replace(host, machine=machine, issues=_issues(host.issues, machine.activation.issue_number))


def install_update(host: Host) -> Host | Declined:
    """The host with the update of its system (row 63)."""
    if host.system.update is None:
        return Declined(f"{host.name} runs on {host.system.title}, which needs no update; nothing was changed.")
    if host.is_updated:
        return Declined(f"{host.name} has {host.system.update} already; nothing was changed.")
    return replace(host, is_updated=True)


def move_clock(host: Host, ahead: timedelta) -> Host:
    """The host with its clock moved ahead, to see counts and activations run out."""
    seconds = host.machine.clock_ahead_seconds + int(ahead.total_seconds())
    return replace(host, machine=replace(host.machine, clock_ahead_seconds=seconds))


def remembered(known: Iterable[tuple[str, Known]], now: datetime) -> dict[str, Known]:
    """Those whom the host still knows something of: nothing is left of others, neither a count nor an activation."""
    return {id: one for id, one in known if now - one.asked_at < ACTIVATED_FOR}


def _issues(before: int, number: int) -> int:
    """How many issues there have been at least, by the last digit that a confirmation ID tells of its number."""
    least = max(before, 1)
    return least + (number - (least - 1)) % ISSUE_NUMBERS
