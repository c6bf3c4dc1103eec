"""Product keys as the desk sees them: records and counts, never the text."""

from dataclasses import dataclass
from datetime import datetime

from activation.keys import ProductKey
from activation.rules import KeyRecord


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
