"""On what standing a change is asked for: a contact verified on the line, or one who is signed in at the portal.

Each goes with its own kind of actor: an agent asks for whoever is on the line, a contact at the portal for themselves alone.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from callcenter.floor.acting import Acting, ActingContact, Actor
from callcenter.floor.customers import Right
from callcenter.floor.permissions import Action, may
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Method
from callcenter.floor.verification import ENDED, NOT_NAMED, Claimant, entitled

NOT_ALLOWED = Refusal("limits.role", "Your role does not ask for changes of this kind.", HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class AtPortal:
    """A contact (id) of an agreement (number) who asks at the portal, where signing in is the proof."""

    agreement: str
    contact: str


Claiming = Claimant | AtPortal


def may_claim(acting: Actor, claiming: Claiming | None) -> Refusal | None:
    """Why this actor may not ask in that name; None when they may. Without a name it is the vendor's own wish."""
    match acting, claiming:
        case ActingContact(contact=contact), AtPortal(agreement=agreement, contact=id):
            is_allowed = (contact.agreement, contact.id) == (agreement, id)
        case Acting(agent=agent), Claimant():
            is_allowed = may(agent.role, Action.ASK_CHANGES)
        case Acting(agent=agent), None:
            is_allowed = may(agent.role, Action.MANAGE_KEYS)
        case _:
            is_allowed = False
    return None if is_allowed else NOT_ALLOWED


def standing(
    tx: Transaction, claiming: Claiming, right: Right, policy: Policy, now: datetime, *, asked_at: datetime
) -> Method | Refusal:
    """How it is known who asks, if they have the right now; or why nothing may be changed for them."""
    if isinstance(claiming, Claimant):
        return entitled(tx, claiming, right, policy, now, asked_at=asked_at)
    agreement = tx.agreements.get(claiming.agreement)
    if agreement is None or not agreement.active:
        return ENDED
    contact = next((each for each in tx.agreements.contacts(claiming.agreement) if each.id == claiming.contact), None)
    if contact is None:
        return NOT_NAMED
    return Method.PORTAL if right in contact.rights else may_not(right)


def may_not(right: Right) -> Refusal:
    """What a contact without the right is told at the portal (row 85)."""
    sentence = f"You may not {right} under this agreement. Somebody who may change contacts can give you the right."
    return Refusal("portal.right", sentence, HTTPStatus.FORBIDDEN)
