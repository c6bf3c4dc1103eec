"""Requests and the second person: what waits, what was asked and on which evidence, what has changed since, the decision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.console.centre import Transaction, centre
from callcenter.console.deciding import Served, serve_waiting
from callcenter.console.shell import act, done, look, me, needs
from callcenter.floor import approvals
from callcenter.floor.acting import Acting
from callcenter.floor.customers import Agreement, Contact
from callcenter.floor.key_facts import KeyFacts, key_facts
from callcenter.floor.permissions import Action, may
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Method, Request, RequestStatus

RECENT = 30
EARLIER = 10

Decide = Callable[[Transaction, Acting], Request | Refusal]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with everything that somebody who decides about it wants to see."""

    request: Request
    asker: str
    decider: str
    key: KeyFacts | None
    agreement: Agreement | None
    contact: Contact | None
    changes: tuple[str, ...]
    earlier: tuple[Request, ...]
    why_not: str
    """Why the reader cannot decide about it; empty when they can."""
    may_withdraw: bool


def register(blueprint: Blueprint) -> None:
    """The list, one request, and the decisions about it."""
    see, decide = needs(Action.SEE_CUSTOMERS), needs(Action.APPROVE)
    blueprint.add_url_rule("/approvals", "approvals", see(every_request))
    blueprint.add_url_rule("/approvals/<id>", "approval", see(one_request))
    blueprint.add_url_rule("/approvals/<id>/approve", "approve", decide(approve), methods=["POST"])
    blueprint.add_url_rule("/approvals/<id>/refuse", "refuse", decide(refuse), methods=["POST"])
    blueprint.add_url_rule("/approvals/<id>/withdraw", "withdraw", needs(Action.ASK_CHANGES)(withdraw), methods=["POST"])


def every_request() -> str:
    """What waits for a second person, and what became of the latest."""
    held, recent = look(lambda tx: (tx.requests.held(), tx.requests.recent(RECENT)))
    decided = tuple(each for each in recent if each.status is not RequestStatus.HELD)
    return render_template("console/approvals.html", held=held, decided=decided)


def one_request(id: str) -> str:
    """One request."""
    asked = look(lambda tx: _asked(tx, id))
    if asked is None:
        abort(HTTPStatus.NOT_FOUND)
    return render_template("console/approval.html", asked=asked, request_shown=asked.request)


def approve(id: str) -> ResponseReturnValue:
    """Applies a held change; who waits on the line for an activation gets it in the same transaction."""
    words, policy = request.form.get("words", ""), centre().policy

    def work(tx: Transaction, acting: Acting) -> tuple[Request | Refusal, Served]:
        decided = approvals.approve(tx, acting, id, words, policy)
        return decided, Served() if isinstance(decided, Refusal) else serve_waiting(tx, centre(), acting, decided)

    decided, served = act(work)
    return done(decided, url_for("console.approval", id=id), _told(decided, served))


def _told(decided: Request | Refusal, served: Served) -> str:
    if isinstance(decided, Request) and decided.status is not RequestStatus.APPLIED:
        return f"Approved, but it is no longer possible, so nothing changed. {decided.decision_words}".strip()
    return f"Approved and applied. {served.sentence}".strip()


def refuse(id: str) -> ResponseReturnValue:
    """Says no, with words for whoever asked."""
    words = request.form.get("words", "")
    result = act(lambda tx, acting: approvals.refuse(tx, acting, id, words, centre().policy))
    return done(result, url_for("console.approval", id=id), "Refused. Nothing was changed; whoever asked sees your words.")


def withdraw(id: str) -> ResponseReturnValue:
    """Takes one's own request back."""
    words = request.form.get("words", "")
    result = act(lambda tx, acting: approvals.withdraw(tx, acting, id, words, centre().policy))
    return done(result, url_for("console.approval", id=id), "Withdrawn. Nothing was changed.")


def _asked(tx: Transaction, id: str) -> Asked | None:
    found = tx.requests.find(id)
    if found is None:
        return None
    key = tx.keys.get(found.serial) if found.serial is not None else None
    contacts = tx.agreements.contacts(found.agreement) if found.agreement else ()
    is_held = found.status is RequestStatus.HELD
    return Asked(
        request=found,
        asker=_asker(tx, found),
        decider=_name(tx, found.decider),
        key=key_facts(key, centre().catalogue, centre().secrets) if key else None,
        agreement=tx.agreements.get(found.agreement) if found.agreement else None,
        contact=next((each for each in contacts if each.id == found.contact), None),
        changes=approvals.changes_since(tx, found) if is_held else (),
        earlier=_earlier(tx, found),
        why_not=_why_not(found, centre().clock()) if is_held else "",
        may_withdraw=is_held and found.asker == me().name,
    )


def _earlier(tx: Transaction, found: Request) -> tuple[Request, ...]:
    if found.serial is None:
        return ()
    return tuple(each for each in tx.requests.of_key(found.serial) if each.id != found.id)[:EARLIER]


def _asker(tx: Transaction, found: Request) -> str:
    """Who asked; a contact at the portal by name, while they are one."""
    if found.verified_by is not Method.PORTAL or found.agreement is None:
        return _name(tx, found.asker)
    named = {each.id: each.name for each in tx.agreements.contacts(found.agreement)}
    return named.get(found.contact or "", found.asker)


def _name(tx: Transaction, name: str | None) -> str:
    agent = tx.people.find(name) if name else None
    return agent.full_name if agent else name or ""


def _why_not(found: Request, now: datetime) -> str:
    if found.asker == me().name:
        return "You asked for this yourself. Nobody approves their own request: somebody else has to decide about it."
    if not may(me().role, Action.APPROVE):
        return "Supervisors decide about held requests."
    if found.expires_at and found.expires_at <= now:
        return "It has expired and can no longer be approved. It has to be asked for anew."
    return ""
