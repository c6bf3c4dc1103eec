"""What the service keeps and looks up, as protocols; `data/` implements them over one open transaction. Times are UTC."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from activation.desk import Ledger
from callcenter.floor.keys import FloorKey
from callcenter.floor.records import RateCounters

Result = TypeVar("Result")


class WebAnswers(Protocol):
    """What requests were answered, by a digest of their id and the number of the part; nobody can read it in the database."""

    def find(self, request: str, part: int) -> bytes | None: ...
    def keep(self, request: str, part: int, answer: bytes, at: datetime) -> None: ...


class Keys(Protocol):
    """The product keys."""

    def get(self, serial: int) -> FloorKey | None: ...


class Transaction(Protocol):
    """One open transaction over what the service needs."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def rate_counters(self) -> RateCounters: ...
    @property
    def web_answers(self) -> WebAnswers: ...


class Store(Protocol):
    """The database."""

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in one serialisable transaction and commits; on a conflict again, so `work` has no other effects."""

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` on one consistent picture of the database without holding up writers; it cannot write."""
