"""Accounts for the agents of a story: opened for its time, closed afterwards, and used again by the next one."""

import secrets as randomness
from dataclasses import replace

from callcenter.floor import staff
from callcenter.floor.acting import Acting
from callcenter.floor.people import Agent, Role
from callcenter.floor.refusals import Refusal
from data.store import Transaction

PREFIX = "story-"
NAMES = {Role.AGENT: "Robin Vale", Role.SENIOR_AGENT: "Sasha Linden", Role.SUPERVISOR: "Mara Quist"}
_PASSWORD_BYTES = 12
_PHONE = "+1206555{:04}"
"""From a range reserved for fiction, a number for each account."""
_FIRST_PHONE = 1000


def new_password() -> str:
    """A first password that nobody is told."""
    return randomness.token_urlsafe(_PASSWORD_BYTES)


def hire(tx: Transaction, acting: Acting, role: Role, password: str) -> Agent | Refusal:
    """An account of this role that may sign in with the password: one that is closed, or a new one."""
    known = [agent for agent in tx.people.all() if agent.name.startswith(PREFIX)]
    closed = next((agent for agent in known if agent.is_disabled and agent.role is role), None)
    if closed is None:
        number = len(known) + 1
        draft = Agent(f"{PREFIX}{number}", NAMES[role], role, "", True, acting.now, phone=_PHONE.format(_FIRST_PHONE + number))
        return staff.add(tx, acting, replace(draft, languages=frozenset({"en"})), password)
    opened = staff.enable(tx, acting, closed.name)
    return opened if isinstance(opened, Refusal) else staff.reset_password(tx, acting, closed.name, password)


def dismiss(tx: Transaction, acting: Acting, name: str) -> Agent | Refusal:
    """Closes the account again."""
    return staff.disable(tx, acting, name)
