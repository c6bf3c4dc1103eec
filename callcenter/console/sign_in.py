"""Signing in and out, and changing one's password."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from callcenter import visiting
from callcenter.attempts import Attempts
from callcenter.console.centre import Transaction, centre
from callcenter.console.shell import SignedIn, act, done, me
from callcenter.console.typed import stands_for
from callcenter.console.words import local_path
from callcenter.floor import audit, staff
from callcenter.floor.acting import record
from callcenter.floor.anchors import anchored
from callcenter.floor.audit import Act
from callcenter.floor.passwords import (
    NOT_PRESENT,
    hash_password,
    is_password,
    needs_new_hash,
    new_password_faults,
    nobodys_hash,
)
from callcenter.floor.people import Agent
from callcenter.floor.refusals import Refusal

_NOT_LET_IN = "The name and the password do not go together. Try again, or ask an administrator for a new first password."
_UNKNOWN = "somebody unknown"


def register(blueprint: Blueprint, attempts: Attempts) -> None:
    """`/sign-in`, `/sign-out`, `/password`; failed attempts at a password are bounded."""
    nobodys_hash()  # now, so that the first unknown name is not found out by the time it takes
    blueprint.add_url_rule("/sign-in", "sign_in", attempts.limited(sign_in), methods=["GET", "POST"])
    blueprint.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    blueprint.add_url_rule("/password", "password", attempts.limited(change_password), methods=["GET", "POST"])


def name_tried() -> str:
    """The name typed where one signs in; elsewhere whose session it is, whatever the form says."""
    is_signing_in = request.endpoint == "console.sign_in"
    return request.form.get("name", "") if is_signing_in else str(session.get("_user_id", ""))


def sign_in() -> ResponseReturnValue:
    """The form, and its check. Whoever is signed in already goes on."""
    onward = local_path(request.values.get("next"), url_for("console.home"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(onward, HTTPStatus.SEE_OTHER)
    if request.method == "GET":
        return render_template("console/sign_in.html", onward=onward)
    name = request.form.get("name", "").strip().lower()
    agent = _let_in(name, request.form.get("password", ""), centre().clock())
    if agent is None:
        shown = name if stands_for(name, centre().secrets) == name else ""  # a key or an ID is not repeated
        page = render_template("console/sign_in.html", onward=onward, name=shown, problem=_NOT_LET_IN)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(onward, HTTPStatus.SEE_OTHER)


def sign_out() -> ResponseReturnValue:
    """Ends the session, in every worker."""
    act(lambda tx, acting: record(tx, acting, Act.SIGNED_OUT, f"agent/{acting.agent.name}", {}))
    visiting.end(centre())
    flash("You are signed out.", "good")
    return redirect(url_for("console.sign_in"), HTTPStatus.SEE_OTHER)


def change_password() -> ResponseReturnValue:
    """The form, and the change: every other session of the person ends, this one goes on."""
    if request.method == "GET":
        return render_template("console/password.html", wrong={})
    wrong = _password_faults(me(), request.form)
    if wrong:
        return render_template("console/password.html", wrong=wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    hashed = hash_password(request.form["new"])
    changed = act(lambda tx, acting: staff.choose_password(tx, acting, hashed))
    if isinstance(changed, Refusal):
        return done(changed, url_for("console.sign_in"), "")
    _start(changed)
    flash("Your password is changed. You are signed out everywhere else.", "good")
    return redirect(url_for("console.home"), HTTPStatus.SEE_OTHER)


def _let_in(name: str, password: str, now: datetime) -> Agent | None:
    """Who signs in, if name and password go together; either way it is on the record."""
    here = centre()
    agent = here.store.read(lambda tx: tx.people.find(name))
    fits = is_password(agent.password_hash if agent else nobodys_hash(), password)
    known = agent if fits else None
    renewed = hash_password(password) if known and needs_new_hash(known.password_hash) else None
    entered = anchored(here.store.transaction, here.anchors, lambda tx: _note_attempt(tx, agent, known, renewed, now))
    if entered:
        _start(entered)
    return entered


def _note_attempt(
    tx: Transaction, agent: Agent | None, known: Agent | None, renewed: str | None, now: datetime
) -> Agent | None:
    """Puts the attempt on the record, under no name that is nobody's, and keeps a hash that was made anew. Checking took a
    while: the account is read again, and who was disabled meanwhile does not get in."""
    present = tx.people.find(known.name) if known else None
    entered = present if present and not present.is_disabled else None
    if entered and known and renewed and entered.password_hash == known.password_hash:
        tx.people.save(replace(entered, password_hash=renewed))
    name, said = (agent.name if agent else _UNKNOWN), (Act.SIGNED_IN if entered else Act.SIGN_IN_FAILED)
    audit.record(tx, centre().audit_key, name, said, f"agent/{name}", {}, now)
    return entered


def _start(agent: Agent) -> None:
    visiting.begin(centre())
    login_user(SignedIn(agent))


def _password_faults(agent: Agent, form: dict[str, str]) -> dict[str, str]:
    """What is wrong with the form, by field."""
    present = form.get("present", "")
    wrong = new_password_faults(form, agent.name, present)
    return wrong if is_password(agent.password_hash, present) else wrong | {"present": NOT_PRESENT}
