"""Counting: what is left of the keys that the collected computers were installed with, as the centre tells it (row 75)."""

from collections.abc import Iterator

from workstation.proxy.centre import Centre, Count, Later, Rejected
from workstation.proxy.collection import Collection


def product_keys(collection: Collection) -> tuple[str, ...]:
    """Every product key of the collection once, in the order of its rows."""
    return tuple(dict.fromkeys(row.product_key for row in collection.rows if row.product_key))


def count(collection: Collection, centre: Centre) -> Iterator[tuple[str, Count | Later | Rejected]]:
    """Asks the centre about each key of the collection."""
    for key in product_keys(collection):
        yield key, centre.count(key)
