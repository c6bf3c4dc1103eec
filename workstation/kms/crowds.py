"""Crowds: many computers that are all alike, made up to ask a host."""

from dataclasses import dataclass

from activation.catalogue import Catalogue, Channel
from activation.redaction import redact
from workstation.computer.declined import Declined
from workstation.kms.asking import CROWD, Asking
from workstation.kms.host import Host

MOST_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is particular about them: how many, the edition (short name), its service pack (the newest where None is named)."""

    number: int
    edition: str
    service_pack: int | None = None
    is_virtual: bool = False
    base_licence: bool = True
    firmware_marker: bool = True


def asking_crowd(crowd: Crowd, host: Host, catalogue: Catalogue) -> Asking | Declined:
    """The crowd as the next one that asks this host."""
    product = catalogue.product_named(crowd.edition)
    if product is None or Channel.KMS not in product.channels:
        editions = ", ".join(each.name for each in catalogue.products.values() if Channel.KMS in each.channels)
        return Declined(redact(f"No key-management host activates {crowd.edition!r}; it activates {editions}."))
    generation = catalogue.generations[product.generation]
    service_pack = max(generation.service_packs) if crowd.service_pack is None else crowd.service_pack
    if service_pack not in generation.service_packs:
        numbers = ", ".join(str(number) for number in generation.service_packs)
        return Declined(f"{generation.title} has no service pack {service_pack}; it has {numbers} (0: none).")
    name = _next_name(host)
    return Asking(
        name,
        name,
        product,
        generation,
        generation.service_packs[service_pack],
        crowd.number,
        crowd.is_virtual,
        crowd.base_licence,
        crowd.firmware_marker,
    )


def _next_name(host: Host) -> str:
    taken = [int(id.removeprefix(CROWD)) for id in host.known if id.startswith(CROWD)]
    return f"{CROWD}{max(taken, default=0) + 1}"
