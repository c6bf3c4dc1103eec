"""A collection: the computers one tool asks for, what was asked and what was answered; a value with its changes.

A row is one installation ID; a computer whose hardware changed is another row, and the old one stays if it was granted:
its confirmation ID is what lets the computer be put back as it was without another activation.
"""

from collections.abc import Collection as Many
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from activation.digits import clean_digits
from activation.redaction import holds_foreign_key

LONGEST_NAME, MOST_DIGITS = 80, 100
Digits = Annotated[str, Meta(pattern=rf"^[0-9]{{1,{MOST_DIGITS}}}\Z")]
Identifier = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}\Z")]
Moment = Annotated[datetime, Meta(tz=True)]


class Status(StrEnum):
    """How far a row has come."""

    COLLECTED = "collected"
    SENT = "sent"
    """A request with it is under way, or was interrupted: `send` asks again under the same request ID."""
    REFUSED = "refused"
    RECEIVED = "received"
    """Its confirmation ID is here and waits for `apply`."""
    ACTIVATED = "activated"


class Received(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Yes: the confirmation ID's blocks, its issue number, and whether it took one from the key's count."""

    confirmation_id: tuple[Digits, ...]
    issue_number: Annotated[int, Meta(ge=0, le=9)]
    counted: bool


class Refusal(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """No: the centre's code, its sentence, and where they apply the ID's group at fault and what would be right."""

    code: str
    sentence: str
    group: int | None = None
    right_product: str | None = None


class Row(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One computer as it was collected. `name` is empty in what travels; `row_id` is given once and never again."""

    row_id: Annotated[int, Meta(ge=1)]
    name: Annotated[str, Meta(max_length=LONGEST_NAME)]
    installation_id: Digits
    product_key: str = ""
    is_virtual: bool = False
    received: Received | None = None
    refused: Refusal | None = None
    activated_at: Moment | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a name that cannot be shown, or where a foreign product key is in it."""
        if not self.name.isprintable():
            raise ValueError("a name in it holds characters that cannot be printed")
        if holds_foreign_key(self.name) or holds_foreign_key(self.product_key):
            raise ValueError("there is a product key in it that is not a simulator key")

    @property
    def label(self) -> str:
        """What to call it: where names stayed behind, by its number."""
        return self.name or f"row {self.row_id}"


class Batch(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One request that was not answered yet; asked again it has the same ID and the same rows in the same order."""

    request_id: Identifier
    row_ids: tuple[int, ...]


class Collection(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """All rows, in the order they were collected; `remaining` is what the centre last told, by a key's last block."""

    rows: tuple[Row, ...] = ()
    unanswered: tuple[Batch, ...] = ()
    next_row_id: Annotated[int, Meta(ge=1)] = 1
    remaining: Mapping[str, int] = {}

    def __post_init__(self) -> None:
        """Raises ValueError where rows and requests contradict each other."""
        known = [row.row_id for row in self.rows]
        asked = [row_id for batch in self.unanswered for row_id in batch.row_ids]
        if len({*known}) < len(known) or max(known, default=0) >= self.next_row_id:
            raise ValueError("its rows are not numbered one by one")
        if len({row.installation_id for row in self.rows}) < len(known):
            raise ValueError("it has an installation ID twice")
        if len({*asked}) < len(asked) or not {*asked} <= {*known}:
            raise ValueError("its unanswered requests do not fit its rows")

    def statuses(self) -> tuple[tuple[Row, Status], ...]:
        """Every row with how far it has come."""
        asked = frozenset(row_id for batch in self.unanswered for row_id in batch.row_ids)
        return tuple((row, _status(row, asked)) for row in self.rows)

    def changed(self, rows: Iterable[Row]) -> "Collection":
        """The same with these rows in place of those of their numbers."""
        new = {row.row_id: row for row in rows}
        return replace(self, rows=tuple(new.get(row.row_id, row) for row in self.rows)) if new else self

    def without(self, row_ids: Many[int]) -> "Collection":
        """The same without these rows; none of them may have been sent and not answered (ValueError)."""
        return replace(self, rows=tuple(row for row in self.rows if row.row_id not in row_ids))


def _status(row: Row, asked: Many[int]) -> Status:
    if row.row_id in asked:
        return Status.SENT
    if row.activated_at:
        return Status.ACTIVATED
    if row.received:
        return Status.RECEIVED
    return Status.REFUSED if row.refused else Status.COLLECTED


def read_installation_digits(text: str) -> str | None:
    """The digits of an installation ID as somebody wrote it, None when it holds anything else or nothing."""
    digits = clean_digits(text)
    return digits if digits and len(digits) <= MOST_DIGITS else None
