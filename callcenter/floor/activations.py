"""Activations as people may see them: which key, on which installation, when, through which door (row 3). Nothing personal.

Who may not see machines' fingerprints gets a short digest in their place, which tells one machine from another and no more
(row 26).
"""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from activation.catalogue import Catalogue, Channel
from activation.claims import Door
from activation.tally import Tally

EXPORTED = (
    "time",
    "key",
    "licence",
    "product",
    "installation",
    "fingerprint",
    "channel",
    "why",
    "issue",
)
"""The columns of an export of activations: no name, no mail, no telephone (row 20)."""
_DIGEST_BYTES = 3
_SHORT_ID = 16


@dataclass(frozen=True, slots=True)
class Activation:
    """One confirmation ID given out: under the key of this serial, to the installation `id` with this hardware hash; why
    (first, again, replacement) and through which door. `product` is the code of the edition installed."""

    id: str
    serial: int
    last_block: str
    licence: Channel
    product: int
    hardware: int
    number: int
    why: str
    door: Door
    at: datetime

    @property
    def short_id(self) -> str:
        """Enough of the installation's name to tell it from others in a list; those of the demo data are short."""
        return self.id if len(self.id) <= _SHORT_ID else self.id[:8]


class Activations(Protocol):
    """What has been activated."""

    def newest(
        self, limit: int, *, last_block: str | None = None, door: Door | None = None, before: Activation | None = None
    ) -> tuple[Activation, ...]:
        """The newest first, under keys with this last block or through this door where that is asked for; those that stand
        behind `before` in that order."""

    def of_installation(self, id: str) -> tuple[Activation, ...]:
        """Everything that one installation was given, newest first; empty when there is none of that name."""


class VerdictCounts(Protocol):
    """How often which verdict was given; counts only (row 25)."""

    def between(self, first: date, last: date) -> tuple[tuple[Tally, int], ...]:
        """Every kind of verdict with its count, from the first day (UTC) to the last, both included."""


def masked_fingerprint(hardware: int, key: bytes) -> str:
    """A machine's fingerprint as everybody may see it: six digits of a keyed digest, which nobody can turn back."""
    return hmac.digest(key, hardware.to_bytes(8, "big"), "sha256")[:_DIGEST_BYTES].hex()


def pages(behind: Callable[[Activation | None], tuple[Activation, ...]]) -> Iterator[tuple[Activation, ...]]:
    """Every activation, newest first, some at a time: `behind` looks up those behind one. What is given out meanwhile is newer
    and is left out."""
    last = None
    while page := behind(last):
        yield page
        last = page[-1]


def exported(activations: Sequence[Activation], catalogue: Catalogue, key: bytes) -> Iterator[list[str | int]]:
    """The rows of an export, in the order of `EXPORTED`; fingerprints are masked."""
    for each in activations:
        product = catalogue.products.get(each.product)
        yield [
            each.at.isoformat(),
            each.last_block,
            each.licence.value,
            product.name if product else str(each.product),
            each.short_id,
            masked_fingerprint(each.hardware, key),
            each.door.value,
            each.why,
            each.number,
        ]
