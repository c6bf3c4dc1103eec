"""The customers with volume agreements, and who may speak for them (requirement rows 79, 80, 85)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Right(StrEnum):
    """What a contact may do for the agreement (row 85)."""

    FETCH_KEYS = "fetch keys"
    RAISE_COUNTS = "raise counts"
    CHANGE_CONTACTS = "change contacts"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A volume agreement: eight digits, the last a check digit; the programme's short name; the customer and its country."""

    number: str
    programme: str
    organisation: str
    country: str
    licences: int
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who speaks for an agreement; `phone` is E.164, and one changed lately is to be distrusted (E4.2).

    Somebody named in several agreements is a contact of each, with rights of its own; `account` is the one name they sign in
    to the portal with (empty: the contact's own id).
    """

    id: str
    agreement: str
    name: str
    phone: str
    rights: frozenset[Right]
    phone_changed_at: datetime
    account: str = ""

    @property
    def phone_hint(self) -> str:
        """The end of the number on file: enough for an agent or a colleague to know it, too little to read it out."""
        return f"…{self.phone[-2:]}"

    @property
    def signs_in_as(self) -> str:
        """The name of the account at the portal."""
        return self.account or self.id


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to an agreement's contact (or to all of them)."""

    contact: str | None
    sentence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """A verification that was passed by one of the `requests.Method`s."""

    agreement: str
    contact: str
    method: str
    at: datetime
