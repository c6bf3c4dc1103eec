"""Moments as the database keeps them: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta
from itertools import count

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

order_told = count(1)
"""Numbers the rows that one process writes, for tables that keep what was told at one moment in the order it was told."""


def to_microseconds(moment: datetime) -> int:
    """Exact to the microsecond. Raises TypeError for a moment without a time zone, which would not say when it is."""
    return (moment - _EPOCH) // _MICROSECOND


def to_moment(microseconds: int) -> datetime:
    """The moment in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def to_microseconds_if_any(moment: datetime | None) -> int | None:
    """The same for something that may not have happened."""
    return None if moment is None else to_microseconds(moment)


def to_moment_if_any(microseconds: int | None) -> datetime | None:
    """The same for something that may not have happened."""
    return None if microseconds is None else to_moment(microseconds)
