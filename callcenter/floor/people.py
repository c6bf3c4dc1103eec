"""The people who work at the centre and their roles (requirements E1.14)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person is at the centre."""

    AGENT = "agent"
    SENIOR_AGENT = "senior agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who may sign in as `name`; `must_change` says that the password is still the first one."""

    name: str
    full_name: str
    role: Role
    password_hash: str
    must_change: bool
    created_at: datetime
