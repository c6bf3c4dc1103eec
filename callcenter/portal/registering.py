"""Registering agreements: starting one under a programme's rules (rows 11, 79), or joining one of one's own organisation."""

from http import HTTPStatus

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.floor import agreement_rules
from callcenter.floor.agreement_rules import Registering
from callcenter.floor.refusals import Refusal
from callcenter.portal.portal import portal
from callcenter.portal.shell import act, done, licensings, look

CHOOSE_HOME = Refusal(
    "portal.no_home",
    "Choose the agreement of your organisation that the new one stands beside.",
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


def register(blueprint: Blueprint) -> None:
    """The page and its two forms."""
    blueprint.add_url_rule("/register", "registering", registering)
    blueprint.add_url_rule("/register/start", "start_agreement", start, methods=["POST"])
    blueprint.add_url_rule("/register/join", "join_agreement", join, methods=["POST"])


def registering() -> ResponseReturnValue:
    """The forms."""
    return _page()


def start() -> ResponseReturnValue:
    """Starts an agreement."""
    given, home = request.form, _home()
    if isinstance(home, Refusal):
        return _page(starting=home)
    programme, licences = given.get("programme", ""), given.get("licences", "")
    started = act(home, lambda tx, acting: agreement_rules.start(tx, acting, programme, licences, _registering()))
    if isinstance(started, Refusal):
        return _page(starting=started)
    told = f"Agreement {started.number} is registered, with {started.licences} licences. Request its first keys below."
    return done(started, url_for("portal.keys", number=started.number), told)


def join() -> ResponseReturnValue:
    """Asks to be named in an agreement."""
    keyed, policy = request.form.get("number", ""), portal().policy
    home = _home()
    if isinstance(home, Refusal):
        return _page(joining=home)
    joined = act(home, lambda tx, acting: agreement_rules.join(tx, acting, keyed, policy, _registering()))
    if isinstance(joined, Refusal):
        return _page(joining=joined)
    told = f"You are named in agreement {joined.agreement} in 24 hours unless a contact there objects; they give you rights."
    return done(joined, url_for("portal.home"), told)


def _registering() -> Registering:
    here = portal()
    return Registering(here.catalogue, here.choose, here.new_id)


def _home() -> str | Refusal:
    """The agreement that who is signed in acts from: the one chosen, or the only one they have."""
    mine = [each.agreement.number for each in look(licensings)]
    chosen = request.form.get("home", mine[0] if len(mine) == 1 else "")
    return chosen if chosen in mine else CHOOSE_HOME


def _page(starting: Refusal | None = None, joining: Refusal | None = None) -> ResponseReturnValue:
    page = render_template(
        "portal/register.html",
        licensings=look(licensings),
        programmes=tuple(portal().catalogue.programmes.values()),
        starting=starting,
        joining=joining,
        typed=request.form,
    )
    refusal = starting or joining
    return page, refusal.status if refusal else HTTPStatus.OK
