"""The people of the floor: who may sign in, and what everybody is doing."""

from datetime import datetime
from typing import Protocol

from callcenter.floor.people import Agent, Presence


class People(Protocol):
    """The agents who may sign in."""

    def find(self, name: str) -> Agent | None: ...
    def all(self) -> tuple[Agent, ...]:
        """Every agent, by name."""

    def add(self, agent: Agent) -> bool:
        """Records a new agent; False when the name is taken."""

    def save(self, agent: Agent) -> None:
        """Replaces everything but name and `created_at`."""


class Presences(Protocol):
    """What every agent is doing. An agent never set is offline and has no row."""

    def find(self, agent: str) -> Presence | None:
        """Held against other writers until the transaction ends."""

    def all(self) -> tuple[Presence, ...]: ...
    def set(self, presence: Presence) -> None: ...
    def seen(self, agent: str, at: datetime) -> None:
        """The agent's page is alive."""
