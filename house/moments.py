"""The clock and the identifiers that everybody is handed, for no room makes its own."""

import secrets as randomness
from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return randomness.token_hex(16)
