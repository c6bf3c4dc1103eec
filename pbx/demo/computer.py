"""The computer beside the telephone, as the caller needs it."""

from dataclasses import dataclass
from typing import Protocol


class DemoFailed(Exception):
    """The call did not come to its end; the sentence says where it stopped."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the computer shows: the groups of its installation ID, and how its confirmation ID is made up."""

    name: str
    groups: tuple[str, ...]
    blocks: int
    block_length: int


class Computer(Protocol):
    """The computer to be activated."""

    def look(self) -> Shown:
        """What it shows; it is installed first where there is none. Raises DemoFailed."""

    def is_block(self, digits: str) -> bool:
        """Whether the check digit of a block holds."""

    def type_in(self, blocks: tuple[str, ...]) -> str | None:
        """Type the confirmation ID; None when the computer is activated, else the sentence it shows."""
