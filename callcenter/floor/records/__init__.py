"""What the floor keeps and looks up, as protocols, a file for each subject; `data/` implements them over one open transaction.

Law of this folder: protocols only, without a word of how anything is stored. Times are UTC.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from callcenter.floor.activations import Activations, VerdictCounts
from callcenter.floor.records.calls import CallLog, Cases, Handlings, Live, Measures, Queue, Timeline
from callcenter.floor.records.customers import Agreements, Keys, Notices, Requests, Search, Verifications
from callcenter.floor.records.housekeeping import AuditChain, Outbox, RateCounters
from callcenter.floor.records.people import People, Presences
from callcenter.floor.registrations import Registrations

__all__ = [
    "Agreements",
    "AuditChain",
    "CallLog",
    "Cases",
    "Handlings",
    "Keys",
    "Live",
    "Measures",
    "Notices",
    "Outbox",
    "People",
    "Presences",
    "Queue",
    "RateCounters",
    "Requests",
    "Search",
    "Store",
    "Timeline",
    "Transaction",
    "Verifications",
]

Result = TypeVar("Result")


class Transaction(Protocol):
    """One open transaction over everything the floor needs."""

    @property
    def people(self) -> People: ...
    @property
    def presences(self) -> Presences: ...
    @property
    def queue(self) -> Queue: ...
    @property
    def handlings(self) -> Handlings: ...
    @property
    def call_log(self) -> CallLog: ...
    @property
    def live(self) -> Live: ...
    @property
    def measures(self) -> Measures: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def timeline(self) -> Timeline: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def verifications(self) -> Verifications: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def audit(self) -> AuditChain: ...
    @property
    def rate_counters(self) -> RateCounters: ...
    @property
    def registrations(self) -> Registrations: ...
    @property
    def search(self) -> Search: ...
    @property
    def activations(self) -> Activations: ...
    @property
    def verdict_counts(self) -> VerdictCounts: ...
    @property
    def outbox(self) -> Outbox: ...


class Store(Protocol):
    """The database."""

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in one serialisable transaction and commits; on a conflict again, so `work` has no other effects."""

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` on one consistent picture of the database without holding up writers; it cannot write."""
