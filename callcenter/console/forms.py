"""What the forms on a call's page offer: contacts with their rights, how much may be given at once, which hosts."""

from dataclasses import dataclass
from datetime import datetime

from activation.catalogue import Channel, Group
from callcenter.console.centre import Centre, Transaction
from callcenter.console.desk_view import CaseView
from callcenter.floor import locks
from callcenter.floor.customers import Agreement, Contact, Passed, Right
from callcenter.floor.key_facts import KeyFacts, key_facts
from callcenter.floor.keys import FloorKey
from callcenter.floor.kms import kms_groups
from callcenter.floor.rooms import Room, rooms
from callcenter.floor.verification import PASS_LASTS


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A person named in the agreement, and what stands in the way of believing or serving them."""

    contact: Contact
    may_raise: bool
    may_fetch: bool
    is_phone_new: bool


@dataclass(frozen=True, slots=True)
class KeyOffer:
    """A volume key whose limit may be changed in this call."""

    facts: KeyFacts
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class PanelForms:
    """The data of every form on the page."""

    contacts: tuple[ContactLine, ...]
    passed: Passed | None
    passed_name: str
    offers: tuple[KeyOffer, ...]
    groups: tuple[Group, ...]
    is_case_locked: bool
    is_agreement_locked: bool
    locked_agent: str
    """Who has the call, if they looked up too many unknown agreement numbers to look up more; else empty."""

    @property
    def is_locked(self) -> bool:
        """Whether too many attempts have failed for anything more to be tried here."""
        return self.is_case_locked or self.is_agreement_locked


def panel_forms(tx: Transaction, centre: Centre, view: CaseView) -> PanelForms:
    """What may be offered in this call, as things stand."""
    now, agreement = centre.clock(), view.agreement if view.has_told_agreement else None
    keys = _keys_of(tx, view, agreement) if agreement else ()
    passed = _passed(view, now)
    names = {contact.id: contact.name for contact in view.contacts}
    return PanelForms(
        contacts=tuple(contact_line(each, centre, now) for each in view.contacts) if agreement else (),
        passed=passed,
        passed_name=names.get(passed.contact, passed.contact) if passed else "",
        offers=tuple(key_offer(tx, centre, key) for key in keys if key.record.channel in (Channel.MAK, Channel.KMS)),
        groups=kms_groups(centre.catalogue),
        is_case_locked=locks.is_locked(tx, locks.case_scope(view.case.number), centre.policy, now),
        is_agreement_locked=agreement is not None
        and locks.is_locked(tx, locks.agreement_scope(agreement.number), centre.policy, now),
        locked_agent=_locked_agent(tx, centre, view, now),
    )


def _keys_of(tx: Transaction, view: CaseView, agreement: Agreement) -> tuple[FloorKey, ...]:
    """The agreement's keys, and that of the call where it is another one's of the same organisation: allowed (row 83)."""
    keys = tx.keys.of_agreement(agreement.number)
    used = tx.keys.get(view.key.serial) if view.key and view.key.is_elsewhere(agreement.number) else None
    return (*keys, used) if used else keys


def contact_line(contact: Contact, centre: Centre, now: datetime) -> ContactLine:
    """A contact with what they may do and whether their number is to be trusted."""
    return ContactLine(
        contact,
        may_raise=Right.RAISE_COUNTS in contact.rights,
        may_fetch=Right.FETCH_KEYS in contact.rights,
        is_phone_new=contact.phone_changed_at > now - centre.policy.distrust_changed_phone,
    )


def key_offer(tx: Transaction, centre: Centre, key: FloorKey) -> KeyOffer:
    """A key with the room on each of its counters."""
    return KeyOffer(key_facts(key, centre.catalogue, centre.secrets), rooms(tx, key, centre.policy, centre.clock()))


def _locked_agent(tx: Transaction, centre: Centre, view: CaseView, now: datetime) -> str:
    agent = view.holder.agent if view.holder else ""
    return agent if agent and locks.is_locked(tx, locks.agent_scope(agent), centre.policy, now) else ""


def _passed(view: CaseView, now: datetime) -> Passed | None:
    """The newest verification of this case that still counts, for the agreement that was found."""
    if not view.has_told_agreement or view.agreement is None:
        return None
    number, since = view.agreement.number, now - PASS_LASTS
    valid = [each for each in view.passes if each.agreement == number and each.at > since]
    return max(valid, key=lambda each: each.at, default=None)
