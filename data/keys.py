"""Product keys as records: never their text, which their numbers and the instance's secrets give back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from activation.catalogue import Channel
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key with what its label says (`key`: epoch, product, serial) and what it may do (`record`)."""

    key: ProductKey
    record: KeyRecord
    created_at: datetime


_SELECT = "SELECT epoch, serial, product, channel, allowed, used, blocked, agreement, created_at FROM keys"


class KeysTable:
    """The keys of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, serial: int) -> IssuedKey | None:
        """The key with this serial."""
        row = self._connection.one(f"{_SELECT} WHERE serial = :serial", serial=serial)
        return _issued(row) if row else None

    def all(self, *, channel: Channel | None = None, agreement: str | None = None) -> tuple[IssuedKey, ...]:
        """The keys by serial, those of one channel or one agreement where that is asked for."""
        wanted = {"channel": channel.value if channel else None, "agreement": agreement}
        filters = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(["1 = 1", *(f"{name} = :{name}" for name in filters)])
        return tuple(map(_issued, self._connection.all(f"{_SELECT} WHERE {where} ORDER BY serial", **filters)))

    def add_missing(self, keys: Sequence[IssuedKey], secrets: Secrets) -> None:
        """Records new keys; those whose serial is there already stay as they are, with their counts."""
        self._connection.insert_missing("keys", [_row(key, secrets) for key in keys])


def _row(issued: IssuedKey, secrets: Secrets) -> dict[str, object]:
    record = issued.record
    return {
        "serial": record.serial,
        "epoch": issued.key.epoch,
        "product": record.product,
        "channel": record.channel.value,
        "agreement": record.agreement,
        "allowed": record.allowed,
        "used": record.used,
        "blocked": int(record.blocked),
        "last_block": write_key(issued.key, secrets)[-5:],
        "created_at": to_microseconds(issued.created_at),
    }


def _issued(row: Row) -> IssuedKey:
    epoch, serial, product, channel, allowed, used, blocked, agreement, created_at = row
    record = KeyRecord(serial, product, Channel(channel), allowed, used, bool(blocked), agreement)
    return IssuedKey(ProductKey(epoch, product, serial), record, to_moment(created_at))
