"""Identifiers and the time, for the processes that begin here; everything else is given them."""

import secrets
import uuid
from datetime import UTC, datetime


def new_sid(prefix: str) -> str:
    """An identifier in Twilio's form: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def new_token() -> str:
    """An idempotency token."""
    return str(uuid.uuid4())


def now() -> datetime:
    return datetime.now(UTC)
