"""What is shown when something does not work: what happened, whether anything changed, what to do next."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from callcenter.attempts import Attempts
from callcenter.console.centre import centre
from callcenter.console.shell import by_script, problem
from callcenter.floor.permissions import ALLOWED, Action

SIGNED_OUT = "Your session has ended, so nothing was changed. Sign in again, then repeat what you were doing."

_FETCHED = frozenset({"console.stream", "console.fragments", "console.session"})
"""What only scripts ask for; browsers say of an event stream that they take anything."""

_PAGES = {
    HTTPStatus.BAD_REQUEST: (
        "That form cannot be read",
        "Nothing was changed. Go back, load the page again, fill the form once more.",
    ),
    HTTPStatus.NOT_FOUND: ("There is no such page", "Perhaps it was moved or mistyped. Start from your calls, or search."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("That is too much at once", "Nothing was changed. Send less text and try again."),
}
_BROKEN = (
    "Something went wrong on our side",
    "What you sent may not have been kept: look before you repeat it. If it happens again, tell an administrator when.",
)


def register(blueprint: Blueprint, attempts: Attempts) -> None:
    """Pages for everything that can go wrong below `/console`."""

    def too_many(_fault: RateLimitExceeded) -> Response:
        return attempts.refusal(
            lambda status, heading, sentence: _page(status, "too_many", heading, sentence),
            "An administrator can reset your password.",
        )

    blueprint.register_error_handler(RateLimitExceeded, too_many)
    blueprint.register_error_handler(CSRFError, _forged)
    blueprint.register_error_handler(HTTPStatus.FORBIDDEN, _forbidden)
    blueprint.register_error_handler(HTTPStatus.INTERNAL_SERVER_ERROR, _broken)
    for status in _PAGES:
        blueprint.register_error_handler(status, _failed)
    blueprint.add_url_rule("/<path:_rest>", "nowhere", lambda _rest: abort(HTTPStatus.NOT_FOUND), methods=["GET", "POST"])


def signed_out() -> ResponseReturnValue:
    """What somebody without a session gets: the way to one. Scripts get a problem and keep what was typed."""
    if by_script() or request.endpoint in _FETCHED:
        return problem(HTTPStatus.UNAUTHORIZED, "signed_out", SIGNED_OUT)
    onward = request.full_path.rstrip("?") if request.method == "GET" and request.path != url_for("console.home") else None
    return redirect(url_for("console.sign_in", next=onward), HTTPStatus.SEE_OTHER)


def _forged(_fault: CSRFError) -> Response:
    sentence = (
        "It was too old, or came from elsewhere. Nothing was changed: go back, load the page again, then send it once more."
    )
    return _page(HTTPStatus.BAD_REQUEST, "form_too_old", "That form was too old", sentence)


def _forbidden(fault: HTTPException) -> Response:
    actions: tuple[Action, ...] = fault.description if isinstance(fault.description, tuple) else ()
    able = [role.value for role, allowed in ALLOWED.items() if not allowed.isdisjoint(actions)]
    who = f"This is for people who may {' or '.join(actions)}: {', '.join(able)}." if able else "Your role does not allow this."
    return _page(HTTPStatus.FORBIDDEN, "forbidden", "Your role does not open this page", f"{who} Nothing was changed.")


def _failed(fault: HTTPException) -> Response:
    status = HTTPStatus(fault.code or HTTPStatus.BAD_REQUEST)
    title, sentence = _PAGES[status]
    return _page(status, status.name.lower(), title, sentence)


def _broken(_fault: HTTPException) -> Response:
    """Drawn bare: whatever failed may be what other pages are drawn from."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title, sentence = _BROKEN
    if by_script():
        return problem(status, "internal_error", sentence)
    parts = {"me": None, "line_name": centre().line_name, "now": centre().clock(), "status": status}
    page = current_app.jinja_env.get_template("console/error.html")
    return make_response(page.render(parts, heading=title, sentence=sentence), status)


def _page(status: HTTPStatus, code: str, title: str, sentence: str) -> Response:
    if by_script():
        return problem(status, code, sentence)
    return make_response(render_template("console/error.html", status=status, heading=title, sentence=sentence), status)
