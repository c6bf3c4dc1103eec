"""Telling the customer what was done in their name: in the portal, and by text message to those with the right (E4.9)."""

from collections.abc import Iterable
from datetime import datetime

from callcenter.floor.customers import Right
from callcenter.floor.records import Transaction
from callcenter.floor.requests import Change, Request

SIMULATED = "This is an activation simulator; no real product is concerned."
NOT_BY_YOU = "If you did not ask for this, call the activation centre."

_WORDS = {
    Change.RAISE: "The limit of your key number {serial} was raised by {amount} ({counter}). This creates no invoice.",
    Change.LOWER: "The limit of your key number {serial} was lowered to {amount} ({counter}). This creates no invoice.",
    Change.BLOCK: "Your key number {serial} was blocked and activates nothing any more.",
    Change.UNBLOCK: "Your key number {serial} is no longer blocked.",
    Change.NEW_KEY: "A new key, number {serial}, was issued under your agreement.",
}


def tell_customer(tx: Transaction, request: Request, now: datetime) -> None:
    """Tells of a change that was applied. A key without an agreement has nobody on file who could be told."""
    key = tx.keys.get(request.serial) if request.serial is not None else None
    numbers = {request.agreement, key.record.agreement if key else None} - {None}
    if not numbers or request.change not in _WORDS:
        return
    counter = request.counter.value if request.counter else ""
    said = _WORDS[request.change].format(serial=request.serial, amount=request.amount, counter=counter)
    tell_agreements(tx, sorted(filter(None, numbers)), f"{said} {NOT_BY_YOU}", Right.RAISE_COUNTS, now)


def tell_agreements(tx: Transaction, numbers: Iterable[str], sentence: str, right: Right, now: datetime) -> None:
    """One notice for each agreement, and a text message to each contact with the right: a colleague learns of what was done in
    somebody's name, and no single changed number hides it."""
    phones: dict[str, None] = {}
    for number in numbers:
        tx.notices.add(number, None, sentence, now)
        phones |= {contact.phone: None for contact in tx.agreements.contacts(number) if right in contact.rights}
    for phone in phones:
        tx.outbox.add_text_message(phone, f"{sentence} {SIMULATED}", now)
