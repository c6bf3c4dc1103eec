"""The people who work at the centre, their roles, and the states they can be in (requirements E1.4, E1.14)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person is at the centre."""

    AGENT = "agent"
    SENIOR_AGENT = "senior agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    """Reads everything but registrations, changes nothing."""
    MARKETING = "marketing"
    """Sees registrations and nothing else (row 53)."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who may sign in as `name`; `must_change` says that the password is still the first one.

    `phone` is the agent's own (E.164, `sip:` or `client:`; empty for none); `languages` are skills. Sessions that began before
    `sessions_from` are void: a new password or a disabled account ends them at once.
    """

    name: str
    full_name: str
    role: Role
    password_hash: str
    must_change: bool
    created_at: datetime
    phone: str = ""
    languages: frozenset[str] = frozenset({"en"})
    is_disabled: bool = False
    sessions_from: datetime | None = None
    has_client: bool = field(default=False, compare=False)
    """Whether the telephony side knows everybody by their name, as our own exchange does: nothing that is kept."""

    @property
    def rung_at(self) -> str:
        """Where the agent is rung: at their own phone or else at the one that signs in under their name; empty for nowhere."""
        return self.phone or (f"client:{self.name}" if self.has_client else "")


class Availability(StrEnum):
    """What an agent is doing."""

    AVAILABLE = "available"
    ON_CALL = "on call"
    WRAP_UP = "wrap-up"
    BREAK = "break"
    OFFLINE = "offline"
    SUPERVISING = "supervising"
    """With somebody else's call (`callcenter.floor.supervision`)."""


@dataclass(frozen=True, slots=True)
class Presence:
    """An agent's state since when, for which reason (breaks), and when the agent's page was last seen alive; a sign of life
    alone makes no other presence."""

    agent: str
    availability: Availability
    reason: str
    since: datetime
    seen_at: datetime = field(compare=False)
