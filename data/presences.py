"""What every agent is doing (`floor.records.Presences`)."""

from datetime import datetime

from callcenter.floor.people import Availability, Presence
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment

_SELECT = "SELECT agent, availability, reason, since, seen_at FROM presences"
_FIND = f"{_SELECT} WHERE agent = :agent"
_ALL = f"{_SELECT} ORDER BY agent"
_SET = """
    INSERT INTO presences (agent, availability, reason, since, seen_at)
    VALUES (:agent, :availability, :reason, :since, :seen_at)
    ON CONFLICT (agent) DO UPDATE SET
        availability = excluded.availability, reason = excluded.reason, since = excluded.since, seen_at = excluded.seen_at
"""
_SEEN = "UPDATE presences SET seen_at = :at WHERE agent = :agent"


class PresencesTable:
    """The agents' states of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, agent: str) -> Presence | None:
        row = self._connection.one(_FIND + self._connection.hold_row, agent=agent)
        return _presence(row) if row else None

    def all(self) -> tuple[Presence, ...]:
        """Every agent who was ever there, by name."""
        return tuple(map(_presence, self._connection.all(_ALL)))

    def set(self, presence: Presence) -> None:
        self._connection.run(
            _SET,
            agent=presence.agent,
            availability=presence.availability.value,
            reason=presence.reason,
            since=to_microseconds(presence.since),
            seen_at=to_microseconds(presence.seen_at),
        )

    def seen(self, agent: str, at: datetime) -> None:
        """The agent's page is alive: one column of one row, named by no index."""
        self._connection.run(_SEEN, agent=agent, at=to_microseconds(at))


def _presence(row: Row) -> Presence:
    agent, availability, reason, since, seen_at = row
    return Presence(agent, Availability(availability), reason, to_moment(since), to_moment(seen_at))
