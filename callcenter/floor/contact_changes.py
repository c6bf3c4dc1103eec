"""Who may speak for an agreement, changed by those who may change contacts (row 85).

Somebody new is a contact only when the others have had a day to object (E4.9). Nobody changes their own rights, and the record
of acts is the history: everything here stands there under `contacts/NUMBER`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from activation.redaction import holds_foreign_key
from callcenter.floor.acting import ActingContact, record
from callcenter.floor.audit import Act, AuditEntry, Detail
from callcenter.floor.customer_notices import NOT_BY_YOU, SIMULATED, tell_agreements
from callcenter.floor.customers import Contact, Right
from callcenter.floor.portal_records import ProposedContact, Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.standing import may_not

OBJECTION_WINDOW = timedelta(hours=24)
HISTORY_SHOWN = 50
_LONGEST_NAME = 80
_MOST_CONTACTS = 50
PROPOSALS_A_DAY, NUMBERS_A_DAY = 10, 3
"""Each is told by text message, to numbers that a contact may choose: nobody is to be pestered through us."""
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_ID_LETTERS = 6

WRONG_NAME = Refusal(
    "contacts.name", f"Write the person’s full name, up to {_LONGEST_NAME} characters.", HTTPStatus.UNPROCESSABLE_ENTITY
)
WRONG_PHONE = Refusal(
    "contacts.phone", "Write the number with its country, such as +441632960107.", HTTPStatus.UNPROCESSABLE_ENTITY
)
TOO_MANY = Refusal("contacts.most", f"An agreement names at most {_MOST_CONTACTS} people. Remove somebody first.")
UNKNOWN = Refusal("contacts.unknown", "That person is not named in the agreement.", HTTPStatus.NOT_FOUND)
TOO_OFTEN = Refusal(
    "contacts.often", "That was done as often as may be in a day. Try again tomorrow, or call the activation centre."
)
GONE = Refusal("contacts.gone", "Nobody waits under that name any more: they are a contact by now, or were objected to.")
OWN_RIGHTS = Refusal("contacts.own", "Nobody changes their own rights or removes themselves; somebody else who may can.")


@dataclass(frozen=True, slots=True)
class Draft:
    """Somebody to be named, as a form has them."""

    name: str
    phone: str
    rights: frozenset[Right]


def propose(tx: Transaction, acting: ActingContact, draft: Draft, new_id: Callable[[], str]) -> ProposedContact | Refusal:
    """Names somebody new, and tells everybody who may object."""
    contact = acting.contact
    if refusal := _may_change(contact) or _fault(draft) or _room(tx, contact.agreement):
        return refusal
    if is_too_often(tx, f"proposals/{contact.agreement}", PROPOSALS_A_DAY, acting.now):
        return TOO_OFTEN
    proposed = proposal(acting, draft, new_contact_id(tx, contact.agreement, new_id), contact.agreement)
    keep_proposal(tx, acting, proposed, Act.CONTACT_PROPOSED)
    return proposed


def proposal(acting: ActingContact, draft: Draft, id: str, agreement: str, account: str = "") -> ProposedContact:
    """Somebody who waits for objections from now on."""
    return ProposedContact(
        id=id,
        agreement=agreement,
        name=draft.name,
        phone=draft.phone,
        rights=draft.rights,
        account=account,
        proposed_by=acting.name,
        proposed_at=acting.now,
        takes_effect_at=acting.now + OBJECTION_WINDOW,
    )


def keep_proposal(tx: Transaction, acting: ActingContact, proposed: ProposedContact, act: Act) -> None:
    """Keeps it, puts it on the record and tells the agreement's contacts, who may object."""
    tx.proposed_contacts.add(proposed)
    _record(tx, acting, act, proposed.agreement, proposed.id, {"rights": _words(proposed.rights)}, proposed.name)
    said = f"{proposed.name} is to speak for your agreement {proposed.agreement}"
    until = f"{proposed.takes_effect_at:%d %B %Y, %H:%M} UTC"
    sentence = f"{said} from {until} on (may: {_words(proposed.rights)}). Object at the portal before if that is wrong."
    tell_agreements(tx, [proposed.agreement], sentence, Right.CHANGE_CONTACTS, acting.now)


def object_to(tx: Transaction, acting: ActingContact, id: str) -> ProposedContact | Refusal:
    """Keeps somebody from becoming a contact. Every contact of the agreement may: an objection harms nobody for long."""
    proposed = tx.proposed_contacts.find(id)
    if proposed is None or proposed.agreement != acting.contact.agreement or not tx.proposed_contacts.remove(id):
        return GONE
    _record(tx, acting, Act.CONTACT_OBJECTED, proposed.agreement, id, {}, proposed.name)
    sentence = f"{proposed.name} does not speak for your agreement {proposed.agreement}: a contact objected."
    tell_agreements(tx, [proposed.agreement], sentence, Right.CHANGE_CONTACTS, acting.now)
    return proposed


def take_effect(tx: Transaction, now: datetime) -> int:
    """Makes contacts of those nobody objected to in time, and says how many. The clerk does so; the record holds the naming."""
    due = tx.proposed_contacts.due(now)
    for each in due:
        tx.proposed_contacts.remove(each.id)
        tx.agreements.add_contact(
            Contact(each.id, each.agreement, each.name, each.phone, each.rights, each.proposed_at, each.account)
        )
        tx.notices.add(each.agreement, None, f"{each.name} is a contact of your agreement {each.agreement} now.", now)
    return len(due)


def change_rights(tx: Transaction, acting: ActingContact, id: str, rights: frozenset[Right]) -> Contact | Refusal:
    """Gives a colleague other rights."""
    before = _colleague(tx, acting, id)
    if isinstance(before, Refusal):
        return before
    after = replace(before, rights=rights)
    tx.agreements.save_contact(after)
    detail = {"rights before": _words(before.rights), "rights": _words(rights)}
    _record(tx, acting, Act.RIGHTS_CHANGED, before.agreement, id, detail, before.name)
    said = f"{before.name} may now, for your agreement {before.agreement}: {_words(rights)}. {NOT_BY_YOU}"
    tell_agreements(tx, [before.agreement], said, Right.CHANGE_CONTACTS, acting.now)
    return after


def remove(tx: Transaction, acting: ActingContact, id: str) -> Contact | Refusal:
    """Takes a colleague out of the agreement; their sign-in shows nothing of it any more."""
    before = _colleague(tx, acting, id)
    if isinstance(before, Refusal):
        return before
    tx.agreements.remove_contact(id)
    _record(tx, acting, Act.CONTACT_REMOVED, before.agreement, id, {"rights before": _words(before.rights)}, before.name)
    said = f"{before.name} speaks for your agreement {before.agreement} no more. {NOT_BY_YOU}"
    tell_agreements(tx, [before.agreement], said, Right.CHANGE_CONTACTS, acting.now)
    return before


def change_phone(tx: Transaction, acting: ActingContact, id: str, phone: str) -> Contact | Refusal:
    """Keeps another number, which is not called back for a while (E4.2). The one before is told: it may be a thief's doing."""
    before = tx.agreements.contact(id)
    if before is None or before.agreement != acting.contact.agreement:
        return UNKNOWN
    if id != acting.contact.id and (refusal := _may_change(acting.contact)):
        return refusal
    if not _PHONE.fullmatch(phone):
        return WRONG_PHONE
    if phone == before.phone:
        return Refusal("contacts.same", "That is the number on file already; nothing was changed.")
    if is_too_often(tx, f"numbers/{id}", NUMBERS_A_DAY, acting.now):
        return TOO_OFTEN
    after = replace(before, phone=phone, phone_changed_at=acting.now)
    tx.agreements.save_contact(after)
    _record(tx, acting, Act.PHONE_CHANGED, before.agreement, id, {}, f"{before.name}, {phone}")
    said = f"Another telephone number was put on file for you under agreement {before.agreement}. {NOT_BY_YOU}"
    tx.outbox.add_text_message(before.phone, f"{said} {SIMULATED}", acting.now)
    tx.notices.add(before.agreement, None, f"The number on file of {before.name} was changed. {NOT_BY_YOU}", acting.now)
    return after


def history(tx: Transaction, number: str) -> tuple[AuditEntry, ...]:
    """What was done about an agreement's contacts, newest first."""
    return tx.audit.newest(HISTORY_SHOWN, subject=subject(number))


def subject(number: str) -> str:
    """What acts about an agreement's contacts are on the record under."""
    return f"contacts/{number}"


def new_contact_id(tx: Transaction, number: str, new_id: Callable[[], str]) -> str:
    """An id that nobody had before: accounts are called by it."""
    return f"{_stem(tx, number)}-{new_id()[-_ID_LETTERS:]}"


def _colleague(tx: Transaction, acting: ActingContact, id: str) -> Contact | Refusal:
    """Another contact of the same agreement whom this one may change."""
    if refusal := _may_change(acting.contact):
        return refusal
    contact = tx.agreements.contact(id)
    if contact is None or contact.agreement != acting.contact.agreement:
        return UNKNOWN
    return OWN_RIGHTS if id == acting.contact.id else contact


def _may_change(contact: Contact) -> Refusal | None:
    return None if Right.CHANGE_CONTACTS in contact.rights else may_not(Right.CHANGE_CONTACTS)


def _fault(draft: Draft) -> Refusal | None:
    if not 0 < len(draft.name) <= _LONGEST_NAME or not draft.name.isprintable() or holds_foreign_key(draft.name):
        return WRONG_NAME
    return None if _PHONE.fullmatch(draft.phone) else WRONG_PHONE


def _room(tx: Transaction, number: str) -> Refusal | None:
    named = len(tx.agreements.contacts(number)) + len(tx.proposed_contacts.of_agreement(number))
    return None if named < _MOST_CONTACTS else TOO_MANY


def is_too_often(tx: Transaction, what: str, most: int, now: datetime) -> bool:
    """Counts something that may be done so often in a day, and tells whether this was beyond it."""
    return tx.rate_counters.increase(what, 1, timedelta(days=1).total_seconds(), now) > most


def _stem(tx: Transaction, number: str) -> str:
    """What ids of the agreement's contacts begin with: the organisation's first word."""
    agreement = tx.agreements.get(number)
    words = re.findall(r"[a-z0-9]+", agreement.organisation.lower()) if agreement else []
    return words[0][:16] if words else "contact"


def _record(tx: Transaction, acting: ActingContact, act: Act, number: str, id: str, detail: Detail, personal: str) -> None:
    record(tx, acting, act, subject(number), {"contact": id, **detail}, personal)


def _words(rights: Iterable[Right]) -> str:
    return ", ".join(sorted(rights)) or "nothing yet"
