"""Product keys as records (`floor.records.Keys`): never their text, which their numbers and the instance's secrets give back.

Counts change by single statements that cannot break a limit, whatever is activated at the same moment.
"""

from collections.abc import Sequence
from datetime import datetime

from activation.catalogue import Channel
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.floor.keys import FloorKey, Host
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment

_SELECT = "SELECT epoch, serial, product, channel, allowed, used, blocked, agreement, created_at FROM keys"
_GET = f"{_SELECT} WHERE serial = :serial"
_HOSTS = """
    SELECT id, substr(hardware, 13), issues, issues_allowed, granted_at FROM seats
    WHERE serial = :serial ORDER BY granted_at DESC, id LIMIT :newest
"""
_ADD = """
    INSERT INTO keys (serial, epoch, product, channel, agreement, allowed, used, blocked, last_block, created_at)
    VALUES (:serial, :epoch, :product, :channel, :agreement, :allowed, :used, :blocked, :last_block, :created_at)
"""
_LAST_SERIAL = """
    SELECT max(serial) FROM (SELECT serial FROM keys UNION ALL SELECT serial FROM training_keys) AS given
"""
_RAISE = "UPDATE keys SET allowed = allowed + :by WHERE serial = :serial AND :by >= 0"
_LOWER = "UPDATE keys SET allowed = :to WHERE serial = :serial AND :to BETWEEN used AND allowed"
_RAISE_ISSUES = """
    UPDATE seats SET issues_allowed = issues_allowed + :by WHERE id = :seat AND issues_allowed IS NOT NULL AND :by >= 0
"""
_BLOCK = "UPDATE keys SET blocked = :blocked WHERE serial = :serial"
_ISSUES = "SELECT count(*) FROM issues WHERE serial = :serial AND issued_at >= :since"


class KeysTable:
    """The keys of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, serial: int) -> FloorKey | None:
        """The key with this serial."""
        row = self._connection.one(_GET, serial=serial)
        return _key(row) if row else None

    def all(self, *, channel: Channel | None = None, agreement: str | None = None) -> tuple[FloorKey, ...]:
        """The keys by serial, those of one channel or one agreement where that is asked for."""
        wanted = {"channel": channel.value if channel else None, "agreement": agreement}
        filters = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(["1 = 1", *(f"{name} = :{name}" for name in filters)])
        return tuple(map(_key, self._connection.all(f"{_SELECT} WHERE {where} ORDER BY serial", **filters)))

    def of_agreement(self, number: str) -> tuple[FloorKey, ...]:
        return self.all(agreement=number)

    def hosts(self, serial: int, newest: int) -> tuple[Host, ...]:
        return tuple(map(_host, self._connection.all(_HOSTS, serial=serial, newest=newest)))

    def raise_allowed(self, serial: int, by: int) -> bool:
        return self._connection.run(_RAISE, serial=serial, by=by) == 1

    def lower_allowed(self, serial: int, to: int) -> bool:
        """False when more than `to` are used by now, or fewer are allowed by now: lowering never raises."""
        return self._connection.run(_LOWER, serial=serial, to=to) == 1

    def raise_issues(self, seat: str, by: int) -> bool:
        return self._connection.run(_RAISE_ISSUES, seat=seat, by=by) == 1

    def set_blocked(self, serial: int, *, blocked: bool) -> bool:
        """False for an unknown key."""
        return self._connection.run(_BLOCK, serial=serial, blocked=int(blocked)) == 1

    def add(self, key: FloorKey, last_block: str) -> None:
        self._connection.run(_ADD, **_values(key, last_block))

    def add_missing(self, keys: Sequence[FloorKey], secrets: Secrets) -> None:
        """Records new keys; those whose serial is there already stay as they are, with their counts."""
        self._connection.insert_missing("keys", [_values(key, write_key(key.key, secrets)[-5:]) for key in keys])

    def next_serial(self) -> int:
        row = self._connection.one(_LAST_SERIAL)
        return int(row[0]) + 1 if row and row[0] is not None else 0

    def issues_since(self, serial: int, since: datetime) -> int:
        row = self._connection.one(_ISSUES, serial=serial, since=to_microseconds(since))
        return int(row[0]) if row else 0


def _key(row: Row) -> FloorKey:
    epoch, serial, product, channel, allowed, used, blocked, agreement, created_at = row
    record = KeyRecord(serial, product, Channel(channel), allowed, used, bool(blocked), agreement)
    return FloorKey(ProductKey(epoch, product, serial), record, to_moment(created_at))


def _host(row: Row) -> Host:
    seat, hardware_tail, issues, issues_allowed, granted_at = row
    return Host(seat, hardware_tail, issues, issues_allowed, to_moment(granted_at))


def _values(key: FloorKey, last_block: str) -> dict[str, object]:
    record = key.record
    return {
        "serial": record.serial,
        "epoch": key.key.epoch,
        "product": record.product,
        "channel": record.channel.value,
        "agreement": record.agreement,
        "allowed": record.allowed,
        "used": record.used,
        "blocked": int(record.blocked),
        "last_block": last_block,
        "created_at": to_microseconds(key.created_at),
    }
