"""How much one address may ask for (of IPv6, one network): so many requests a minute, so many rows of batches an hour.

All workers count together. The count is part of the transaction that decides, so that a limit costs no write of its own.
"""

from dataclasses import dataclass
from datetime import datetime

from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from callcenter.floor.askers import digest_address
from callcenter.rate_limits import TooMany, take
from callcenter.service.activation.records import Transaction


@dataclass(frozen=True, slots=True)
class Limits:
    """What one address may ask for."""

    requests_per_minute: int
    rows_per_hour: int

    def take_request(self, tx: Transaction, address: str, now: datetime) -> TooMany | None:
        """Counts a request; None when there is room for it."""
        limit = RateLimitItemPerMinute(self.requests_per_minute)
        return take(tx.rate_counters, limit, f"activation/request/{digest_address(address)}", now)

    def take_rows(self, tx: Transaction, address: str, rows: int, now: datetime) -> TooMany | None:
        """Counts rows that are about to be decided; None when there is room for them all, else none is counted."""
        limit = RateLimitItemPerHour(self.rows_per_hour)
        return take(tx.rate_counters, limit, f"activation/row/{digest_address(address)}", now, rows)
