"""Helpers for volume keys: which KMS key to use, what it activates (table A6a), which key a downgrade takes (row 66)."""

from collections.abc import Collection
from dataclasses import dataclass

from activation.catalogue import Catalogue, Channel, Group, Product


def kms_groups(catalogue: Catalogue) -> tuple[Group, ...]:
    """The product groups that have a KMS host key, in the catalogue's order."""
    sold = {product.group.name for product in catalogue.products.values() if Channel.KMS in product.channels}
    return tuple(group for group in catalogue.groups.values() if group.name in sold)


def right_keys(catalogue: Catalogue, held: Collection[str]) -> tuple[Group, ...]:
    """The host keys to use for the product groups held (short names): those of the highest groups, which serve the rest
    (row 65). One key mostly; more where no group serves all of the others; none where nothing held has a KMS key."""
    groups = [group for group in kms_groups(catalogue) if group.name in held]
    return tuple(group for group in groups if not any(group.name in other.covers for other in groups))


def activated_by(catalogue: Catalogue, group: str) -> tuple[Product, ...]:
    """The volume editions that a host key of this group activates, by code (table A6a); none for an unknown group."""
    found = catalogue.groups.get(group)
    served = {found.name, *found.covers} if found else set()
    products = sorted(catalogue.products.values(), key=lambda product: product.code)
    return tuple(each for each in products if each.group.name in served and Channel.KMS in each.channels)


@dataclass(frozen=True, slots=True)
class Downgrade:
    """A move to an older version under a volume licence, and the keys that serve it, best first."""

    installed: str
    wanted: str
    keys: tuple[str, ...]


DOWNGRADES = (
    Downgrade("Windows 7", "Windows Vista", ("Windows 7 KMS host", "Windows Vista KMS host", "Windows Vista MAK")),
    Downgrade("Windows 7", "Windows XP", ("Windows XP Professional key only",)),
)
"""Exactly the answers of row 66 (S3)."""
