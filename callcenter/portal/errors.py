"""What is shown when something does not work: what happened, whether anything changed, what to do next."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, make_response, render_template
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from callcenter.attempts import Attempts
from callcenter.portal.portal import portal

_PAGES = {
    HTTPStatus.BAD_REQUEST: (
        "That form cannot be read",
        "Nothing was changed. Go back, load the page again, fill it once more.",
    ),
    HTTPStatus.FORBIDDEN: ("That is not open to you", "Nothing was changed."),
    HTTPStatus.NOT_FOUND: (
        "There is no such page",
        "Perhaps it was mistyped, or belongs to an agreement you are not named in.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("That is too much at once", "Nothing was changed. Send less text and try again."),
}
_TOO_OLD = "It was too old, or came from elsewhere. Nothing was changed: go back, load the page again, then send it once more."
_BROKEN = (
    "Something went wrong on our side",
    "What you sent may not have been kept: look before you repeat it. If it happens again, tell the activation centre when.",
)


def register(blueprint: Blueprint, attempts: Attempts) -> None:
    """Pages for everything that can go wrong below `/portal`."""

    def too_many(_fault: RateLimitExceeded) -> Response:
        return attempts.refusal(page, "The activation centre can invite you anew.")

    blueprint.register_error_handler(RateLimitExceeded, too_many)
    blueprint.register_error_handler(CSRFError, lambda _fault: page(HTTPStatus.BAD_REQUEST, "That form was too old", _TOO_OLD))
    blueprint.register_error_handler(HTTPStatus.INTERNAL_SERVER_ERROR, _broken)
    for status in _PAGES:
        blueprint.register_error_handler(status, _failed)
    blueprint.add_url_rule("/<path:_rest>", "nowhere", lambda _rest: abort(HTTPStatus.NOT_FOUND), methods=["GET", "POST"])


def page(status: HTTPStatus, heading: str, sentence: str) -> Response:
    """A page that says what went wrong."""
    return make_response(render_template("portal/error.html", status=status, heading=heading, sentence=sentence), status)


def _failed(fault: HTTPException) -> Response:
    status = HTTPStatus(fault.code or HTTPStatus.BAD_REQUEST)
    return page(status, *_PAGES[status])


def _broken(_fault: HTTPException) -> Response:
    """Drawn bare: whatever failed may be what other pages are drawn from."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    heading, sentence = _BROKEN
    parts = {"account": None, "line_name": portal().line_name, "now": portal().clock(), "status": status}
    template = current_app.jinja_env.get_template("portal/error.html")
    return make_response(template.render(parts, heading=heading, sentence=sentence), status)
