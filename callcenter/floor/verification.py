"""Knowing that a caller is who they say: caller ID proves nothing, so one of three methods must be passed (E4.2, E4.3).

A pass holds for one case, one agreement and one contact. Failed attempts count towards a lock, so the transaction commits
after a `Refusal` too.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from activation.agreements import read_agreement_number
from activation.digits import clean_digits
from callcenter.floor import locks
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.call_commands import Do, Mode
from callcenter.floor.calls import Case
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.customers import Agreement, Contact, Passed, Right
from callcenter.floor.keys import FloorKey
from callcenter.floor.policy import Policy
from callcenter.floor.private_facts import FactKind, agrees, true_answer
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Method

CODE_PURPOSE = "one-time codes"
"""The purpose of the instance's secret under which one-time codes are hashed."""
CODE_LASTS = timedelta(minutes=10)
PASS_LASTS = timedelta(hours=2)
"""A pass lets changes be asked for so long, so that an old case is no open door."""
CONTACT_LABEL = "contact"
"""What the leg of the contact on file is called in the caller's conference."""

UNKNOWN_CASE = Refusal("verification.case", "There is no such case.", HTTPStatus.NOT_FOUND)
MISTYPED = Refusal("verification.mistyped", "That is no agreement number and was not counted. Read all eight digits again.")
NO_SUCH_NUMBER = Refusal("verification.number", "There is no agreement with that number. Ask the caller to read it again.")
ENDED = Refusal(
    "verification.ended", "That agreement has ended. The customer renews it with their reseller; no change is possible."
)
OTHER_CUSTOMER = Refusal(
    "verification.organisation", "The key of this call belongs to another organisation's agreement. Ask for the right number."
)
NOT_NAMED = Refusal("verification.contact", "That person is not named in the agreement. Ask for one who is.")
NOT_VERIFIED = Refusal("verification.missing", "Verify the caller first: by call-back, one-time code or a private fact.")
CHANGED_LATELY = (
    "The number on file was changed on {day:%d %B %Y}, too lately to trust: use another method, or another contact."
)
NOT_RUNG = Refusal("verification.not_rung", "Ring the number on file first.")
NOT_CONFIRMED = "That did not verify the caller: {method}. Do not say what would have been right."


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who the caller says they are, in one case: a contact (id) of an agreement (number)."""

    case_number: str
    agreement: str
    contact: str


def is_locked(tx: Transaction, scope: str, policy: Policy, now: datetime) -> bool:
    """Whether too many attempts on `case/NNNNNN` or `agreement/NNNNNNNN` have failed."""
    return locks.is_locked(tx, scope, policy, now)


def same_customer(tx: Transaction, agreement: Agreement, key: FloorKey) -> bool:
    """Whether the key is the agreement's, or that of another agreement of the same organisation (row 83)."""
    holder = tx.agreements.get(key.record.agreement) if key.record.agreement else None
    return holder is not None and holder.organisation.casefold() == agreement.organisation.casefold()


def find_agreement(tx: Transaction, acting: Acting, case_number: str, keyed: str, policy: Policy) -> Agreement | Refusal:
    """The active agreement that the caller names and the call's key belongs to (row 80); wrong ones count, mistyped not."""
    number = read_agreement_number(keyed)
    agreement = tx.agreements.get(number) if number else None
    case = tx.cases.find(case_number)
    if case is None:
        return UNKNOWN_CASE
    if locked := _locked(tx, case_number, agreement.number if agreement else None, policy, acting.now):
        return locked
    if locked := locks.refuse_locked(tx, locks.agent_scope(acting.agent.name), policy, acting.now):
        return locked
    if number is None:
        return MISTYPED
    if refusal := _unfit(tx, case, agreement):
        locks.note_failure(tx, acting, Act.AGREEMENT_NOT_FOUND, case_number, agreement.number if agreement else None)
        if agreement is None:
            tx.verifications.failed(locks.agent_scope(acting.agent.name), acting.now)
        return _with_tries(tx, refusal, case_number, policy, acting.now)
    assert agreement is not None  # an unknown one does not fit
    record_in_case(tx, acting, Act.AGREEMENT_FOUND, case_number, {"agreement": agreement.number})
    return agreement


def contact_of(tx: Transaction, claimant: Claimant, policy: Policy, now: datetime) -> Contact | Refusal:
    """The contact that the caller claims to be, while agreement and case are open for verifying."""
    case = tx.cases.find(claimant.case_number)
    if case is None:
        return UNKNOWN_CASE
    if locked := _locked(tx, case.number, claimant.agreement, policy, now):
        return locked
    if refusal := _unfit(tx, case, tx.agreements.get(claimant.agreement)):
        return refusal
    named = {contact.id: contact for contact in tx.agreements.contacts(claimant.agreement)}
    return named.get(claimant.contact, NOT_NAMED)


def call_contact(tx: Transaction, acting: Acting, claimant: Claimant, policy: Policy) -> Contact | Refusal:
    """Rings the number on file into the caller's conference; refused when it was changed lately (E4.2)."""
    contact = _contact_to_call(tx, claimant, policy, acting.now)
    case = tx.cases.find(claimant.case_number)
    if isinstance(contact, Refusal) or case is None:
        return contact
    command = {"do": Do.RING, "call": case.call_sid, "phone": contact.phone, "label": CONTACT_LABEL}
    tx.outbox.add_call_control({**command, "mode": Mode.TALK, "coached": ""}, acting.now)
    detail = {"agreement": claimant.agreement, "contact": claimant.contact}
    record_in_case(tx, acting, Act.CALLED_CONTACT, claimant.case_number, detail)
    return contact


def call_back(tx: Transaction, acting: Acting, claimant: Claimant, policy: Policy) -> Passed | Refusal:
    """Notes that the contact, rung at the number on file from this case, said it is them."""
    contact = _contact_to_call(tx, claimant, policy, acting.now)
    if isinstance(contact, Refusal):
        return contact
    return _pass(tx, acting, claimant, Method.CALL_BACK) if _was_rung(tx, claimant, acting.now) else NOT_RUNG


def not_confirmed(tx: Transaction, acting: Acting, claimant: Claimant, method: Method, policy: Policy) -> Passed | Refusal:
    """Counts a verification that failed, for one: the contact on file knows nothing of the call."""
    contact = contact_of(tx, claimant, policy, acting.now)
    if isinstance(contact, Refusal):
        return contact
    locks.note_failure(tx, acting, Act.VERIFICATION_FAILED, claimant.case_number, claimant.agreement)
    refusal = Refusal("verification.failed", NOT_CONFIRMED.format(method=method), HTTPStatus.FORBIDDEN)
    return _with_tries(tx, refusal, claimant.case_number, policy, acting.now)


def issue_code(tx: Transaction, key: bytes, agreement: str, contact: str, now: datetime, choose: Callable[[int], int]) -> str:
    """Six digits for the contact to read to the agent: good for ten minutes and once. `key` is the instance's secret for
    `CODE_PURPOSE`; `choose(n)` picks a number below n (`secrets.randbelow`). Only a keyed hash is kept,
    and a new code makes the one before void."""
    code = f"{choose(1_000_000):06d}"
    tx.verifications.add_code(agreement, contact, _code_hash(key, agreement, contact, code), now + CODE_LASTS)
    return code


def one_time_code(
    tx: Transaction, acting: Acting, claimant: Claimant, code: str, key: bytes, policy: Policy
) -> Passed | Refusal:
    """Passes the caller who reads out an unused code from the portal; `key` is the instance's secret for `CODE_PURPOSE`."""
    contact = contact_of(tx, claimant, policy, acting.now)
    if isinstance(contact, Refusal):
        return contact
    code_hash = _code_hash(key, claimant.agreement, contact.id, clean_digits(code) or "")
    if tx.verifications.use_code(claimant.agreement, contact.id, code_hash, acting.now):
        return _pass(tx, acting, claimant, Method.ONE_TIME_CODE)
    return not_confirmed(tx, acting, claimant, Method.ONE_TIME_CODE, policy)


def private_fact(
    tx: Transaction, acting: Acting, claimant: Claimant, kind: FactKind, answer: str, policy: Policy, serial: int | None = None
) -> Passed | Refusal:
    """Passes the caller who knows a fact; `serial` names the key that `COUNT_LEFT` is about. Each fact counts once a case:
    a second answer is a guess."""
    contact, case = contact_of(tx, claimant, policy, acting.now), tx.cases.find(claimant.case_number)
    agreement = tx.agreements.get(claimant.agreement)
    if isinstance(contact, Refusal) or case is None or agreement is None:
        return contact if isinstance(contact, Refusal) else UNKNOWN_CASE
    truth = true_answer(tx, kind, agreement, serial, case.serial, acting.now)
    if isinstance(truth, Refusal):
        return truth
    attempt = f"fact/{case.number}/{agreement.number}/{kind.name}/{serial}"
    tries = tx.rate_counters.increase(attempt, 1, policy.lock_window.total_seconds(), acting.now)
    if tries == 1 and agrees(kind, answer, truth):
        return _pass(tx, acting, claimant, Method.PRIVATE_FACT)
    return not_confirmed(tx, acting, claimant, Method.PRIVATE_FACT, policy)


def entitled(
    tx: Transaction, claimant: Claimant, right: Right, policy: Policy, now: datetime, *, asked_at: datetime
) -> Method | Refusal:
    """How this contact was verified in this case before `asked_at`, if they have the right now; or why nothing may be changed
    for them."""
    contact = contact_of(tx, claimant, policy, now)
    if isinstance(contact, Refusal):
        return contact
    if right not in contact.rights:
        return Refusal("verification.right", f"That contact may not {right}. Ask for one who may.", HTTPStatus.FORBIDDEN)
    for passed in reversed(tx.verifications.passes(claimant.case_number)):
        is_fresh = asked_at - PASS_LASTS < passed.at <= asked_at
        if is_fresh and (passed.agreement, passed.contact) == (claimant.agreement, contact.id):
            return Method(passed.method)
    return NOT_VERIFIED


def _locked(tx: Transaction, case: str, agreement: str | None, policy: Policy, now: datetime) -> Refusal | None:
    scopes = [locks.case_scope(case), *([locks.agreement_scope(agreement)] if agreement else [])]
    return next((locked for scope in scopes if (locked := locks.refuse_locked(tx, scope, policy, now))), None)


def _unfit(tx: Transaction, case: Case, agreement: Agreement | None) -> Refusal | None:
    """Why an agreement is not the one for a case. A key without an agreement (retail, OEM) fits beside any."""
    if agreement is None:
        return NO_SUCH_NUMBER
    if not agreement.active:
        return ENDED
    key = tx.keys.get(case.serial) if case.serial is not None else None
    belongs = key is None or key.record.agreement is None or same_customer(tx, agreement, key)
    return None if belongs else OTHER_CUSTOMER


def _with_tries(tx: Transaction, refusal: Refusal, case: str, policy: Policy, now: datetime) -> Refusal:
    left = locks.tries_left(tx, locks.case_scope(case), policy, now)
    return Refusal(refusal.code, f"{refusal.sentence} {left}", refusal.status)


def _contact_to_call(tx: Transaction, claimant: Claimant, policy: Policy, now: datetime) -> Contact | Refusal:
    contact = contact_of(tx, claimant, policy, now)
    if isinstance(contact, Refusal) or contact.phone_changed_at <= now - policy.distrust_changed_phone:
        return contact
    return Refusal("verification.phone_changed", CHANGED_LATELY.format(day=contact.phone_changed_at))


def _was_rung(tx: Transaction, claimant: Claimant, now: datetime) -> bool:
    """Whether the contact was rung from this case lately, and nothing has failed in it since."""
    case = tx.cases.find(claimant.case_number)
    since = max(case.opened_at, now - PASS_LASTS) if case else now
    for happening in reversed(tx.timeline.of_call(case.call_sid) if case else ()):
        if happening.at < since or happening.kind == Act.VERIFICATION_FAILED:
            return False
        rung = (happening.detail.get("agreement"), happening.detail.get("contact"))
        if happening.kind == Act.CALLED_CONTACT and rung == (claimant.agreement, claimant.contact):
            return True
    return False


def _pass(tx: Transaction, acting: Acting, claimant: Claimant, method: Method) -> Passed:
    tx.verifications.passed(claimant.case_number, claimant.agreement, claimant.contact, method, acting.now)
    detail = {"agreement": claimant.agreement, "contact": claimant.contact, "method": method.value}
    record_in_case(tx, acting, Act.VERIFIED, claimant.case_number, detail)
    return Passed(claimant.agreement, claimant.contact, method.value, acting.now)


def _code_hash(key: bytes, agreement: str, contact: str, code: str) -> str:
    return hmac.digest(key, f"{agreement}/{contact}/{code}".encode(), "sha256").hex()
