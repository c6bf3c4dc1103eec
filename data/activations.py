"""Confirmation IDs given out, for people to look at (`floor.activations.Activations`)."""

from activation.catalogue import Channel
from activation.claims import Door
from callcenter.floor.activations import Activation
from data.engine import Connection, Row
from data.times import to_moment

_SELECT = """
    SELECT issues.seat, issues.serial, keys.last_block, keys.channel, seats.product, issues.hardware, issues.number,
        issues.reason, issues.door, issues.issued_at
    FROM issues JOIN seats ON seats.id = issues.seat JOIN keys ON keys.serial = issues.serial
"""
_ORDER = "ORDER BY issues.issued_at DESC, issues.seat, issues.number DESC"
_OF_INSTALLATION = f"{_SELECT} WHERE issues.seat = :seat {_ORDER}"


class ActivationsTables:
    """The activations of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self, limit: int, *, last_block: str | None = None, door: Door | None = None) -> tuple[Activation, ...]:
        """The newest first, under keys with this last block or through this door where that is asked for."""
        wanted = {"keys.last_block = :last_block": last_block, "issues.door = :door": door.value if door else None}
        where = " AND ".join(["1 = 1", *(condition for condition, value in wanted.items() if value is not None)])
        values = {condition.partition(":")[2]: value for condition, value in wanted.items() if value is not None}
        rows = self._connection.all(f"{_SELECT} WHERE {where} {_ORDER} LIMIT :limit", limit=limit, **values)
        return tuple(map(_activation, rows))

    def of_installation(self, id: str) -> tuple[Activation, ...]:
        """Everything that one installation was given, newest first; empty when there is none of that name."""
        return tuple(map(_activation, self._connection.all(_OF_INSTALLATION, seat=id)))


def _activation(row: Row) -> Activation:
    seat, serial, last_block, channel, product, hardware, number, reason, door, at = row
    return Activation(
        id=seat,
        serial=serial,
        last_block=last_block,
        licence=Channel(channel),
        product=product,
        hardware=int(hardware, 16),
        number=number,
        why=reason,
        door=Door(door),
        at=to_moment(at),
    )
