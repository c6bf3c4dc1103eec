"""Collecting: what workstations and lists show becomes rows, every installation ID once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from activation.catalogue import Channel
from workstation.computer.machine import Machine, installation_id, is_pre_activated
from workstation.proxy.collection import Collection, Row, Status


@dataclass(frozen=True, slots=True)
class Found:
    """A computer and the installation ID (digits) it shows; `is_virtual` is known of workstations only (row 70)."""

    name: str
    installation_id: str
    product_key: str = ""
    is_virtual: bool = False


@dataclass(frozen=True, slots=True)
class NotCollected:
    """What could not be collected (a workstation's name, a line of a list), and why, as a sentence."""

    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What collecting did.

    `added` rows are new; `known` IDs were there already; `duplicates` came twice now; `replaced` rows, never granted, are of
    computers that show another ID now and were dropped.
    """

    collection: Collection
    added: int
    known: int
    duplicates: int
    replaced: int
    failed: tuple[NotCollected, ...]


def look_at(machines: Iterable[Machine]) -> Iterator[Found | NotCollected]:
    """What workstations show; one that needs no activation is said so."""
    for machine in machines:
        if machine.media.channel is Channel.VOLUME or is_pre_activated(machine):
            yield NotCollected(machine.name, "It needs no activation.")
        elif machine.media.is_client_setup:
            yield NotCollected(
                machine.name, "A key-management host activates it; install a MAK first to activate it from here."
            )
        else:
            yield Found(machine.name, "".join(installation_id(machine)), machine.key, machine.is_virtual)


def collect(collection: Collection, found: Iterable[Found | NotCollected]) -> Collected:
    """The collection with what was found. A computer whose ID is there keeps its row, under the name it has now."""
    every = tuple(found)
    computers = [one for one in every if isinstance(one, Found)]
    first: dict[str, Found] = {}
    for one in computers:
        first.setdefault(one.installation_id, one)
    kept = _kept(collection, first)
    there = {row.installation_id for row in kept}
    new = [
        _row(number, one)
        for number, one in enumerate((first[id_] for id_ in first if id_ not in there), collection.next_row_id)
    ]
    return Collected(
        replace(collection, rows=(*kept, *new), next_row_id=collection.next_row_id + len(new)),
        added=len(new),
        known=len(first) - len(new),
        duplicates=len(computers) - len(first),
        replaced=len(collection.rows) - len(kept),
        failed=tuple(one for one in every if isinstance(one, NotCollected)),
    )


def _row(row_id: int, found: Found) -> Row:
    return Row(row_id, found.name, found.installation_id, found.product_key, found.is_virtual)


def _kept(collection: Collection, found: Mapping[str, Found]) -> tuple[Row, ...]:
    """The rows there were, renewed; without those of computers that show another ID before theirs was granted."""
    names = {one.name for one in found.values()}
    return tuple(
        _renewed(row, status, found.get(row.installation_id))
        for row, status in collection.statuses()
        if row.installation_id in found or row.name not in names or status not in {Status.COLLECTED, Status.REFUSED}
    )


def _renewed(row: Row, status: Status, found: Found | None) -> Row:
    if found is None:
        return row
    # What was sent and not answered is asked again in the same words.
    key = row.product_key if status is Status.SENT else found.product_key or row.product_key
    return replace(row, name=found.name, product_key=key, is_virtual=found.is_virtual)
