"""Four eyes: what one person asked for and another decides (E4.6). Nobody decides their own; everything is checked again.

An approval applies the change in the same transaction. A refusal to decide leaves the request held; what can no longer be done
is closed as failed, and nothing changes.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from activation.redaction import redact
from callcenter.floor import changes, locks
from callcenter.floor.acting import Acting, Actor
from callcenter.floor.audit import Act
from callcenter.floor.customer_notices import tell_customer
from callcenter.floor.limits import MOST_WORDS, NOT_DONE, TOO_MANY_WORDS
from callcenter.floor.permissions import Action, may
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Request, RequestStatus

CLERK = "clerk"
"""Who closes what nobody decided in time."""
REQUEST_EXPIRED = "request expired"
"""What the timeline of the call says then."""

UNKNOWN = Refusal("approvals.unknown", "There is no such request.", HTTPStatus.NOT_FOUND)
NOT_ALLOWED = Refusal("approvals.role", "Only supervisors approve and refuse what others asked for.", HTTPStatus.FORBIDDEN)
OWN = Refusal(
    "approvals.own",
    "You asked for this yourself, so somebody else decides. You may withdraw it.",
    HTTPStatus.FORBIDDEN,
)
NOT_OWN = Refusal("approvals.not_own", "Only whoever asked may withdraw a request.", HTTPStatus.FORBIDDEN)
SAY_WHY = Refusal("approvals.words", "Say why, so that whoever asked can tell the customer.")
TOO_LATE = Refusal("approvals.expired", "Nobody decided in time, so the request has expired. It can be asked for again.")


def approve(tx: Transaction, acting: Acting, request_id: str, words: str, policy: Policy) -> Request | Refusal:
    """Checks everything again and applies the change: APPLIED, or FAILED when it is no longer possible."""
    request = _decidable(tx, acting, request_id, words, policy)
    if isinstance(request, Refusal):
        return request
    before = changes.facts(tx, request)
    trouble = changes.objection(tx, request, policy, acting.now) or changes.fault(tx, request)
    if trouble and trouble.status is HTTPStatus.LOCKED:
        return trouble
    if trouble or not changes.apply(tx, request):
        why = f"{words.strip()} {(trouble or NOT_DONE).sentence}".strip()
        return _close(tx, acting, request, RequestStatus.FAILED, Act.FAILED, why, before)
    applied = _close(tx, acting, request, RequestStatus.APPLIED, Act.APPROVED, words, before)
    tell_customer(tx, applied, acting.now)
    return applied


def refuse(tx: Transaction, acting: Acting, request_id: str, words: str, policy: Policy) -> Request | Refusal:
    """Says no, in words that are kept with the request."""
    request = _decidable(tx, acting, request_id, words, policy)
    if isinstance(request, Refusal):
        return request
    if not words.strip():
        return SAY_WHY
    return _close(tx, acting, request, RequestStatus.REFUSED, Act.REFUSED, words, changes.facts(tx, request))


def withdraw(tx: Transaction, acting: Actor, request_id: str, words: str, policy: Policy) -> Request | Refusal:
    """Takes one's own request back: refused, with the asker as its decider."""
    request = _open(tx, request_id, words, policy, acting.now)
    if isinstance(request, Refusal):
        return request
    if request.asker != acting.name:
        return NOT_OWN
    return _close(tx, acting, request, RequestStatus.REFUSED, Act.WITHDREW, words, changes.facts(tx, request))


def expire(tx: Transaction, policy: Policy, now: datetime) -> int:
    """Closes what nobody decided in time, and says how many. No act of anybody's, and told by the request's own times: the
    record of acts does not hold it, the timeline of the call does."""
    return sum(_expire(tx, request, now) for request in tx.requests.held() if _is_over(request, policy, now))


def changes_since(tx: Transaction, request: Request) -> tuple[str, ...]:
    """What is no longer as the asker saw it, as sentences for whoever decides."""
    return (*_changed_facts(tx, request), *_changed_phone(tx, request), *_failures(tx, request), *_other_requests(tx, request))


def _decidable(tx: Transaction, acting: Acting, request_id: str, words: str, policy: Policy) -> Request | Refusal:
    """A held request that this person may decide."""
    if not may(acting.agent.role, Action.APPROVE):
        return NOT_ALLOWED
    request = _open(tx, request_id, words, policy, acting.now)
    if isinstance(request, Refusal):
        return request
    return OWN if request.asker == acting.name else request


def _open(tx: Transaction, request_id: str, words: str, policy: Policy, now: datetime) -> Request | Refusal:
    """A request that still waits; one whose time has run out is closed on the way."""
    request = tx.requests.find(request_id)
    if request is None:
        return UNKNOWN
    if request.status is not RequestStatus.HELD:
        decider = f" by {request.decider}" if request.decider else ""
        return Refusal("approvals.decided", f"Nothing is left to decide: the request was {request.status.value}{decider}.")
    if _is_over(request, policy, now):
        _expire(tx, request, now)
        return TOO_LATE
    return TOO_MANY_WORDS if len(words) > MOST_WORDS else request


def _is_over(request: Request, policy: Policy, now: datetime) -> bool:
    """Whether its time has run out; a policy made stricter counts for what is held already."""
    by_policy = request.asked_at + policy.approval_expires_after
    return now >= min(by_policy, request.expires_at or by_policy)


def _expire(tx: Transaction, request: Request, now: datetime) -> bool:
    expired = replace(request, status=RequestStatus.EXPIRED, decided_at=now)
    if not tx.requests.decide(expired):
        return False
    changes.on_timeline(tx, expired, CLERK, REQUEST_EXPIRED, now)
    return True


def _close(
    tx: Transaction, acting: Actor, request: Request, status: RequestStatus, act: Act, words: str, before: changes.Seen
) -> Request:
    closed = replace(request, status=status, decider=acting.name, decided_at=acting.now, decision_words=redact(words.strip()))
    decided = tx.requests.decide(closed)
    assert decided, "a held request was found, and is held against other writers"
    changes.put_on_record(tx, acting, act, closed, before, closed.decision_words)
    return closed


def _changed_facts(tx: Transaction, request: Request) -> Iterator[str]:
    now = changes.facts(tx, request)
    for name, before in request.seen.items():
        if (after := now.get(name, "gone")) != before:
            yield f"{name.capitalize()}: {before} when this was asked, {after} now."


def _changed_phone(tx: Transaction, request: Request) -> Iterator[str]:
    contacts = tx.agreements.contacts(request.agreement) if request.agreement else ()
    for contact in contacts:
        if contact.phone_changed_at > request.asked_at:
            whose = "who asked" if contact.id == request.contact else "of the same agreement"
            yield f"The phone number of the contact {whose} was changed since."


def _failures(tx: Transaction, request: Request) -> Iterator[str]:
    """Attempts that failed since then, for they are what locks."""
    scopes = {
        "in this case": locks.case_scope(request.case_number) if request.case_number else None,
        "at this agreement": locks.agreement_scope(request.agreement) if request.agreement else None,
    }
    for where, scope in scopes.items():
        count = tx.verifications.failures(scope, request.asked_at) if scope else 0
        if count:
            yield f"Wrong agreement numbers or failed verifications {where} since: {count}."


def _other_requests(tx: Transaction, request: Request) -> Iterator[str]:
    """Other changes of the same key, applied or held since."""
    others = tx.requests.of_key(request.serial) if request.serial is not None else ()
    for other in others:
        moment = other.decided_at or other.asked_at
        if other.id != request.id and moment >= request.asked_at and other.status in _ALIVE:
            amount = f" ({other.amount})" if other.change in (Change.RAISE, Change.LOWER) else ""
            yield f"Another request for the same key was {other.status.value} since: {other.change.value}{amount}."


_ALIVE = frozenset({RequestStatus.APPLIED, RequestStatus.HELD})
