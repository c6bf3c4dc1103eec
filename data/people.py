"""The agents who may sign in at the centre."""

from collections.abc import Sequence

from callcenter.floor.people import Agent, Role
from data.engine import Connection, Row
from data.times import to_microseconds, to_moment

_FIND = "SELECT name, full_name, role, password_hash, must_change, created_at FROM agents WHERE name = :name"


class PeopleTable:
    """The agents of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> Agent | None:
        """The agent who signs in under this name."""
        row = self._connection.one(_FIND, name=name)
        return _agent(row) if row else None

    def add_missing(self, agents: Sequence[Agent]) -> None:
        """Records new agents; those whose name is taken stay as they are, with their passwords."""
        self._connection.insert_missing("agents", [_row(agent) for agent in agents])


def _agent(row: Row) -> Agent:
    name, full_name, role, password_hash, must_change, created_at = row
    return Agent(name, full_name, Role(role), password_hash, bool(must_change), to_moment(created_at))


def _row(agent: Agent) -> dict[str, object]:
    return {
        "name": agent.name,
        "full_name": agent.full_name,
        "role": agent.role.value,
        "password_hash": agent.password_hash,
        "must_change": int(agent.must_change),
        "created_at": to_microseconds(agent.created_at),
    }
