"""The head of the chain of acts, kept outside the database: whoever cuts the chain there cannot cut it here (E4.10)."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from callcenter.floor.records import Transaction

Tx = TypeVar("Tx", bound=Transaction)
Result = TypeVar("Result")
Noted = tuple[Result, tuple[int, str] | None]
"""What an act came to, and the head of the chain after it."""


class Anchors(Protocol):
    """Where the newest entry's number and digest are noted after every act; `data.anchor` keeps them in a file."""

    def note(self, number: int, digest: str) -> None:
        """Notes an entry that is committed; one that is not newer than the last noted changes nothing. Anchors that were taken
        away are not begun anew, which would hide it."""

    def all(self) -> tuple[tuple[int, str], ...]:
        """Every (number, digest) noted, oldest first."""

    def damage(self) -> tuple[str, ...]:
        """What stands where an anchor should, or that all are gone, as sentences; empty as long as nobody has touched them."""


def anchored(
    transaction: Callable[[Callable[[Tx], Noted[Result]]], Noted[Result]], anchors: Anchors, work: Callable[[Tx], Result]
) -> Result:
    """Runs `work` in one transaction and notes the head of the chain when that is committed."""

    def run(tx: Tx) -> Noted[Result]:
        result, head = work(tx), tx.audit.head()
        return result, (head.number, head.digest) if head else None

    result, head = transaction(run)
    if head:
        anchors.note(*head)
    return result
