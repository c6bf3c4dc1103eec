"""Confirmation IDs given out, for people to look at (`floor.activations.Activations`)."""

from typing import Any

from activation.catalogue import Channel
from activation.claims import Door
from callcenter.floor.activations import Activation
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment

_SELECT = """
    SELECT issues.seat, issues.serial, keys.last_block, keys.channel, seats.product, issues.hardware, issues.number,
        issues.reason, issues.door, issues.issued_at
    FROM issues JOIN seats ON seats.id = issues.seat JOIN keys ON keys.serial = issues.serial
"""
_ORDER = "ORDER BY issues.issued_at DESC, issues.seat, issues.number DESC"
_BEHIND = """
    issues.issued_at <= :at AND (
        issues.issued_at < :at OR issues.seat > :seat OR (issues.seat = :seat AND issues.number < :number)
    )
"""
"""What comes after one in that order; the first condition is what an index serves."""
_OF_INSTALLATION = f"{_SELECT} WHERE issues.seat = :seat {_ORDER}"


class ActivationsTables:
    """The activations of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(
        self, limit: int, *, last_block: str | None = None, door: Door | None = None, before: Activation | None = None
    ) -> tuple[Activation, ...]:
        """The newest first, under keys with this last block or through this door where that is asked for; those that stand
        behind `before` in that order."""
        wanted: dict[str, dict[str, Any]] = {
            "keys.last_block = :last_block": {"last_block": last_block} if last_block else {},
            "issues.door = :door": {"door": door.value} if door else {},
            _BEHIND: {"at": to_microseconds(before.at), "seat": before.id, "number": before.number} if before else {},
        }
        where = " AND ".join(["1 = 1", *(condition for condition, values in wanted.items() if values)])
        values = {name: value for values in wanted.values() for name, value in values.items()}
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
