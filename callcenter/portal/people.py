"""The permissions of an agreement: who may fetch keys, raise counts and change contacts, and how that came about (row 85)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.floor import contact_changes
from callcenter.floor.acting import CONTACT_PREFIX
from callcenter.floor.audit import AuditEntry
from callcenter.floor.contact_changes import Draft
from callcenter.floor.customers import Contact, Right
from callcenter.floor.portal_records import ProposedContact, Transaction
from callcenter.floor.refusals import Refusal
from callcenter.portal.closed import closed
from callcenter.portal.portal import portal
from callcenter.portal.shell import Licensing, act, done, look, standing_in


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as colleagues see them."""

    contact: Contact
    is_me: bool
    is_phone_new: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history."""

    at: datetime
    actor: str
    act: str
    contact: str
    rights_before: str
    rights: str


@dataclass(frozen=True, slots=True)
class Permissions:
    """Everything about who speaks for an agreement."""

    licensing: Licensing
    people: tuple[Person, ...]
    proposed: tuple[ProposedContact, ...]
    history: tuple[Change, ...]


def register(blueprint: Blueprint) -> None:
    """The page and what is done on it."""
    path = "/agreements/<number>/people"
    blueprint.add_url_rule(path, "people", people)
    blueprint.add_url_rule(path, "add_person", add_person, methods=["POST"])
    blueprint.add_url_rule(f"{path}/<id>/rights", "change_rights", change_rights, methods=["POST"])
    blueprint.add_url_rule(f"{path}/<id>/phone", "change_phone", change_phone, methods=["POST"])
    blueprint.add_url_rule(f"{path}/<id>/remove", "remove_person", remove_person, methods=["POST"])
    blueprint.add_url_rule(f"{path}/<id>/object", "object_to", object_to, methods=["POST"])


def people(number: str) -> ResponseReturnValue:
    """Who may do what, and since when."""
    return _page(number, None)


def add_person(number: str) -> ResponseReturnValue:
    """Names somebody new, who is a contact in a day unless somebody objects."""
    draft = Draft(request.form.get("name", "").strip(), _phone(), _rights())
    named = act(number, lambda tx, acting: contact_changes.propose(tx, acting, draft, portal().new_id))
    if isinstance(named, Refusal):
        return _page(number, named)
    told = f"{named.name} is a contact in 24 hours unless somebody objects. The others have been told."
    return done(named, url_for("portal.people", number=number), told)


def change_rights(number: str, id: str) -> ResponseReturnValue:
    """Gives a colleague other rights."""
    changed = act(number, lambda tx, acting: contact_changes.change_rights(tx, acting, id, _rights()))
    return _back(number, changed, "The rights are changed; the others have been told.")


def change_phone(number: str, id: str) -> ResponseReturnValue:
    """Keeps another number on file."""
    changed = act(number, lambda tx, acting: contact_changes.change_phone(tx, acting, id, _phone()))
    days = portal().policy.distrust_changed_phone.days
    return _back(number, changed, f"The number is changed. For {days} days nobody is verified by a call back to it.")


def remove_person(number: str, id: str) -> ResponseReturnValue:
    """Takes somebody out of the agreement."""
    removed = act(number, lambda tx, acting: contact_changes.remove(tx, acting, id))
    return _back(number, removed, "That person speaks for the agreement no more.")


def object_to(number: str, id: str) -> ResponseReturnValue:
    """Keeps somebody from becoming a contact."""
    stopped = act(number, lambda tx, acting: contact_changes.object_to(tx, acting, id))
    return _back(number, stopped, "They do not become a contact; the others have been told.")


def _back(number: str, result: object, sentence: str) -> ResponseReturnValue:
    return done(result, url_for("portal.people", number=number), sentence)


def _phone() -> str:
    """The number as typed, without what people put between digits."""
    return "".join(symbol for symbol in request.form.get("phone", "") if symbol not in " ()-./")


def _rights() -> frozenset[Right]:
    return frozenset(right for right in Right if right.value in request.form.getlist("right"))


def _page(number: str, refusal: Refusal | None) -> ResponseReturnValue:
    shown = look(lambda tx: _permissions(tx, number))
    if isinstance(shown, Refusal):
        return closed(number, shown)
    page = render_template(
        "portal/people.html",
        page=shown,
        licensing=shown.licensing,
        may_change=shown.licensing.may(Right.CHANGE_CONTACTS),
        rights=tuple(Right),
        refusal=refusal,
        typed=request.form,
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _permissions(tx: Transaction, number: str) -> Permissions | Refusal:
    licensing = standing_in(tx, number)
    if isinstance(licensing, Refusal):
        return licensing
    distrusted_since = portal().clock() - portal().policy.distrust_changed_phone
    return Permissions(
        licensing,
        tuple(
            Person(each, each.id == licensing.contact.id, each.phone_changed_at > distrusted_since)
            for each in tx.agreements.contacts(number)
        ),
        tx.proposed_contacts.of_agreement(number),
        _history(tx, number),
    )


def _history(tx: Transaction, number: str) -> tuple[Change, ...]:
    """With the names of those who are contacts, or wait to be; the record itself holds ids alone."""
    named: tuple[Contact | ProposedContact, ...] = (
        *tx.agreements.contacts(number),
        *tx.proposed_contacts.of_agreement(number),
    )
    names = {each.id: each.name for each in named}
    return tuple(_change(entry, names) for entry in contact_changes.history(tx, number))


def _change(entry: AuditEntry, names: Mapping[str, str]) -> Change:
    detail = json.loads(entry.detail)
    actor, contact = entry.actor.removeprefix(CONTACT_PREFIX), detail["contact"]
    before, rights = detail.get("rights before", ""), detail.get("rights", "")
    return Change(entry.at, names.get(actor, actor), entry.act, names.get(contact, contact), before, rights)
