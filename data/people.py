"""The agents who may sign in at the centre (`floor.records.People`)."""

from callcenter.floor.people import Agent, Role
from data.engine import Connection, Row
from data.times import to_microseconds, to_microseconds_if_any, to_moment, to_moment_if_any

_SELECT = """
    SELECT name, full_name, role, password_hash, must_change, created_at, phone, languages, is_disabled, sessions_from
    FROM agents
"""
_FIND = f"{_SELECT} WHERE name = :name"
_ALL = f"{_SELECT} ORDER BY name"
_ADD = """
    INSERT INTO agents (
        name, full_name, role, password_hash, must_change, created_at, phone, languages, is_disabled, sessions_from
    )
    VALUES (
        :name, :full_name, :role, :password_hash, :must_change, :created_at, :phone, :languages, :is_disabled, :sessions_from
    )
    ON CONFLICT DO NOTHING
"""
_SAVE = """
    UPDATE agents SET
        full_name = :full_name, role = :role, password_hash = :password_hash, must_change = :must_change,
        phone = :phone, languages = :languages, is_disabled = :is_disabled, sessions_from = :sessions_from
    WHERE name = :name
"""


class PeopleTable:
    """The agents of one open transaction."""

    def __init__(self, connection: Connection, *, have_clients: bool = False) -> None:
        """`have_clients`: the telephony side rings everybody by name."""
        self._connection, self._have_clients = connection, have_clients

    def find(self, name: str) -> Agent | None:
        """The agent who signs in under this name."""
        row = self._connection.one(_FIND, name=name)
        return _agent(row, self._have_clients) if row else None

    def all(self) -> tuple[Agent, ...]:
        return tuple(_agent(row, self._have_clients) for row in self._connection.all(_ALL))

    def add(self, agent: Agent) -> bool:
        """Records a new agent; one whose name is taken stays as they are, with their password."""
        return self._connection.run(_ADD, **_values(agent), created_at=to_microseconds(agent.created_at)) == 1

    def save(self, agent: Agent) -> None:
        self._connection.run(_SAVE, **_values(agent))


def _agent(row: Row, has_client: bool) -> Agent:
    name, full_name, role, password_hash, must_change, created_at, phone, languages, is_disabled, sessions_from = row
    return Agent(
        name=name,
        full_name=full_name,
        role=Role(role),
        password_hash=password_hash,
        must_change=bool(must_change),
        created_at=to_moment(created_at),
        phone=phone,
        languages=frozenset(languages.split()),
        is_disabled=bool(is_disabled),
        sessions_from=to_moment_if_any(sessions_from),
        has_client=has_client,
    )


def _values(agent: Agent) -> dict[str, object]:
    return {
        "name": agent.name,
        "full_name": agent.full_name,
        "role": agent.role.value,
        "password_hash": agent.password_hash,
        "must_change": int(agent.must_change),
        "phone": agent.phone,
        "languages": " ".join(sorted(agent.languages)),
        "is_disabled": int(agent.is_disabled),
        "sessions_from": to_microseconds_if_any(agent.sessions_from),
    }
