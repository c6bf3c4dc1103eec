"""Asking a host: who may be activated by it, from how many computers on, and in which words it declines."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from activation.catalogue import Catalogue, Channel, Product
from activation.generations import Generation
from activation.hardware import hash_hardware
from workstation.computer.machine import Machine, happened
from workstation.computer.traits import Hosted, Kind
from workstation.kms.host import ACTIVATED_FOR, Host, Known, remembered
from workstation.kms.misuse import SENTENCE, misuses_host_key
from workstation.words import say

CROWD = "crowd-"
"""How the names of crowds begin; a computer is told apart by its hardware hash, hexadecimal."""


class Fault(StrEnum):
    """Why a host activates nobody of those who ask; the value is the key of the sentence that the client shows."""

    NOT_A_CLIENT = "kms.not_a_client"
    HOST_KEY = SENTENCE
    """A KMS host key was put on a client (row 55)."""
    UNKNOWN_PRODUCT = "kms.unknown_product"
    NOT_REGISTERED = "kms.not_registered"
    OTHER_GROUP = "kms.other_group"
    """The host's key stands below the client's product group (table A6a)."""
    UPDATE_MISSING = "kms.update_missing"
    NO_BASE_LICENCE = "kms.no_base_licence"
    NO_MARKER = "kms.no_marker"
    TOO_FEW = "kms.too_few"
    """Asked and counted, but the threshold is not reached (row 56)."""


@dataclass(frozen=True, slots=True)
class NotServed:
    """No activation: why, and what fills the sentence."""

    fault: Fault
    details: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """What the client shows, in its system's language."""
        return say(self.fault, language, **self.details)


@dataclass(frozen=True, slots=True)
class Served:
    """Activated until then, unless asked again before; `counted` is how many computers the host counts."""

    counted: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Asking:
    """A computer that asks, or a crowd of `number` that are alike; `id` tells it from every other."""

    id: str
    name: str
    product: Product
    generation: Generation
    version: str
    number: int = 1
    is_virtual: bool = False
    base_licence: bool = True
    firmware_marker: bool = True

    @property
    def counts(self) -> bool:
        """Whether a host counts it: virtual machines only from some versions on (row 57)."""
        return not self.is_virtual or self.generation.counts_virtual(self.version)


def computer_id(machine: Machine) -> str:
    """What tells a workstation from every other, so that a host counts it once."""
    return f"{hash_hardware(machine.parts):016x}"


def asking_of(machine: Machine, catalogue: Catalogue) -> Asking | NotServed:
    """The workstation as one that asks; a computer with a key of its own does not (row 60), least with a host's (row 55)."""
    media = machine.media
    if not media.is_client_setup:
        return NotServed(Fault.HOST_KEY if misuses_host_key(machine) else Fault.NOT_A_CLIENT, {"name": machine.name})
    product = catalogue.product_named(media.product.name)
    if product is None:
        return NotServed(Fault.UNKNOWN_PRODUCT, {"product": media.product.title})
    generation = catalogue.generations[product.generation]
    version = media.version or generation.version
    return Asking(
        computer_id(machine),
        machine.name,
        product,
        generation,
        version,
        is_virtual=machine.is_virtual,
        base_licence=machine.base_licence,
        firmware_marker=machine.firmware_marker,
    )


def asking_again(id: str, known: Known, catalogue: Catalogue) -> Asking | None:
    """A crowd that asked before, as it asks again; None for anybody else, and for an edition that is known no more."""
    product = catalogue.product_named(known.edition)
    if product is None or not id.startswith(CROWD):
        return None
    generation = catalogue.generations[product.generation]
    return Asking(id, known.name, product, generation, known.version, known.number, known.is_virtual)


def ask(host: Host, asking: Asking, now: datetime) -> tuple[Host, Served | NotServed]:
    """What the host answers at this moment of its own, and the host that remembers who asked (rows 56 to 64).

    Whoever it may serve is counted at once, so that the twenty-fifth client is activated, and those before it when they
    ask again; whoever it may not serve leaves no trace.
    """
    if refusal := _may_not(host, asking):
        return host, refusal
    before = host.known.get(asking.id)
    known = _known(asking, now, before.activated_at if before else None)
    host = replace(host, known=remembered({**host.known, asking.id: known}.items(), now))
    counted, threshold = host.counted(now), asking.generation.kms_threshold
    if threshold is None or counted < threshold:
        details = {"host": host.name, "counted": counted, "threshold": threshold, "product": asking.product.title}
        return host, NotServed(Fault.TOO_FEW, details)
    activated = replace(known, activated_at=now)
    return replace(host, known={**host.known, asking.id: activated}), Served(counted, now + ACTIVATED_FOR)


def be_told(machine: Machine, host: Host, answer: Served | NotServed, now: datetime) -> Machine:
    """The workstation after an answer, at this moment of its own: activated for a time, or with the reason in its history."""
    if isinstance(answer, NotServed):
        return happened(machine, now, Kind.KMS, answer.sentence(machine.language))
    words = say("kms.served", machine.language, host=host.name, days=ACTIVATED_FOR.days)
    served = replace(machine, hosted=Hosted(host.name, now, now + ACTIVATED_FOR))
    return happened(served, now, Kind.KMS, words)


def _known(asking: Asking, now: datetime, activated_at: datetime | None) -> Known:
    return Known(
        name=asking.name,
        edition=asking.product.name,
        version=asking.version,
        is_virtual=asking.is_virtual,
        counts=asking.counts,
        number=asking.number,
        asked_at=now,
        activated_at=activated_at,
    )


def _may_not(host: Host, asking: Asking) -> NotServed | None:
    product, generation = asking.product, asking.generation
    names = {"host": host.name, "product": product.title}
    if not host.is_registered:
        return NotServed(Fault.NOT_REGISTERED, names)
    if not host.covers(product.group.name) or Channel.KMS not in product.channels:
        return NotServed(Fault.OTHER_GROUP, {**names, "group": host.machine.media.group_title})
    if generation.name not in host.served_generations:
        return NotServed(Fault.UPDATE_MISSING, {**names, "system": host.system.title, "update": host.system.update})
    if generation.kms_needs_marker and not asking.base_licence:
        return NotServed(Fault.NO_BASE_LICENCE, names)
    if generation.kms_needs_marker and not asking.firmware_marker:
        return NotServed(Fault.NO_MARKER, names)
    return None
