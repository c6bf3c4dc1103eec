"""Facts that only the customer has: better proof than what can be looked up (E4.3). The server compares, not the agent."""

from datetime import datetime, timedelta
from enum import StrEnum

from activation.digits import clean_digits
from callcenter.floor.customers import Agreement
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Request, RequestStatus


class FactKind(StrEnum):
    """What the caller may be asked, in the words of the question."""

    COUNT_LEFT = "How many activations are left on that key?"
    LAST_AMOUNT = "By how much was a limit raised the last time?"
    LAST_MONTH = "In which month was a limit raised the last time (year and month, as 2026-03)?"


TOLD_LASTS = timedelta(days=1)
"""After a case about a key, what is left on it proves nothing for so long: the line may have told it to whoever called."""

NOT_THIS_KEY = Refusal(
    "verification.told_already",
    "The line may just have told a caller how much is left on that key: ask about another key of the agreement.",
)
USED_UP = Refusal(
    "verification.used_up", "That key is used up, which is easily guessed: ask about another key of the agreement."
)
NOT_ITS_KEY = Refusal("verification.other_key", "That key does not belong to the agreement; ask about one that does.")
NO_RAISE_YET = Refusal(
    "verification.no_fact", "No limit of this agreement was ever raised, so there is nothing to ask. Choose another method."
)


def true_answer(
    tx: Transaction, kind: FactKind, agreement: Agreement, serial: int | None, serial_of_case: int | None, now: datetime
) -> str | Refusal:
    """What the caller must say; `serial` names the key for COUNT_LEFT."""
    if kind is FactKind.COUNT_LEFT:
        return NOT_THIS_KEY if serial is not None and serial == serial_of_case else _count_left(tx, agreement, serial, now)
    raised = _last_raise(tx, agreement)
    if raised is None or raised.decided_at is None:
        return NO_RAISE_YET
    return str(raised.amount) if kind is FactKind.LAST_AMOUNT else _month(raised.decided_at)


def agrees(kind: FactKind, answer: str, truth: str) -> bool:
    """Whether what the caller said is the truth, however it was typed."""
    digits = clean_digits(answer)
    if not digits:
        return False
    return digits == truth.replace("-", "") if kind is FactKind.LAST_MONTH else digits.lstrip("0") == truth.lstrip("0")


def _count_left(tx: Transaction, agreement: Agreement, serial: int | None, now: datetime) -> str | Refusal:
    key = tx.keys.get(serial) if serial is not None else None
    if key is None or key.record.agreement != agreement.number:
        return NOT_ITS_KEY
    if any(case.opened_at > now - TOLD_LASTS for case in tx.cases.of_key(key.record.serial, newest=1)):
        return NOT_THIS_KEY
    left = key.record.allowed - key.record.used
    return str(left) if left > 0 else USED_UP


def _last_raise(tx: Transaction, agreement: Agreement) -> Request | None:
    keys = tx.keys.of_agreement(agreement.number)
    raises = [
        request
        for key in keys
        for request in tx.requests.of_key(key.record.serial)
        if request.change is Change.RAISE and request.status is RequestStatus.APPLIED
    ]
    return max(raises, key=lambda request: request.decided_at or request.asked_at, default=None)


def _month(moment: datetime) -> str:
    return moment.strftime("%Y-%m")
