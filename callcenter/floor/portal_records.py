"""What the portal keeps and looks up besides what the floor does, as protocols; `data/` implements them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from callcenter.floor import records
from callcenter.floor.customers import Agreement, Contact, Right

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who signs in to the portal as `name`, the id of the contact they were first.

    `password_hash` is empty until the first one is chosen. `link_hash` is that of an invitation nobody has used yet. Sessions
    that began before `sessions_from` are void.
    """

    name: str
    password_hash: str
    must_change: bool
    created_at: datetime
    link_hash: str | None = None
    link_expires_at: datetime | None = None
    sessions_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProposedContact:
    """Somebody who is to speak for an agreement unless one of its contacts objects before `takes_effect_at` (E4.9)."""

    id: str
    agreement: str
    name: str
    phone: str
    rights: frozenset[Right]
    account: str
    proposed_by: str
    proposed_at: datetime
    takes_effect_at: datetime


@dataclass(frozen=True, slots=True)
class BaseLicence:
    """A retail or OEM key (serial) that the customer owns."""

    serial: int
    agreement: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class VolumeClient:
    """A computer that runs an edition (product code) under a volume key (serial), with the base licence below it, if any."""

    id: str
    agreement: str
    name: str
    product: int
    serial: int
    base_serial: int | None
    registered_at: datetime


class Accounts(Protocol):
    """Who may sign in to the portal."""

    def find(self, name: str) -> Account | None: ...
    def of_link(self, link_hash: str) -> Account | None:
        """Whose invitation it is; held against other writers until the transaction ends."""

    def save(self, account: Account) -> None:
        """Adds the account or replaces everything but name and `created_at`."""


class ProposedContacts(Protocol):
    """New contacts in the time for objections."""

    def add(self, proposed: ProposedContact) -> None: ...
    def find(self, id: str) -> ProposedContact | None: ...
    def of_agreement(self, number: str) -> tuple[ProposedContact, ...]:
        """By time."""

    def due(self, now: datetime) -> tuple[ProposedContact, ...]:
        """Those nobody has objected to in time."""

    def remove(self, id: str) -> bool:
        """False when it is gone already."""


class Licences(Protocol):
    """Base licences and the computers that build on them."""

    def add_base(self, licence: BaseLicence) -> bool:
        """False when the key is registered already, by whomever."""

    def bases(self, number: str) -> tuple[BaseLicence, ...]:
        """Those of an agreement, by serial."""

    def add_client(self, client: VolumeClient) -> bool:
        """False when another computer builds on the base licence."""

    def clients(self, number: str) -> tuple[VolumeClient, ...]:
        """Those of an agreement, newest first."""


class Agreements(records.Agreements, Protocol):
    """Agreements and contacts, to read and to change."""

    def contact(self, id: str) -> Contact | None: ...
    def of_account(self, name: str) -> tuple[Contact, ...]:
        """Everything that somebody who signs in so is a contact of, by agreement."""

    def add(self, agreement: Agreement) -> bool:
        """False when the number is taken."""

    def add_contact(self, contact: Contact) -> bool:
        """False when the id is taken."""

    def save_contact(self, contact: Contact) -> None:
        """Keeps name, phone, rights and the moment of the number's change."""

    def remove_contact(self, id: str) -> bool: ...


class Transaction(records.Transaction, Protocol):
    """One open transaction over everything the portal needs."""

    @property
    def agreements(self) -> Agreements: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def proposed_contacts(self) -> ProposedContacts: ...
    @property
    def licences(self) -> Licences: ...


class Store(Protocol):
    """The database."""

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in one serialisable transaction and commits; on a conflict again, so `work` has no other effects."""

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` on one consistent picture of the database without holding up writers; it cannot write."""
