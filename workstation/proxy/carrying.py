"""Carrying: the part of a collection that may leave a closed network, and what comes back.

What leaves is a collection of its own, numbers and installation IDs and nothing else: names and product keys stay behind,
and so does the mapping. A tool elsewhere sends it as it is; what it was told comes home by the numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from workstation.proxy.collection import Collection, Row, Status


@dataclass(frozen=True, slots=True)
class CarriedBack:
    """What came home: rows newly received, newly refused, still without an answer, and not (or no longer) known here."""

    collection: Collection
    received: int
    refused: int
    waiting: int
    unknown: int


def travelling(collection: Collection) -> Collection:
    """What may be carried to a connected place: every row that waits for a confirmation ID, without name and key."""
    waiting = [row for row, status in collection.statuses() if status not in {Status.RECEIVED, Status.ACTIVATED}]
    return Collection(tuple(Row(row.row_id, "", row.installation_id) for row in waiting), next_row_id=collection.next_row_id)


def bring_back(collection: Collection, carried: Collection) -> CarriedBack | str:
    """The collection with the answers that a travelling one came back with, or why that is none of its own."""
    mine = {row.row_id: row for row in collection.rows}
    pairs = [(mine[theirs.row_id], theirs) for theirs in carried.rows if theirs.row_id in mine]
    if stranger := next((theirs for own, theirs in pairs if own.installation_id != theirs.installation_id), None):
        return f"Its row {stranger.row_id} has another installation ID than here: it was exported from another collection."
    news = [replace(own, received=theirs.received, refused=theirs.refused) for own, theirs in pairs if _is_news(own, theirs)]
    brought = _with_answers(collection, news)
    return CarriedBack(
        replace(brought, remaining={**collection.remaining, **carried.remaining}),
        received=sum(row.received is not None for row in news),
        refused=sum(row.refused is not None for row in news),
        waiting=sum(theirs.received is None and theirs.refused is None for _, theirs in pairs),
        unknown=len(carried.rows) - len(pairs),
    )


def _is_news(own: Row, theirs: Row) -> bool:
    return own.received is None and (theirs.received is not None or theirs.refused not in {None, own.refused})


def _with_answers(collection: Collection, news: Sequence[Row]) -> Collection:
    """The rows in place; a request of this tool's own that asks for one of them is not sent any more, its other rows anew."""
    answered = {row.row_id for row in news}
    open_ones = tuple(batch for batch in collection.unanswered if answered.isdisjoint(batch.row_ids))
    return replace(collection.changed(news), unanswered=open_ones)
