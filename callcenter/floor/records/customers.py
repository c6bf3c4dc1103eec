"""Customers: agreements and contacts, keys and their counts, how callers were verified, what contacts are told."""

from datetime import datetime
from typing import Protocol

from callcenter.floor.customers import Agreement, Contact, Notice, Passed
from callcenter.floor.keys import FloorKey, Host
from callcenter.floor.requests import Request


class Agreements(Protocol):
    """The volume agreements and their contacts."""

    def get(self, number: str) -> Agreement | None: ...
    def all(self) -> tuple[Agreement, ...]: ...
    def contacts(self, number: str) -> tuple[Contact, ...]: ...


class Keys(Protocol):
    """The keys and their counts. Every change is one statement that cannot break a limit."""

    def get(self, serial: int) -> FloorKey | None: ...
    def of_agreement(self, number: str) -> tuple[FloorKey, ...]:
        """By serial."""

    def hosts(self, serial: int, newest: int) -> tuple[Host, ...]:
        """The key's newest installations, newest first."""

    def raise_allowed(self, serial: int, by: int) -> bool:
        """False for an unknown key."""

    def lower_allowed(self, serial: int, to: int) -> bool:
        """False when more than `to` are used by now, or fewer are allowed by now: lowering never raises."""

    def raise_issues(self, seat: str, by: int) -> bool:
        """More activations for one KMS host; False for a seat without such a limit."""

    def set_blocked(self, serial: int, *, blocked: bool) -> bool:
        """False for an unknown key."""

    def add(self, key: FloorKey, last_block: str) -> None:
        """Records a new key."""

    def next_serial(self) -> int:
        """A serial nobody has."""

    def issues_since(self, serial: int, since: datetime) -> int:
        """How many confirmation IDs were given out under this key since then."""


class Search(Protocol):
    """What can be found by its tail alone, because nothing more of it is kept in the open."""

    def keys_ending(self, last_block: str, limit: int) -> tuple[FloorKey, ...]:
        """The keys whose text ends with this block of five, by serial."""

    def seats_ending(self, hardware_tail: str, limit: int) -> tuple[tuple[int, Host], ...]:
        """Installations (with their key's serial) whose hardware hash ends so, newest first; hexadecimal, lower case."""


class Requests(Protocol):
    """The changes people asked for."""

    def add(self, request: Request) -> None: ...
    def find(self, id: str) -> Request | None:
        """Held against other writers until the transaction ends."""

    def decide(self, request: Request) -> bool:
        """Stores status, decider, time and words of a request that is still held; False when somebody was faster."""

    def held(self) -> tuple[Request, ...]:
        """Oldest first."""

    def recent(self, newest: int) -> tuple[Request, ...]:
        """Decided or not, newest first."""

    def of_case(self, case_number: str) -> tuple[Request, ...]:
        """Newest first."""

    def of_key(self, serial: int) -> tuple[Request, ...]:
        """Newest first."""

    def of_agreement(self, number: str) -> tuple[Request, ...]:
        """Newest first."""

    def raised_since(self, serial: int, since: datetime) -> int:
        """By how much applied raises that needed nobody else's approval have raised the key's counters since then, together."""

    def exceptions_since(self, serial: int, since: datetime) -> int:
        """How many exceptions were applied under this key since then."""


class Verifications(Protocol):
    """One-time codes, and attempts that failed."""

    def add_code(self, agreement: str, contact: str, code_hash: str, expires_at: datetime) -> None:
        """Keeps the contact's new code; the one before is void."""

    def use_code(self, agreement: str, contact: str, code_hash: str, at: datetime) -> bool:
        """Spends an unused, unexpired code, in one statement."""

    def failed(self, scope: str, at: datetime) -> None:
        """Notes a failed attempt; the scope says at what: `case/100001`, `agreement/40718621`."""

    def failures(self, scope: str, since: datetime) -> int: ...
    def clear(self, scope: str) -> None:
        """A person with the right to has unlocked it."""

    def passed(self, case_number: str, agreement: str, contact: str, method: str, at: datetime) -> None:
        """Records a method passed, for this case, agreement and contact."""

    def passes(self, case_number: str) -> tuple[Passed, ...]: ...


class Notices(Protocol):
    """What the customer's contacts are told in the portal."""

    def add(self, agreement: str, contact: str | None, sentence: str, at: datetime) -> None: ...
    def of_agreement(self, number: str) -> tuple[Notice, ...]:
        """Newest first."""
