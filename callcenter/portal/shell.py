"""What every page of the portal is made with: who is signed in, on what standing in which agreement, how an act runs."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from flask import abort, flash, g, redirect
from flask.typing import ResponseReturnValue

from callcenter.floor.acting import ActingContact
from callcenter.floor.agreement_rules import call_only
from callcenter.floor.anchors import anchored
from callcenter.floor.customers import Agreement, Contact, Right
from callcenter.floor.portal_records import Account, Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.verification import ENDED
from callcenter.portal.portal import portal

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Licensing:
    """One licensing ID (agreement) as the contact who is signed in stands in it; `refusal` closes all of it, as for programmes
    that are served by call only (row 79)."""

    agreement: Agreement
    contact: Contact
    programme: str
    refusal: Refusal | None

    def may(self, right: Right) -> bool:
        """Whether the contact has this right here; rights are per licensing ID (row 85)."""
        return self.refusal is None and right in self.contact.rights


def me() -> Account:
    """Who is signed in; only for views behind the sign-in."""
    account: Account = g.portal_account
    return account


def licensings(tx: Transaction) -> tuple[Licensing, ...]:
    """Every licensing ID of who is signed in, by number."""
    found = ((tx.agreements.get(contact.agreement), contact) for contact in tx.agreements.of_account(me().name))
    return tuple(_licensing(agreement, contact) for agreement, contact in found if agreement)


def of_organisation(tx: Transaction, licensing: Licensing) -> tuple[Licensing, ...]:
    """This licensing ID, then the organisation's others that are open to who is signed in: keys under one may be used for
    licences of another (row 83)."""
    name, number = licensing.agreement.organisation.casefold(), licensing.agreement.number
    open_ones = (each for each in licensings(tx) if each.refusal is None and each.agreement.number != number)
    return (licensing, *(each for each in open_ones if each.agreement.organisation.casefold() == name))


def standing_in(tx: Transaction, number: str) -> Licensing | Refusal:
    """The licensing ID with this number, if it is open to who is signed in."""
    found = next((each for each in licensings(tx) if each.agreement.number == number), None)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found.refusal or found


def act(number: str, work: Callable[[Transaction, ActingContact], Result | Refusal]) -> Result | Refusal:
    """Runs an act in an agreement in one transaction, and anchors the record of it. The only way acts happen here."""
    here = portal()
    now = here.clock()

    def run(tx: Transaction) -> Result | Refusal:
        licensing = standing_in(tx, number)
        if isinstance(licensing, Refusal):
            return licensing
        return work(tx, ActingContact(licensing.contact, here.audit_key, now))

    return anchored(here.store.transaction, here.anchors, run)


def look(work: Callable[[Transaction], Result]) -> Result:
    """Reads for a page; changes nothing."""
    return portal().store.read(work)


def done(result: object, to: str, sentence: str) -> ResponseReturnValue:
    """The answer to an act: on to the page `to`, with the sentence or the refusal's own."""
    refused = result if isinstance(result, Refusal) else None
    flash(refused.sentence if refused else sentence, "bad" if refused else "good")
    return redirect(to, HTTPStatus.SEE_OTHER)


def _licensing(agreement: Agreement, contact: Contact) -> Licensing:
    catalogue = portal().catalogue
    closed = ENDED if not agreement.active else call_only(catalogue, agreement.programme, agreement.country)
    return Licensing(agreement, contact, catalogue.programmes[agreement.programme].title, closed)
