"""What a computer declines to do: an expected outcome, as a value that carries its sentence."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Declined:
    """Nothing was changed; the sentence says why and what to do instead."""

    sentence: str


class ConfirmFault(StrEnum):
    """Why the computer does not take a confirmation ID; the value is the key of the sentence it shows."""

    MALFORMED = "confirm.malformed"
    TOO_SHORT = "confirm.too_short"
    TOO_LONG = "confirm.too_long"
    BLOCK = "confirm.block"
    OTHER_COMPUTER = "confirm.other_computer"
    REFUSED = "confirm.refused"
    """What a computer with the late activation fault says of a right one, for it knows no better (rows 87, 88)."""
    NOT_NEEDED = "confirm.not_needed"
    BY_HOST = "confirm.by_host"
    """A volume client without a key of its own: a key-management host activates it (row 60)."""


@dataclass(frozen=True, slots=True)
class NotConfirmed:
    """A confirmation ID that was not taken: why, the sentence to show, the letter of the block at fault if one is."""

    fault: ConfirmFault
    sentence: str
    block: str | None = None
