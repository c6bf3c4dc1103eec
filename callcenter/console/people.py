"""The people's pages: who may sign in, in which role, and the acts of an administrator on their accounts."""

from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_urlsafe

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.console.shell import act, acting, done, look, needs
from callcenter.floor import staff
from callcenter.floor.people import Agent, Role
from callcenter.floor.permissions import ALLOWED, Action
from callcenter.floor.refusals import Refusal

_FIRST_PASSWORD_BYTES = 9

_READ = (Action.MANAGE_PEOPLE, Action.SEE_AUDIT)
"""Who manages people sees them, and so does who checks what was done."""


def register(blueprint: Blueprint) -> None:
    """The pages under `/console/people`."""
    blueprint.add_url_rule("/people", view_func=people)
    blueprint.add_url_rule("/people", view_func=add_person, methods=["POST"])
    blueprint.add_url_rule("/people/<name>", view_func=person)
    blueprint.add_url_rule("/people/<name>", view_func=change_person, methods=["POST"])
    blueprint.add_url_rule("/people/<name>/disable", view_func=disable_person, methods=["POST"])
    blueprint.add_url_rule("/people/<name>/enable", view_func=enable_person, methods=["POST"])
    blueprint.add_url_rule("/people/<name>/reset", view_func=reset_person, methods=["POST"])


@needs(*_READ)
def people() -> ResponseReturnValue:
    """Everybody, and a form for one more."""
    return _people()


@needs(Action.MANAGE_PEOPLE)
def add_person() -> ResponseReturnValue:
    """Adds somebody and shows the first password, this once."""
    draft, password = _written(request.form.get("name", "").strip()), token_urlsafe(_FIRST_PASSWORD_BYTES)
    if isinstance(draft, Refusal):
        return _people(draft, request.form)
    added = act(lambda tx, who: staff.add(tx, who, draft, password))
    if isinstance(added, Refusal):
        return _people(added, request.form)
    return _first_password(added, password, is_new=True)


@needs(*_READ)
def person(name: str) -> ResponseReturnValue:
    """One account."""
    return _person(_found(name))


@needs(Action.MANAGE_PEOPLE)
def change_person(name: str) -> ResponseReturnValue:
    """Keeps another full name, role, phone or languages."""
    agent = _found(name)
    draft = _written(agent.name)
    changed = draft if isinstance(draft, Refusal) else act(lambda tx, who: staff.change(tx, who, draft))
    if isinstance(changed, Refusal):
        return _person(agent, changed, request.form)
    return done(changed, url_for("console.people"), f"{changed.full_name} is now {changed.role.value}: the account is changed.")


@needs(Action.MANAGE_PEOPLE)
def disable_person(name: str) -> ResponseReturnValue:
    """Ends somebody's sessions and shuts the account."""
    result = act(lambda tx, who: staff.disable(tx, who, name))
    return done(result, url_for("console.person", name=name), f"{name} is disabled; every session has ended.")


@needs(Action.MANAGE_PEOPLE)
def enable_person(name: str) -> ResponseReturnValue:
    """Opens an account again."""
    result = act(lambda tx, who: staff.enable(tx, who, name))
    return done(result, url_for("console.person", name=name), f"{name} may sign in again.")


@needs(Action.MANAGE_PEOPLE)
def reset_person(name: str) -> ResponseReturnValue:
    """Gives somebody a new first password and shows it, this once."""
    password = token_urlsafe(_FIRST_PASSWORD_BYTES)
    result = act(lambda tx, who: staff.reset_password(tx, who, name, password))
    if isinstance(result, Refusal):
        return done(result, url_for("console.person", name=name), "")
    return _first_password(result, password, is_new=False)


def _found(name: str) -> Agent:
    agent = look(lambda tx: staff.find(tx, name))
    if isinstance(agent, Refusal):
        abort(HTTPStatus.NOT_FOUND)
    return agent


def _written(name: str) -> Agent | Refusal:
    """The account as the form has it; only what a form may change counts."""
    form = request.form
    languages = staff.read_languages([form.get("languages", "")])
    if languages is None:
        return Refusal("agents.languages", staff.NO_LANGUAGE, HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.get("role") not in set(Role):
        return Refusal("agents.role", "Choose a role from the list.", HTTPStatus.UNPROCESSABLE_ENTITY)
    full_name, phone = form.get("full_name", "").strip(), form.get("phone", "").strip()
    return Agent(name, full_name, Role(form["role"]), "", True, acting().now, phone=phone, languages=languages)


def _people(refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> ResponseReturnValue:
    everybody, presences = look(lambda tx: (tx.people.all(), {each.agent: each for each in tx.presences.all()}))
    page = render_template(
        "console/people.html",
        people=everybody,
        presences=presences,
        roles=_role_options(),
        allowed=ALLOWED,
        actions=tuple(Action),
        refusal=refusal,
        typed=typed or {"role": Role.AGENT.value, "languages": "en"},
    )
    return page, refusal.status if refusal else HTTPStatus.OK


def _person(agent: Agent, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> ResponseReturnValue:
    kept = {
        "full_name": agent.full_name,
        "role": agent.role.value,
        "phone": agent.phone,
        "languages": " ".join(sorted(agent.languages)),
    }
    page = render_template("console/person.html", agent=agent, roles=_role_options(), refusal=refusal, typed=typed or kept)
    return page, refusal.status if refusal else HTTPStatus.OK


def _role_options() -> list[tuple[str, str]]:
    return [(role.value, role.value.capitalize()) for role in Role]


def _first_password(agent: Agent, password: str, *, is_new: bool) -> str:
    return render_template("console/first_password.html", agent=agent, password=password, is_new=is_new)
