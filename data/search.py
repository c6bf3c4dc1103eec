"""Finding keys and installations by their tails, for the people at the console (requirement E1.13)."""

from callcenter.floor.keys import FloorKey, Host
from data.engine import Connection, Row
from data.keys import KeysTable
from data.times import to_moment

HARDWARE_TAIL = 4
"""How many hexadecimal digits of a machine's hash a list shows."""

_KEYS_ENDING = "SELECT serial FROM keys WHERE last_block = :block ORDER BY serial LIMIT :limit"
_SEATS_ENDING = """
    SELECT serial, id, hardware, issues, issues_allowed, granted_at FROM seats
    WHERE substr(hardware, :start) = :tail ORDER BY granted_at DESC, id LIMIT :limit
"""
_HARDWARE_DIGITS = 16


class SearchTables:
    """What one open transaction can find."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keys_ending(self, last_block: str, limit: int) -> tuple[FloorKey, ...]:
        """The keys whose text ends with this block of five, by serial."""
        keys = KeysTable(self._connection)
        rows = self._connection.all(_KEYS_ENDING, block=last_block, limit=limit)
        return tuple(key for (serial,) in rows if (key := keys.get(serial)))

    def seats_ending(self, hardware_tail: str, limit: int) -> tuple[tuple[int, Host], ...]:
        """Installations (with their key's serial) whose hardware hash ends so, newest first; hexadecimal, lower case."""
        start = _HARDWARE_DIGITS - len(hardware_tail) + 1
        rows = self._connection.all(_SEATS_ENDING, start=start, tail=hardware_tail, limit=limit)
        return tuple((row[0], _host(row)) for row in rows)


def _host(row: Row) -> Host:
    _, seat, hardware, issues, issues_allowed, granted_at = row
    return Host(seat, hardware[-HARDWARE_TAIL:], issues, issues_allowed, to_moment(granted_at))
