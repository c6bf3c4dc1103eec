"""Who the caller says they are: a contact of the agreement that was found in this call."""

from http import HTTPStatus

from callcenter.console.centre import Transaction
from callcenter.console.desk_reading import found_agreement
from callcenter.floor.calls import Case
from callcenter.floor.refusals import Refusal
from callcenter.floor.verification import Claimant

FIND_FIRST = Refusal("desk.no_agreement", "Find the agreement first: ask the caller for its number.")
CHOOSE_CONTACT = Refusal("desk.no_contact", "Choose the person that the caller says they are.", HTTPStatus.UNPROCESSABLE_ENTITY)


def claimant_of(tx: Transaction, case: Case, contact: str) -> Claimant | Refusal:
    """The contact (id) chosen, under the agreement found."""
    found = found_agreement(tx.timeline.of_call(case.call_sid))
    if found is None:
        return FIND_FIRST
    return Claimant(case.number, found, contact) if contact else CHOOSE_CONTACT
