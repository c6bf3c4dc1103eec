"""Registrations: what owners told about themselves, of their own will and apart from activation (rows 49, 53).

Customer service and marketing see them and nobody else does; they are never lent or sold. Whoever asks to be forgotten is
erased as a whole, and the record of acts keeps only that it happened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act, Recording
from callcenter.floor.refusals import Refusal

SUBJECT = "registrations"
"""What exports and erasures are recorded under; a registration's own number would outlive the person's wish."""
EXPORTED = ("registered_at", "product", "country", "wants_mailings", "name", "address", "email")
"""The columns of an export."""


@dataclass(frozen=True, slots=True)
class Registrant:
    """Who registered: the only personal part, encrypted wherever it is kept."""

    name: str
    address: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """One product's registration; `country` is ISO 3166, `product` the catalogue's code.

    The `registrant` is None where the words were encrypted under another instance's secrets.
    """

    id: str
    product: int
    country: str
    wants_mailings: bool
    registrant: Registrant | None
    registered_at: datetime


class Registrations(Protocol):
    """The registrations of one open transaction."""

    def add(self, registration: Registration, request_id: str) -> bool:
        """Keeps it; False when that request has been kept before, and then nothing changes."""

    def all(self) -> tuple[Registration, ...]:
        """Every one, newest first."""

    def erase(self, id: str) -> bool:
        """Whether there was one."""


class Keeping(Recording, Protocol):
    """A transaction with registrations and the record of acts in it."""

    @property
    def registrations(self) -> Registrations: ...


def fitting(every: Iterable[Registration], asked: str) -> tuple[Registration, ...]:
    """Those whose name, address or e-mail has these letters in it; every one for nothing asked."""
    wanted = asked.strip().casefold()
    return tuple(each for each in every if wanted in _words(each).casefold())


def erase(tx: Keeping, acting: Acting, id: str) -> Refusal | None:
    """Forgets a registration because its owner asked for it."""
    if not tx.registrations.erase(id):
        return Refusal("registration.unknown", "That registration is not there any more.", HTTPStatus.NOT_FOUND)
    record(tx, acting, Act.REGISTRATION_ERASED, SUBJECT, {})
    return None


def exported(tx: Keeping, acting: Acting, titles: Mapping[int, str]) -> list[tuple[str, ...]]:
    """The rows of an export of every registration, in the order of `EXPORTED`; on the record is who took it."""
    every = tx.registrations.all()
    record(tx, acting, Act.EXPORTED, SUBJECT, {"format": "csv", "rows": len(every)})
    return [_row(each, titles) for each in every]


def _row(each: Registration, titles: Mapping[int, str]) -> tuple[str, ...]:
    product, mailings = titles.get(each.product, str(each.product)), "yes" if each.wants_mailings else "no"
    return (each.registered_at.isoformat(), product, each.country, mailings, *_personal(each))


def _personal(registration: Registration) -> tuple[str, str, str]:
    who = registration.registrant
    return (who.name, who.address, who.email) if who else ("", "", "")


def _words(registration: Registration) -> str:
    return "\n".join(_personal(registration))
