"""The portal, put together: `init_portal` gives an application the blueprint and sessions of its own kind."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from callcenter import visiting
from callcenter.attempts import Attempts
from callcenter.floor.request_words import STATUS_CLASSES, STATUS_TITLES
from callcenter.portal import codes, counts, editions, errors, home, key_requests, keys, licences, people, registering, sessions
from callcenter.portal import sign_in as signing_in
from callcenter.portal.portal import Portal, keep_portal, portal

_ROOMS = (home, keys, key_requests, counts, codes, people, registering, licences, editions)
_OPEN = frozenset({"portal.sign_in", "portal.link", "portal.static"})
_WITH_FIRST_PASSWORD = _OPEN | {"portal.password", "portal.sign_out"}


def init_portal(app: Flask, kept: Portal) -> None:
    """Puts the portal at `/portal`, in an application that has the console: it lends the look, the sessions' key and the
    settings of cookies and form tokens."""
    keep_portal(app.extensions, kept)
    app.session_interface = sessions.PortalSessions(app.session_interface)
    app.register_blueprint(_blueprint(CSRFProtect(app), Attempts(app, kept, "portal", signing_in.name_tried)))


def _blueprint(forms: CSRFProtect, attempts: Attempts) -> Blueprint:
    blueprint = Blueprint(
        "portal",
        __name__,
        url_prefix=sessions.PATH,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    blueprint.before_request(_let_in)
    blueprint.before_request(forms.protect)
    blueprint.after_request(lambda response: visiting.guard(response, "portal.static"))
    blueprint.context_processor(lambda: dict(_page_parts()))
    signing_in.register(blueprint, attempts)
    for room in _ROOMS:
        room.register(blueprint)
    errors.register(blueprint, attempts)
    return blueprint


def _let_in() -> ResponseReturnValue | None:
    """Nobody without a session, and nobody with a first password anywhere but to change it."""
    g.portal_account = account = sessions.find_account()
    if request.endpoint in _OPEN:
        return None
    if account is None:
        return redirect(url_for("portal.sign_in"), HTTPStatus.SEE_OTHER)
    if account.must_change and request.endpoint not in _WITH_FIRST_PASSWORD:
        return redirect(url_for("portal.password"), HTTPStatus.SEE_OTHER)
    visiting.touch(portal())
    return None


def _page_parts() -> Mapping[str, Any]:
    """What templates may use. Nothing of the console's: whoever is signed in there is nobody here."""
    return {
        "line_name": portal().line_name,
        "now": portal().clock(),
        "account": getattr(g, "portal_account", None),
        "me": None,
        "status_titles": STATUS_TITLES,
        "status_classes": STATUS_CLASSES,
    }
