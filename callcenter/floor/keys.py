"""Product keys as the desk sees them: records and counts, never the text."""

from dataclasses import dataclass
from datetime import datetime

from activation.keys import ProductKey
from activation.rules import KeyRecord

LARGEST_SERIAL = 2**24 - 1
"""A product key and an installation ID hold 24 bits of serial."""


def read_serial(text: str) -> int:
    """The serial that somebody typed; raises `ValueError` for what no key can have."""
    serial = int(text)
    if not 0 <= serial <= LARGEST_SERIAL:
        raise ValueError(text)
    return serial


@dataclass(frozen=True, slots=True)
class FloorKey:
    """A product key as the desk sees it; its text comes from `key` and the instance's secrets, and is shown masked."""

    key: ProductKey
    record: KeyRecord
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Host:
    """A KMS host's seat, or any other installation: the last four hexadecimal digits of its hash, its issues, its limit."""

    seat: str
    hardware_tail: str
    issues: int
    issues_allowed: int | None
    granted_at: datetime
