"""How much one address may ask for (of IPv6, one network): so many requests a minute, so many rows of batches an hour.

All workers count together. The count is part of the transaction that decides, so that a limit costs no write of its own.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from callcenter.floor.askers import digest_address
from callcenter.service.activation.records import Transaction

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class TooMany:
    """More than may be asked for; the seconds after which there may be more."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What one address may ask for."""

    requests_per_minute: int
    rows_per_hour: int

    def take_request(self, tx: Transaction, address: str, now: datetime) -> TooMany | None:
        """Counts a request; None when there is room for it."""
        return _take(tx, f"activation/request/{digest_address(address)}", 1, self.requests_per_minute, _MINUTE, now)

    def take_rows(self, tx: Transaction, address: str, rows: int, now: datetime) -> TooMany | None:
        """Counts rows that are about to be decided; None when there is room for them all, else none is counted."""
        return _take(tx, f"activation/row/{digest_address(address)}", rows, self.rows_per_hour, _HOUR, now)


def _take(tx: Transaction, name: str, amount: int, most: int, seconds: int, now: datetime) -> TooMany | None:
    if tx.rate_counters.count(name, now) + amount > most:
        left = tx.rate_counters.runs_out_at(name, now) - now
        return TooMany(max(1, ceil(left.total_seconds())))
    tx.rate_counters.increase(name, amount, seconds, now)
    return None
