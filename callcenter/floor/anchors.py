"""The head of the chain of acts, kept outside the database: whoever cuts the chain there cannot cut it here (E4.10)."""

from typing import Protocol


class Anchors(Protocol):
    """Where the newest entry's number and digest are noted after every act; `data.anchor` keeps them in a file."""

    def note(self, number: int, digest: str) -> None:
        """Notes an entry that is committed; one that is not newer than the last noted changes nothing. Anchors that were taken
        away are not begun anew, which would hide it."""

    def all(self) -> tuple[tuple[int, str], ...]:
        """Every (number, digest) noted, oldest first."""

    def damage(self) -> tuple[str, ...]:
        """What stands where an anchor should, or that all are gone, as sentences; empty as long as nobody has touched them."""
