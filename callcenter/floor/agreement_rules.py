"""Agreements at the portal: starting one, joining one of one's own organisation, and what is served by call only.

Five licences are enough for Open (row 11); SPLA, ISV Royalty and HVMS are not in the portal (row 79); whoever guesses at
numbers is locked (E4.8).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from activation.agreements import AGREEMENT_DIGITS, read_agreement_number
from activation.catalogue import Catalogue
from activation.digits import with_check_digit
from callcenter.floor import locks
from callcenter.floor.acting import ActingContact, record
from callcenter.floor.askers import digest_name
from callcenter.floor.audit import Act, Detail
from callcenter.floor.contact_changes import TOO_OFTEN, Draft, is_too_often, keep_proposal, new_contact_id, proposal
from callcenter.floor.customers import Agreement, Contact, Right
from callcenter.floor.policy import Policy
from callcenter.floor.portal_records import ProposedContact, Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.standing import may_not
from callcenter.floor.verification import ENDED

MOST_LICENCES = 1_000_000
STARTED_A_DAY = 5
"""Of one organisation: every new agreement brings allowances that nobody at the centre has approved."""
ANYWHERE = "ZZ"
"""The catalogue's row for countries that have no number of their own."""

NO_PROGRAMME = Refusal("agreements.programme", "Choose a programme from the list.", HTTPStatus.UNPROCESSABLE_ENTITY)
NO_LICENCES = Refusal(
    "agreements.licences", "Write the number of licences in digits, such as 5.", HTTPStatus.UNPROCESSABLE_ENTITY
)
MISTYPED = Refusal(
    "agreements.mistyped",
    "That is no agreement number: it has eight digits, the last a check digit. It was not counted as a wrong one.",
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
NOT_YOURS = Refusal(
    "agreements.unknown", "Your organisation has no agreement with that number.", HTTPStatus.UNPROCESSABLE_ENTITY
)
NAMED_ALREADY = Refusal("agreements.named", "You are named in that agreement already, or wait to be.")


def call_only(catalogue: Catalogue, programme: str, country: str) -> Refusal | None:
    """The refusal of everything for a programme that is not in the portal, with the number to call; None for the others."""
    found = catalogue.programmes[programme]
    if found.portal:
        return None
    served = catalogue.countries.get(country) or catalogue.countries[ANYWHERE]
    sentence = (
        f"{found.title} agreements are not in the portal: they are served by call. "
        f"Ring {served.number} ({served.title}) with your agreement at hand."
    )
    return Refusal("agreements.call_only", sentence, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Registering:
    """What registering needs besides the database; `choose(n)` picks a number below n."""

    catalogue: Catalogue
    choose: Callable[[int], int]
    new_id: Callable[[], str]


def start(
    tx: Transaction, acting: ActingContact, programme: str, licences: str, registering: Registering
) -> Agreement | Refusal:
    """Registers a new agreement of the contact's organisation, which the contact speaks for with every right."""
    home, count = tx.agreements.get(acting.contact.agreement), _count(licences)
    if home is None or Right.CHANGE_CONTACTS not in acting.contact.rights:
        return may_not(Right.CHANGE_CONTACTS)
    if programme not in registering.catalogue.programmes:
        return NO_PROGRAMME
    if isinstance(count, Refusal):
        return count
    asked: Detail = {"programme": programme, "licences": count, "beside": home.number}
    catalogue = registering.catalogue
    refusal = call_only(catalogue, programme, home.country) or _too_few(catalogue, programme, count)
    if refusal := refusal or _too_often(tx, home.organisation, acting.now):
        record(tx, acting, Act.AGREEMENT_REFUSED, f"agreement/{home.number}", asked)
        return refusal
    number = _free_number(tx, registering.choose)
    agreement = Agreement(number, programme, home.organisation, home.country, count, True, acting.now)
    tx.agreements.add(agreement)
    tx.agreements.add_contact(_owner(acting.contact, number, new_contact_id(tx, number, registering.new_id)))
    record(tx, acting, Act.AGREEMENT_STARTED, f"agreement/{number}", asked)
    tx.notices.add(home.number, None, f"Your organisation has a new agreement, {number}.", acting.now)
    return agreement


def join(
    tx: Transaction, acting: ActingContact, keyed: str, policy: Policy, registering: Registering
) -> ProposedContact | Refusal:
    """Asks to be named in another agreement of one's own organisation: without any right, and only if nobody objects for a
    day. Numbers that are not the organisation's count towards a lock, mistyped ones not."""
    account = acting.contact.signs_in_as
    if locked := locks.refuse_locked(tx, locks.account_scope(account), policy, acting.now):
        return locked
    number = read_agreement_number(keyed)
    if number is None:
        return MISTYPED
    agreement = tx.agreements.get(number)
    if agreement is None or not _is_ours(tx, acting.contact, agreement):
        return _wrong(tx, acting, policy)
    if refusal := _unfit(tx, account, agreement, registering.catalogue):
        return refusal
    draft = Draft(acting.contact.name, acting.contact.phone, frozenset())
    proposed = proposal(acting, draft, new_contact_id(tx, number, registering.new_id), number, account)
    keep_proposal(tx, acting, proposed, Act.AGREEMENT_JOINED)
    return proposed


def _count(licences: str) -> int | Refusal:
    """Only plain digits count: a sign or a point would mean another number."""
    digits = "".join(licences.split())
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MOST_LICENCES))
    return int(digits) if is_number and 0 < int(digits) <= MOST_LICENCES else NO_LICENCES


def _too_few(catalogue: Catalogue, programme: str, licences: int) -> Refusal | None:
    found = catalogue.programmes[programme]
    if licences >= found.minimum_licences:
        return None
    sentence = f"{found.title} starts at {found.minimum_licences} licences; {licences} are too few."
    return Refusal("agreements.minimum", sentence, HTTPStatus.UNPROCESSABLE_ENTITY)


def _too_often(tx: Transaction, organisation: str, now: datetime) -> Refusal | None:
    return TOO_OFTEN if is_too_often(tx, f"agreements/{digest_name(organisation)}", STARTED_A_DAY, now) else None


def _free_number(tx: Transaction, choose: Callable[[int], int]) -> str:
    """A number nobody has; of ten million, a few thousand are taken at most."""
    digits = AGREEMENT_DIGITS - 1
    while True:
        number = with_check_digit(f"{choose(10**digits):0{digits}d}")
        if tx.agreements.get(number) is None:
            return number


def _owner(contact: Contact, number: str, id: str) -> Contact:
    return Contact(id, number, contact.name, contact.phone, frozenset(Right), contact.phone_changed_at, contact.signs_in_as)


def _is_ours(tx: Transaction, contact: Contact, agreement: Agreement) -> bool:
    home = tx.agreements.get(contact.agreement)
    return home is not None and home.organisation.casefold() == agreement.organisation.casefold()


def _wrong(tx: Transaction, acting: ActingContact, policy: Policy) -> Refusal:
    """Counts a number that is not the organisation's. Which numbers others have is not told apart from numbers nobody has."""
    scope = locks.account_scope(acting.contact.signs_in_as)
    tx.verifications.failed(scope, acting.now)
    record(tx, acting, Act.AGREEMENT_NOT_FOUND, scope, {})
    left = locks.tries_left(tx, scope, policy, acting.now)
    return Refusal(NOT_YOURS.code, f"{NOT_YOURS.sentence} {left}", NOT_YOURS.status)


def _unfit(tx: Transaction, account: str, agreement: Agreement, catalogue: Catalogue) -> Refusal | None:
    if not agreement.active:
        return ENDED
    if refusal := call_only(catalogue, agreement.programme, agreement.country):
        return refusal
    named = tx.agreements.contacts(agreement.number)
    waiting = tx.proposed_contacts.of_agreement(agreement.number)
    is_named = any(each.signs_in_as == account for each in named) or any(each.account == account for each in waiting)
    return NAMED_ALREADY if is_named else None
