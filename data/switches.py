"""What a person has switched on or off, by name; during the outage nothing is decided."""

from datetime import datetime

from data.engine import Connection
from data.times import to_microseconds

OUTAGE = "outage"

_IS_ON = "SELECT is_on FROM switches WHERE name = :name"
_SET = """
    INSERT INTO switches (name, is_on, changed_at) VALUES (:name, :is_on, :at)
    ON CONFLICT (name) DO UPDATE SET is_on = excluded.is_on, changed_at = excluded.changed_at
"""


class SwitchesTable:
    """The switches of one open transaction; one that was never set is off."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_on(self, name: str) -> bool:
        """Whether the switch is on."""
        row = self._connection.one(_IS_ON, name=name)
        return bool(row and row[0])

    def set(self, name: str, is_on: bool, at: datetime) -> None:
        """Turns the switch on or off."""
        self._connection.run(_SET, name=name, is_on=int(is_on), at=to_microseconds(at))
