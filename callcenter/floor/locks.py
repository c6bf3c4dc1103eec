"""Counting wrong agreement numbers and failed verifications, so that nobody gets far by guessing (E4.8).

A scope is what was guessed at, a case or an agreement, or through whom: an agent, for a new call is a new case. A failure
counts even though the act as a whole is refused; whoever runs these functions commits after a `Refusal` too.
"""

from datetime import datetime
from http import HTTPStatus

from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.permissions import Action, may
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal

AGENT_CALLERS = 2
"""An agent is locked by as many failures as lock the cases of so many callers."""


def case_scope(number: str) -> str:
    """The scope of guesses made in one case."""
    return f"case/{number}"


def agreement_scope(number: str) -> str:
    """The scope of guesses made at one agreement, in whatever case."""
    return f"agreement/{number}"


def agent_scope(name: str) -> str:
    """The scope of unknown agreement numbers that one agent looked up, in whatever case."""
    return f"agent/{name}"


def account_scope(name: str) -> str:
    """The scope of agreement numbers that somebody tried at the portal, by the name they sign in with."""
    return f"account/{name}"


def most_failures(scope: str, policy: Policy) -> int:
    """How many failures lock the scope. An agent serves many callers, so it takes more than one caller's to lock an agent."""
    return policy.wrong_numbers_before_lock * (AGENT_CALLERS if scope.startswith("agent/") else 1)


def failures(tx: Transaction, scope: str, policy: Policy, now: datetime) -> int:
    """How many attempts on this scope have failed within the policy's window."""
    return tx.verifications.failures(scope, now - policy.lock_window)


def is_locked(tx: Transaction, scope: str, policy: Policy, now: datetime) -> bool:
    """Whether too many attempts on this scope have failed."""
    return failures(tx, scope, policy, now) >= most_failures(scope, policy)


def refuse_locked(tx: Transaction, scope: str, policy: Policy, now: datetime) -> Refusal | None:
    """The refusal of everything on a locked scope; None while it is open."""
    if not is_locked(tx, scope, policy, now):
        return None
    what = scope.replace("/", " ")
    sentence = f"The {what} is locked after {most_failures(scope, policy)} failed attempts. A supervisor can unlock it."
    return Refusal("verification.locked", sentence, HTTPStatus.LOCKED)


def note_failure(tx: Transaction, acting: Acting, act: Act, case_number: str, agreement: str | None) -> None:
    """Counts one failed attempt against the case, and against the agreement where there is one of that number."""
    scopes = [case_scope(case_number), *([agreement_scope(agreement)] if agreement else [])]
    for scope in scopes:
        tx.verifications.failed(scope, acting.now)
    record_in_case(tx, acting, act, case_number, {"agreement": agreement})


def tries_left(tx: Transaction, scope: str, policy: Policy, now: datetime) -> str:
    """The end of a refusal: how many more wrong attempts lock the scope."""
    left = most_failures(scope, policy) - failures(tx, scope, policy, now)
    return f"{left} more and it is locked." if left > 0 else "It is locked now; a supervisor can unlock it."


def unlock(tx: Transaction, acting: Acting, scope: str) -> Refusal | None:
    """Forgets the failed attempts on a scope; the record keeps who did so."""
    if not may(acting.agent.role, Action.UNLOCK):
        return Refusal("verification.unlock", "Only supervisors and administrators unlock.", HTTPStatus.FORBIDDEN)
    tx.verifications.clear(scope)
    record(tx, acting, Act.UNLOCKED, scope, {})
    return None
