"""Agreements and keys: what customers have, who speaks for them, what was asked for; the vendor’s own changes; unlocking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.catalogue import Programme
from activation.digits import clean_digits
from callcenter.console.centre import Transaction, centre
from callcenter.console.forms import ContactLine, KeyOffer, contact_line, key_offer
from callcenter.console.reasons import reason_for
from callcenter.console.shell import act, done, i_may, look, needs
from callcenter.console.typed import stands_for
from callcenter.console.volume import read_wish
from callcenter.floor import limits, locks
from callcenter.floor.acting import Acting
from callcenter.floor.calls import Case
from callcenter.floor.customers import Agreement, Notice
from callcenter.floor.key_facts import KeyFacts, key_facts
from callcenter.floor.keys import LARGEST_SERIAL, Host
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import ReasonCode, Request, RequestStatus

CASES_SHOWN = 10
HOSTS_SHOWN = 50
REQUESTS_SHOWN = 20
NOTHING_LOCKED = Refusal("desk.nothing_locked", "Only a case, an agreement or an agent can be locked.", HTTPStatus.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Customer:
    """One agreement with everything known of it."""

    agreement: Agreement
    programme: Programme
    contacts: tuple[ContactLine, ...]
    keys: tuple[KeyFacts, ...]
    requests: tuple[Request, ...]
    notices: tuple[Notice, ...]
    failures: int
    is_locked: bool
    locked_accounts: tuple[str, ...]
    """Contacts who tried too many agreement numbers at the portal."""


@dataclass(frozen=True, slots=True)
class KeyPage:
    """One key with everything known of it."""

    offer: KeyOffer
    created_at: datetime
    organisation: str
    hosts: tuple[Host, ...]
    cases: tuple[Case, ...]
    requests: tuple[Request, ...]

    @property
    def facts(self) -> KeyFacts:
        """The key itself."""
        return self.offer.facts


def register(blueprint: Blueprint) -> None:
    """Agreements, keys, changes at the vendor's wish, unlocking."""
    see = needs(Action.SEE_CUSTOMERS)
    blueprint.add_url_rule("/agreements", "agreements", see(every_agreement))
    blueprint.add_url_rule("/agreements/<number>", "agreement", see(one_agreement))
    blueprint.add_url_rule(f"/keys/<int(max={LARGEST_SERIAL}):serial>", "key", see(one_key))
    manage = needs(Action.MANAGE_KEYS)(change_key)
    blueprint.add_url_rule(f"/keys/<int(max={LARGEST_SERIAL}):serial>/change", "key_change", manage, methods=["POST"])
    blueprint.add_url_rule("/unlock", "unlock", needs(Action.UNLOCK)(unlock), methods=["POST"])


def every_agreement() -> ResponseReturnValue:
    """The agreements, or those whose number or organisation has the words asked for in it. Keys and IDs are not repeated."""
    asked = request.args.get("q", "").strip()
    sought = stands_for(asked, centre().secrets)
    if isinstance(sought, Refusal):
        return _agreements((), "", sought.sentence), sought.status
    if sought != asked:
        return redirect(url_for("console.agreements", q=sought), HTTPStatus.SEE_OTHER)
    return _agreements(look(lambda tx: tuple(each for each in tx.agreements.all() if _has(each, sought))), sought)


def _agreements(found: tuple[Agreement, ...], sought: str, sentence: str = "") -> str:
    programmes = centre().catalogue.programmes
    return render_template("console/agreements.html", found=found, sought=sought, sentence=sentence, programmes=programmes)


def _has(agreement: Agreement, sought: str) -> bool:
    digits = clean_digits(sought)
    return sought.casefold() in agreement.organisation.casefold() or bool(digits and digits in agreement.number)


def one_agreement(number: str) -> str:
    """One agreement."""
    customer = look(lambda tx: _customer(tx, number))
    if customer is None:
        abort(HTTPStatus.NOT_FOUND)
    return render_template("console/agreement.html", customer=customer)


def _customer(tx: Transaction, number: str) -> Customer | None:
    agreement = tx.agreements.get(number)
    if agreement is None:
        return None
    here, now, scope = centre(), centre().clock(), locks.agreement_scope(number)
    keys, contacts = tx.keys.of_agreement(number), tx.agreements.contacts(number)
    requests = [each for key in keys for each in tx.requests.of_key(key.record.serial)]
    return Customer(
        agreement=agreement,
        programme=here.catalogue.programmes[agreement.programme],
        contacts=tuple(contact_line(each, here, now) for each in contacts),
        keys=tuple(key_facts(key, here.catalogue, here.secrets) for key in keys),
        requests=tuple(sorted(requests, key=lambda each: each.asked_at, reverse=True)[:REQUESTS_SHOWN]),
        notices=tx.notices.of_agreement(number)[:REQUESTS_SHOWN],
        failures=locks.failures(tx, scope, here.policy, now),
        is_locked=locks.is_locked(tx, scope, here.policy, now),
        locked_accounts=tuple(
            each.signs_in_as
            for each in contacts
            if locks.is_locked(tx, locks.account_scope(each.signs_in_as), here.policy, now)
        ),
    )


def one_key(serial: int) -> str:
    """One key."""
    page = look(lambda tx: _key_page(tx, serial))
    if page is None:
        abort(HTTPStatus.NOT_FOUND)
    return render_template(
        "console/key.html",
        page=page,
        key=page.facts,
        reason_for=reason_for,
        reason_codes=tuple(ReasonCode),
        policy=centre().policy,
        may_change=i_may(Action.MANAGE_KEYS) and page.facts.is_volume,
    )


def _key_page(tx: Transaction, serial: int) -> KeyPage | None:
    key = tx.keys.get(serial)
    if key is None:
        return None
    agreement = tx.agreements.get(key.record.agreement) if key.record.agreement else None
    return KeyPage(
        offer=key_offer(tx, centre(), key),
        created_at=key.created_at,
        organisation=agreement.organisation if agreement else "",
        hosts=tx.keys.hosts(serial, HOSTS_SHOWN),
        cases=tx.cases.of_key(serial, CASES_SHOWN),
        requests=tx.requests.of_key(serial)[:REQUESTS_SHOWN],
    )


def change_key(serial: int) -> ResponseReturnValue:
    """A change at the vendor's own wish, recorded as such (row 74): nobody is verified, for nobody called."""

    def work(tx: Transaction, acting: Acting) -> Request | Refusal:
        wish = read_wish(None)
        if isinstance(wish, Refusal):
            return wish
        meant = replace(wish, serial=serial)  # the page's own key, whatever the form says
        return limits.ask(tx, acting, meant, centre().policy, centre().new_id, centre().catalogue)

    result = act(work)
    is_held = isinstance(result, Request) and result.status is RequestStatus.HELD
    told = "A second person decides about this one." if is_held else "Done: the change is applied, the customer gets a notice."
    return done(result, url_for("console.key", serial=serial), told)


def unlock() -> ResponseReturnValue:
    """Forgets the failed attempts on a case or an agreement, or those of an agent or of a contact at the portal."""
    what, _, number = request.form.get("scope", "").partition("/")
    if what == "account" and number.replace("-", "").isalnum():
        result = act(lambda tx, acting: locks.unlock(tx, acting, locks.account_scope(number)))
        return done(result, url_for("console.agreements"), "The contact is unlocked.")
    if what == "agent":
        result = act(lambda tx, acting: _unlock_agent(tx, acting, number))
        return done(result, url_for("console.home"), "The agent is unlocked.")
    if what not in _LOCKED or not number.isdecimal():
        return done(NOTHING_LOCKED, url_for("console.home"), "")
    scope, page = _LOCKED[what]
    result = act(lambda tx, acting: locks.unlock(tx, acting, scope(number)))
    return done(result, url_for(page, number=number), f"The {what} is unlocked.")


def _unlock_agent(tx: Transaction, acting: Acting, name: str) -> Refusal | None:
    return locks.unlock(tx, acting, locks.agent_scope(name)) if tx.people.find(name) else NOTHING_LOCKED


_LOCKED: Mapping[str, tuple[Callable[[str], str], str]] = {
    "case": (locks.case_scope, "console.call"),
    "agreement": (locks.agreement_scope, "console.agreement"),
}
