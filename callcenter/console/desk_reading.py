"""Reading a call's page together, in one transaction. Nothing here changes anything or hands on a digit of an ID."""

from collections.abc import Mapping
from typing import Any

from activation.catalogue import Layout
from callcenter.console.centre import Centre, Transaction
from callcenter.console.desk_view import CaseView, EarlierCase, GroupLine, Wanted
from callcenter.console.reasons import reason_for
from callcenter.floor.audit import Act
from callcenter.floor.calls import Case, Happening
from callcenter.floor.customers import Contact, Passed
from callcenter.floor.key_facts import KeyFacts, key_facts
from callcenter.floor.people import Agent
from callcenter.floor.signals import signals
from ivr.state import State

EARLIER_CASES = 6
HOSTS_SHOWN = 12


def view_case(tx: Transaction, centre: Centre, reader: Agent, number: str) -> CaseView | None:
    """The page of a case, or None for a number that nobody has."""
    case = tx.cases.find(number)
    if case is None:
        return None
    state = centre.assistance.view(tx, case.call_sid)
    serial = case.serial if case.serial is not None else centre.assistance.key_serial(state) if state else None
    key = tx.keys.get(serial) if serial is not None else None
    facts = key_facts(key, centre.catalogue, centre.secrets) if key else None
    wanted = _wanted(case, state, centre)
    happenings = tx.timeline.of_call(case.call_sid)
    told = found_agreement(happenings)
    number_known = told or (facts.agreement if facts else None)
    agreement = tx.agreements.get(number_known) if number_known else None
    handlings = tx.handlings.of_call(case.call_sid)
    entry = tx.queue.find(case.call_sid)
    contacts = tx.agreements.contacts(agreement.number) if agreement else ()
    passes = tx.verifications.passes(number)
    return CaseView(
        case=case,
        reason=reason_for(case.reason),
        summary=tx.call_log.summary(case.call_sid),
        entry=entry,
        handling=next((each for each in handlings if each.agent == reader.name and each.wrapped_at is None), None),
        holder=handlings[-1] if handlings else None,
        state=state,
        groups=group_lines(state, _layout(centre, state)),
        product=_product(case, state, facts),
        key=facts,
        wanted=wanted,
        agreement=agreement,
        has_told_agreement=told is not None,
        agreement_keys=tuple(
            key_facts(each, centre.catalogue, centre.secrets) for each in tx.keys.of_agreement(agreement.number)
        )
        if agreement
        else (),
        contacts=contacts,
        passes=passes,
        signals=signals(tx, case, key, agreement, _contact(contacts, passes), centre.hours, centre.policy, centre.clock()),
        requests=tuple(sorted(tx.requests.of_case(number), key=lambda each: each.asked_at, reverse=True)),
        earlier=_earlier(tx, case, serial),
        hosts=tx.keys.hosts(key.record.serial, HOSTS_SHOWN) if key and facts and facts.is_volume else (),
        happenings=happenings,
    )


def group_lines(state: State | None, layout: Layout) -> tuple[GroupLine, ...]:
    """The pad's groups in this layout, as the call has them; none once the call's digits are erased."""
    if state is None:
        return ()
    entry = state.entry
    groups = entry.understood or (None,) * len(layout.groups)
    failures = (*entry.failures, *(0,) * (len(layout.groups) - len(entry.failures)))
    lines = enumerate(zip(layout.groups, groups, failures, strict=False), start=1)
    return tuple(GroupLine(number, length, group is not None, failed) for number, (length, group, failed) in lines)


def found_agreement(happenings: tuple[Happening, ...]) -> str | None:
    """The number of the agreement that was found in this call, the latest where there were several."""
    found = [each.detail for each in happenings if each.kind == Act.AGREEMENT_FOUND.value]
    return str(found[-1]["agreement"]) if found else None


def usual_layout(centre: Centre) -> Layout:
    """The layout to show before the first group has named one: the longest, so that no digit lacks a place."""
    return max(centre.catalogue.layouts.values(), key=lambda layout: layout.digits)


def _layout(centre: Centre, state: State | None) -> Layout:
    named = state.entry.layout if state else None
    return centre.catalogue.layouts[named] if named else usual_layout(centre)


def _product(case: Case, state: State | None, key: KeyFacts | None) -> str:
    """The product's title: the key's where an authentic ID told it, else what the read-back was for."""
    if key:
        return key.product
    readback = state.readback if state else None
    return readback.product if readback else str(case.collected.get("product", ""))


def _wanted(case: Case, state: State | None, centre: Centre) -> Wanted:
    """From the call as it stands now, else from the case."""
    request = state.request if state else None
    if request:
        group = request.group
        return Wanted(request.agreement, group.title if group else "", group.name if group else "", request.add)
    given: Mapping[str, Any] = case.collected
    name = given.get("product_group") or ""
    group_found = centre.catalogue.groups.get(name)
    return Wanted(given.get("agreement") or "", group_found.title if group_found else "", name, given.get("add"))


def _earlier(tx: Transaction, case: Case, serial: int | None) -> tuple[EarlierCase, ...]:
    if serial is None:
        return ()
    others = [each for each in tx.cases.of_key(serial, EARLIER_CASES + 1) if each.number != case.number]
    return tuple(
        EarlierCase(each.number, each.opened_at, reason_for(each.reason).short, _outcome(tx, each))
        for each in others[:EARLIER_CASES]
    )


def _contact(contacts: tuple[Contact, ...], passes: tuple[Passed, ...]) -> Contact | None:
    """The contact verified last in this case."""
    named = {contact.id: contact for contact in contacts}
    return next((named[each.contact] for each in reversed(passes) if each.contact in named), None)


def _outcome(tx: Transaction, case: Case) -> str:
    handlings = tx.handlings.of_call(case.call_sid)
    return handlings[-1].outcome if handlings else ""
