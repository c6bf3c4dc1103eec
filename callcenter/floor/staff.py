"""Managing the people of the centre: who may sign in, in which role, reached where (requirement E1.14).

Every act is on the record, and no act leaves the centre without an administrator.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from activation.redaction import holds_foreign_key
from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act
from callcenter.floor.passwords import hash_password
from callcenter.floor.people import Agent, Role
from callcenter.floor.permissions import Action, may
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}", re.ASCII)
_LONGEST_FULL_NAME = 80
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}|sip:[^\s@:/<>]+@[A-Za-z0-9.-]+(:[0-9]{1,5})?|client:[A-Za-z0-9._-]{1,64}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)

NO_PHONE = "Write the phone as +18005550142, sip:name@host or client:name, or leave it empty."
NO_LANGUAGE = "Write the languages as two-letter codes such as en or de, at least one."


def command_line(now: datetime) -> Agent:
    """Who acts where somebody at the machine itself does: they may do everything, and sign in nowhere."""
    return Agent("command line", "Command line", Role.ADMINISTRATOR, password_hash="", must_change=False, created_at=now)


def is_phone(text: str) -> bool:
    """Whether an agent can be rung there: E.164, `sip:` or `client:`."""
    return bool(_PHONE.fullmatch(text))


def read_languages(words: Iterable[str]) -> frozenset[str] | None:
    """Languages as two-letter codes (ISO 639-1), separated by anything; None when one is no code or there is none."""
    codes = [code for word in words for code in re.split(r"[\s,;]+", word.strip().lower()) if code]
    return frozenset(codes) if codes and all(map(_LANGUAGE.fullmatch, codes)) else None


def find(tx: Transaction, name: str) -> Agent | Refusal:
    """The person with this name; who signs in may write it in capitals."""
    agent = tx.people.find(name.strip().lower())
    return agent or Refusal("agents.unknown", f"Nobody here is called {name.strip()[:32]!r}.", HTTPStatus.NOT_FOUND)


def add(tx: Transaction, acting: Acting, draft: Agent, first_password: str) -> Agent | Refusal:
    """Adds somebody, who changes the first password when signing in; the draft's own hash and moments do not count."""
    if refusal := _fault(draft):
        return refusal
    agent = replace(draft, password_hash=hash_password(first_password), must_change=True, created_at=acting.now)
    if not tx.people.add(agent):
        return Refusal("agents.taken", f"The name {agent.name} is taken; choose another one.")
    record(tx, acting, Act.AGENT_ADDED, f"agent/{agent.name}", {"role": agent.role.value}, personal=agent.full_name)
    return agent


def change(tx: Transaction, acting: Acting, changed: Agent) -> Agent | Refusal:
    """Gives somebody another full name, role, phone or languages; the rest of the account stays as it is."""
    before = find(tx, changed.name)
    if isinstance(before, Refusal):
        return before
    after = replace(before, full_name=changed.full_name, role=changed.role, phone=changed.phone, languages=changed.languages)
    if refusal := _fault(after) or _role_fault(tx, acting, before, after):
        return refusal
    tx.people.save(after)
    detail = {"role before": before.role.value, "role": after.role.value, "languages": " ".join(sorted(after.languages))}
    personal = f"{after.full_name}, {after.phone or 'no phone'}"
    record(tx, acting, Act.AGENT_CHANGED, f"agent/{after.name}", detail, personal)
    return after


def disable(tx: Transaction, acting: Acting, name: str) -> Agent | Refusal:
    """Ends somebody's sessions at once and lets them sign in no more; a call they have goes back to the head of the queue."""
    before = find(tx, name)
    if isinstance(before, Refusal):
        return before
    after = replace(before, is_disabled=True, sessions_from=acting.now)
    if before.is_disabled:
        return Refusal("agents.disabled", f"{before.name} is disabled already.")
    if refusal := _own(
        acting, before, "You cannot disable your own account; another administrator can."
    ) or _last_administrator(tx, before, after):
        return refusal
    tx.people.save(after)
    record(tx, acting, Act.AGENT_DISABLED, f"agent/{before.name}", {})
    return after


def enable(tx: Transaction, acting: Acting, name: str) -> Agent | Refusal:
    """Lets somebody sign in again, with the password they had."""
    before = find(tx, name)
    if isinstance(before, Refusal):
        return before
    if not before.is_disabled:
        return Refusal("agents.enabled", f"{before.name} is not disabled.")
    after = replace(before, is_disabled=False)
    tx.people.save(after)
    record(tx, acting, Act.AGENT_ENABLED, f"agent/{before.name}", {})
    return after


def reset_password(tx: Transaction, acting: Acting, name: str, first_password: str) -> Agent | Refusal:
    """Gives somebody a new first password and ends their sessions."""
    before = find(tx, name)
    if isinstance(before, Refusal):
        return before
    if refusal := _own(acting, before, "Your own password is changed under your profile."):
        return refusal
    after = replace(before, password_hash=hash_password(first_password), must_change=True, sessions_from=acting.now)
    tx.people.save(after)
    record(tx, acting, Act.PASSWORD_RESET, f"agent/{before.name}", {})
    return after


def choose_password(tx: Transaction, acting: Acting, password_hash: str) -> Agent | Refusal:
    """Keeps the password that somebody chose, which ends their sessions. Making the hash takes a while: an account that was
    disabled or reset meanwhile stays so."""
    before = find(tx, acting.agent.name)
    if isinstance(before, Refusal):
        return before
    if before.is_disabled or before.password_hash != acting.agent.password_hash:
        sentence = "Your account was changed meanwhile, so the password stays as it is. Sign in again, or ask an administrator."
        return Refusal("agents.changed", sentence)
    after = replace(before, password_hash=password_hash, must_change=False, sessions_from=acting.now)
    tx.people.save(after)
    record(tx, acting, Act.PASSWORD_CHANGED, f"agent/{after.name}", {})
    return after


def _fault(agent: Agent) -> Refusal | None:
    """What is wrong with what was written about somebody."""
    if not _NAME.fullmatch(agent.name):
        sentence = "A name to sign in with begins with a letter; 2 to 32 small letters, digits, dots, hyphens, underscores."
        return _wrong("agents.name", sentence)
    if not 0 < len(agent.full_name.strip()) <= _LONGEST_FULL_NAME or holds_foreign_key(agent.full_name):
        return _wrong("agents.full_name", f"Write the full name, up to {_LONGEST_FULL_NAME} characters.")
    if agent.phone and not is_phone(agent.phone):
        return _wrong("agents.phone", NO_PHONE)
    return None if read_languages(agent.languages) else _wrong("agents.languages", NO_LANGUAGE)


def _wrong(code: str, sentence: str) -> Refusal:
    return Refusal(code, sentence, HTTPStatus.UNPROCESSABLE_ENTITY)


def _role_fault(tx: Transaction, acting: Acting, before: Agent, after: Agent) -> Refusal | None:
    """Nobody changes their own role, leaves a call unfinished by changing it, or takes the last administrator away."""
    if before.role is after.role:
        return None
    if refusal := _own(acting, before, "You cannot change your own role; another administrator can.") or _last_administrator(
        tx, before, after
    ):
        return refusal
    if not may(after.role, Action.SERVE_CALLS) and tx.handlings.open_of_agent(before.name):
        sentence = f"{before.full_name} has a call that is not wrapped up; change the role afterwards."
        return Refusal("agents.on_call", sentence)
    return None


def _own(acting: Acting, agent: Agent, sentence: str) -> Refusal | None:
    return Refusal("agents.own", sentence, HTTPStatus.FORBIDDEN) if acting.agent.name == agent.name else None


def _last_administrator(tx: Transaction, before: Agent, after: Agent) -> Refusal | None:
    """`all()` is read inside the transaction that changes: two administrators who disable each other cannot both succeed."""

    def counts(agent: Agent) -> bool:
        return agent.role is Role.ADMINISTRATOR and not agent.is_disabled

    others = any(counts(agent) for agent in tx.people.all() if agent.name != before.name)
    if others or not counts(before) or counts(after):
        return None
    return Refusal("agents.last_administrator", f"{before.name} is the last administrator; make somebody else one first.")
