"""Exceptions: one activation that the rules alone would not grant, for a key without an agreement (B1.10).

Seniors give a few for a key by themselves, more need a second person; everybody else hands the call over to a senior. An
exception serves once, in the case it was given for, and lapses when it is not used.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from activation.redaction import redact
from callcenter.floor import changes
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.calls import Case
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.limits import hold, wrong_words
from callcenter.floor.permissions import Action, may
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, ReasonCode, Request, RequestStatus

FOR_SENIORS = Refusal(
    "exceptions.role",
    "Exceptions are for senior agents: transfer the call to the seniors, the caller keeps the place.",
    HTTPStatus.FORBIDDEN,
)
NO_ID_YET = Refusal(
    "exceptions.no_key", "Finish the installation ID first: until it is whole, nobody knows which key it is for."
)
GIVEN_ALREADY = Refusal("exceptions.given", "This case has an exception that is not used yet. Ask for the decision.")
HELD_ALREADY = Refusal("exceptions.held", "An exception for this case waits for a second person already.")


def ask_exception(
    tx: Transaction, acting: Acting, case: Case, reason: ReasonCode, words: str, policy: Policy, new_id: Callable[[], str]
) -> Request | Refusal:
    """Gives one exception for the key of the case, or holds it when the key has had its share without a second person."""
    request = Request(
        id=new_id(),
        change=Change.EXCEPTION,
        asker=acting.agent.name,
        asked_at=acting.now,
        reason=reason,
        serial=case.serial,
        words=redact(words.strip()),
        case_number=case.number,
        call_sid=case.call_sid,
        expires_at=acting.now + policy.approval_expires_after,
    )
    if refusal := _not_now(tx, acting, case, policy) or wrong_words(reason, words) or changes.fault(tx, request):
        return refusal
    request = replace(request, seen=changes.facts(tx, request))
    return _give(tx, acting, request) if _within_policy(tx, request, policy) else hold(tx, acting, request)


def usable_exception(tx: Transaction, case_number: str, serial: int | None, policy: Policy, now: datetime) -> Request | None:
    """The exception that lets an activation with this key be decided in this case with `waived=True`; None without one for
    that key, or once it was used."""
    given = (each for each in tx.requests.of_case(case_number) if each.serial == serial)
    return next((each for each in given if _is_usable(tx, each, policy, now)), None)


def spend_exception(tx: Transaction, acting: Acting, exception: Request, policy: Policy) -> bool:
    """Notes, in the transaction of the grant, that the exception has served; False when it has already."""
    lasts_seconds = 2 * policy.approval_expires_after.total_seconds()  # longer than it can be used
    if tx.rate_counters.increase(_use_of(exception), 1, lasts_seconds, acting.now) > 1:
        return False
    detail = {"request": exception.id, "serial": exception.serial}
    record_in_case(tx, acting, Act.EXCEPTION_USED, exception.case_number or "", detail)
    return True


def _not_now(tx: Transaction, acting: Acting, case: Case, policy: Policy) -> Refusal | None:
    if not may(acting.agent.role, Action.HANDLE_EXCEPTIONS):
        return FOR_SENIORS
    if case.serial is None:
        return NO_ID_YET
    if usable_exception(tx, case.number, case.serial, policy, acting.now):
        return GIVEN_ALREADY
    earlier = tx.requests.of_case(case.number)
    waits = any(each.change is Change.EXCEPTION and each.status is RequestStatus.HELD for each in earlier)
    return HELD_ALREADY if waits else None


def _within_policy(tx: Transaction, request: Request, policy: Policy) -> bool:
    assert request.serial is not None  # refused before
    given = tx.requests.exceptions_since(request.serial, request.asked_at - policy.exception_window)
    return given < policy.exceptions_alone


def _give(tx: Transaction, acting: Acting, request: Request) -> Request:
    given = replace(request, status=RequestStatus.APPLIED, decided_at=acting.now, expires_at=None)
    tx.requests.add(given)
    changes.put_on_record(tx, acting, Act.APPLIED, given, given.seen, given.words)
    return given


def _is_usable(tx: Transaction, request: Request, policy: Policy, now: datetime) -> bool:
    if request.change is not Change.EXCEPTION or request.status is not RequestStatus.APPLIED or request.decided_at is None:
        return False
    lapsed = now >= request.decided_at + policy.approval_expires_after
    return not lapsed and tx.rate_counters.count(_use_of(request), now) == 0


def _use_of(request: Request) -> str:
    return f"exception/{request.id}"
