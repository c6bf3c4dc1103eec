"""What the forms on a call's page offer: contacts with their rights, how much may be given at once, which hosts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from activation.catalogue import Channel, Group
from callcenter.console.centre import Centre, Transaction
from callcenter.console.desk_view import CaseView
from callcenter.floor import locks
from callcenter.floor.customers import Agreement, Contact, Passed, Right
from callcenter.floor.key_facts import KeyFacts, key_facts
from callcenter.floor.keys import FloorKey, Host
from callcenter.floor.limits import SmallRaise, small_raise
from callcenter.floor.requests import Counter
from callcenter.floor.verification import PASS_LASTS

HOSTS_OFFERED = 200


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A person named in the agreement, and what stands in the way of believing or serving them."""

    contact: Contact
    may_raise: bool
    may_fetch: bool
    is_phone_new: bool

    @property
    def phone_hint(self) -> str:
        """The end of the number on file: enough for the agent to know it, too little to read it out."""
        return f"…{self.contact.phone[-2:]}"


@dataclass(frozen=True, slots=True)
class Room:
    """How much of one counter may be given at once: of the key, or of one of its hosts."""

    counter: Counter
    title: str
    small: SmallRaise
    host: Host | None = None

    @property
    def value(self) -> str:
        """What the form sends: the counter, and the seat where there is one."""
        return f"{self.counter.value}/{self.host.seat}" if self.host else self.counter.value


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
        groups=volume_groups(centre),
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
    return KeyOffer(key_facts(key, centre.catalogue, centre.secrets), tuple(_rooms(tx, centre, key)))


def volume_groups(centre: Centre) -> tuple[Group, ...]:
    """The product groups that volume keys are issued for, in the catalogue's order."""
    products = centre.catalogue.products.values()
    named = {product.group.name for product in products if product.channels & {Channel.MAK, Channel.KMS}}
    return tuple(group for group in centre.catalogue.groups.values() if group.name in named)


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


def _rooms(tx: Transaction, centre: Centre, key: FloorKey) -> Iterator[Room]:
    now, policy = centre.clock(), centre.policy
    if key.record.channel is Channel.MAK:
        if room := small_raise(tx, key, Counter.INSTALLATIONS, None, policy, now):
            yield Room(Counter.INSTALLATIONS, "activations", room)
        return
    if room := small_raise(tx, key, Counter.HOSTS, None, policy, now):
        yield Room(Counter.HOSTS, "hosts", room)
    for host in tx.keys.hosts(key.record.serial, HOSTS_OFFERED):
        if room := small_raise(tx, key, Counter.HOST_ISSUES, host.seat, policy, now):
            title = f"activations of host …{host.hardware_tail} ({host.issues} of {host.issues_allowed} used)"
            yield Room(Counter.HOST_ISSUES, title, room, host)
