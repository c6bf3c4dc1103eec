"""Signing in and out, choosing a password by invitation, and changing one."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter import visiting
from callcenter.attempts import Attempts
from callcenter.floor import accounts
from callcenter.floor.anchors import anchored
from callcenter.floor.passwords import NOT_PRESENT, hash_password, is_password, new_password_faults, nobodys_hash
from callcenter.floor.portal_records import Account, Transaction
from callcenter.floor.refusals import Refusal
from callcenter.portal import errors
from callcenter.portal.portal import portal
from callcenter.portal.shell import done, look, me

Result = TypeVar("Result")

_NOT_LET_IN = (
    "The contact ID and the password do not go together. Try again, or ask the activation centre for a new invitation."
)


def register(blueprint: Blueprint, attempts: Attempts) -> None:
    """`/sign-in`, `/sign-out`, `/password`, `/link/TOKEN`; failed attempts at a password are bounded."""
    nobodys_hash()  # now, so that the first unknown name is not found out by the time it takes
    blueprint.add_url_rule("/sign-in", "sign_in", attempts.limited(sign_in), methods=["GET", "POST"])
    blueprint.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    blueprint.add_url_rule("/password", "password", attempts.limited(change_password), methods=["GET", "POST"])
    blueprint.add_url_rule("/link/<token>", "link", open_link, methods=["GET", "POST"])


def name_tried() -> str:
    """The name typed where one signs in; elsewhere whose session it is, whatever the form says."""
    return request.form.get("name", "") if request.endpoint == "portal.sign_in" else me().name


def sign_in() -> ResponseReturnValue:
    """The form, and its check. Whoever is signed in already goes on."""
    if request.method == "GET":
        onward = redirect(url_for("portal.home"), HTTPStatus.SEE_OTHER)
        return onward if g.portal_account else render_template("portal/sign_in.html")
    name = request.form.get("name", "").strip().lower()
    account = _let_in(name, request.form.get("password", ""))
    if account is None:
        page = render_template("portal/sign_in.html", problem=_NOT_LET_IN)  # what was typed is not repeated
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    visiting.begin(portal(), account=account.name)
    return redirect(url_for("portal.home"), HTTPStatus.SEE_OTHER)


def sign_out() -> ResponseReturnValue:
    """Ends the session, in every worker."""
    here, name = portal(), me().name
    _anchored(lambda tx: accounts.note_signing_out(tx, here.audit_key, name, here.clock()))
    visiting.end(here)
    flash("You are signed out.", "good")
    return redirect(url_for("portal.sign_in"), HTTPStatus.SEE_OTHER)


def change_password() -> ResponseReturnValue:
    """The form, and the change: every other session of the person ends, this one goes on."""
    account, here = me(), portal()
    if request.method == "GET":
        return render_template("portal/password.html", wrong={}, asks_present=True, name=account.name)
    present = request.form.get("present", "")
    wrong = new_password_faults(request.form, account.name, present)
    if not is_password(account.password_hash, present):
        wrong["present"] = NOT_PRESENT
    if wrong:
        page = render_template("portal/password.html", wrong=wrong, asks_present=True, name=account.name)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    hashed, now = hash_password(request.form["new"]), here.clock()
    changed = _anchored(lambda tx: accounts.choose_password(tx, here.audit_key, account, hashed, now))
    return _go_on(changed, "Your password is changed. You are signed out everywhere else.")


def open_link(token: str) -> ResponseReturnValue:
    """What an invitation leads to: looking uses nothing up, choosing a password does."""
    here = portal()
    account = look(lambda tx: accounts.account_of_link(tx, token, here.clock()))
    if isinstance(account, Refusal):
        return errors.page(account.status, "That link is void", account.sentence)
    wrong = new_password_faults(request.form, account.name, "") if request.method == "POST" else {}
    if request.method == "GET" or wrong:
        page = render_template("portal/password.html", wrong=wrong, asks_present=False, name=account.name)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    hashed, now = hash_password(request.form["new"]), here.clock()
    chosen = _anchored(lambda tx: accounts.use_link(tx, here.audit_key, token, hashed, now))
    return _go_on(chosen, f"Welcome. From now on you sign in as {account.name}.")


def _go_on(chosen: Account | Refusal, sentence: str) -> ResponseReturnValue:
    if isinstance(chosen, Refusal):
        return done(chosen, url_for("portal.sign_in"), "")
    visiting.begin(portal(), account=chosen.name)
    return done(chosen, url_for("portal.home"), sentence)


def _let_in(name: str, password: str) -> Account | None:
    """Who signs in, if name and password go together; either way it is on the record."""
    here, now = portal(), portal().clock()
    account = look(lambda tx: tx.accounts.find(name))
    has_password = account is not None and account.password_hash
    fits = is_password(account.password_hash if account and has_password else nobodys_hash(), password)
    known = account if fits and has_password else None
    return _anchored(lambda tx: accounts.note_signing_in(tx, here.audit_key, account, known, now))


def _anchored(work: Callable[[Transaction], Result]) -> Result:
    """Runs what somebody does to their account, and anchors the record of it."""
    return anchored(portal().store.transaction, portal().anchors, work)
