"""What follows a call: its note and follow-up, and the wrap-up code that frees the agent.

Notes are kept without foreign product keys; the record says that one was kept, never what it says.
"""

from dataclasses import replace
from http import HTTPStatus

from activation.catalogue import Catalogue
from activation.redaction import redact
from callcenter.floor.acting import Acting
from callcenter.floor.audit import Act
from callcenter.floor.calls import Case
from callcenter.floor.desk_calls import NO_CALL, note
from callcenter.floor.outcomes import OUTCOMES, Outcome
from callcenter.floor.presence import be_free
from callcenter.floor.queue import Handling
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal

LONGEST_NOTE = 4000

STILL_TALKING = Refusal("calls.not_parted", "The caller is still with you; end the call first.")
NO_CODE = Refusal("calls.outcome", f"Choose a wrap-up code: {', '.join(OUTCOMES)}.", HTTPStatus.UNPROCESSABLE_ENTITY)
TOO_LONG = Refusal(
    "calls.note_too_long", f"Keep note and follow-up below {LONGEST_NOTE} characters each.", HTTPStatus.UNPROCESSABLE_ENTITY
)


def keep_note(tx: Transaction, acting: Acting, note_text: str, follow_up: str) -> Handling | Refusal:
    """The agent's note as it stands, during the call or after it."""
    handling = tx.handlings.open_of_agent(acting.agent.name)
    noted = _noted(handling, note_text, follow_up) if handling else NO_CALL
    if isinstance(noted, Refusal):
        return noted
    tx.handlings.save(noted)
    note(tx, acting, noted.call_sid, Act.NOTE_KEPT)
    return noted


def wrap_up(tx: Transaction, acting: Acting, outcome: str, note_text: str, follow_up: str) -> Handling | Refusal:
    """The agent is done with the call that ended last."""
    handling = tx.handlings.open_of_agent(acting.agent.name)
    if handling is None:
        return NO_CALL
    if handling.parted_at is None:
        return STILL_TALKING
    if outcome not in OUTCOMES:
        return NO_CODE
    noted = _noted(handling, note_text, follow_up)
    if isinstance(noted, Refusal):
        return noted
    wrapped = replace(noted, wrapped_at=acting.now, outcome=Outcome(outcome))
    tx.handlings.save(wrapped)
    be_free(tx, acting.agent.name, acting.now)
    said = {"outcome": wrapped.outcome, "charge": Outcome(outcome).charge}
    note(tx, acting, handling.call_sid, Act.WRAPPED_UP, {name: words for name, words in said.items() if words})
    return wrapped


def refuse_fix(tx: Transaction, case: Case, catalogue: Catalogue) -> Refusal | None:
    """Why this call cannot end with the fix sent: its product never had the fault (row 92). None where it had or is unknown."""
    key = None if case.serial is None else tx.keys.get(case.serial)
    product = catalogue.products.get(key.record.product) if key else None
    if product is None or product.late_activation_fault:
        return None
    words = f"{product.title} does not have the known fault, and the fix is only for systems that have it. Choose another code."
    return Refusal("calls.no_such_fault", words, HTTPStatus.UNPROCESSABLE_ENTITY)


def _noted(handling: Handling, note_text: str, follow_up: str) -> Handling | Refusal:
    if max(len(note_text), len(follow_up)) > LONGEST_NOTE:
        return TOO_LONG
    return replace(handling, note=redact(note_text.strip()), follow_up=redact(follow_up.strip()))
