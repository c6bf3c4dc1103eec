"""The page, put together: `init_workstation_page` gives an application the blueprint, its session and its policies."""

from http import HTTPStatus
from typing import NoReturn

from flask import Blueprint, Flask, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import ValidationError, generate_csrf, validate_csrf
from werkzeug.exceptions import HTTPException

from activation.keys import KeyFault
from activation.redaction import holds_foreign_key
from workstation.page import acts, computer, computers, copies, hosts
from workstation.page.room import Room, keep_room, room
from workstation.page.sessions import PATH, PageSessions
from workstation.page.wizard import over_internet, registering, steps

_TOKEN = "csrf_token"  # noqa: S105 - the field's name
_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",  # the telephone beside the wizard
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
_STATIC = "workstation.static"
_CLOSED = (
    "This centre has a public address, and its simulated computers belong to nobody in particular, so they are not offered "
    "here. Whoever runs the centre can open this page with `page = true` in the section [workstation] of settings.toml."
)
_FAULTS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.INTERNAL_SERVER_ERROR,
)
"""What can go wrong here. One by one: the application's own handler of a status comes before a blueprint's of any fault."""
_STALE_FORM = "That form had waited too long or came from elsewhere. Nothing was changed; please try again."


def init_workstation_page(app: Flask, kept: Room) -> None:
    """Puts the page at `/workstation`; the application has its secret key already."""
    keep_room(app, kept)
    app.session_interface = PageSessions(app.session_interface)
    app.register_blueprint(_page())


def _page() -> Blueprint:
    blueprint = Blueprint(
        "workstation",
        __name__,
        url_prefix=PATH,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    blueprint.before_request(_let_in)
    blueprint.after_request(_finish)
    blueprint.context_processor(_parts)
    for status in _FAULTS:
        blueprint.register_error_handler(status, _refused)
    for part in (computers, computer, acts, copies, steps, over_internet, registering, hosts):
        part.register(blueprint)
    blueprint.add_url_rule("/<path:_rest>", "nowhere", _nowhere, methods=["GET", "POST"])
    return blueprint


def _parts() -> dict[str, object]:
    """What every page is made with."""
    return {"line_name": room().line_name, "room_is_open": room().is_open, _TOKEN: generate_csrf}


def _let_in() -> None:
    """Nobody where the page is not offered, no form from elsewhere, and no foreign key any further than here."""
    if request.endpoint == _STATIC:
        return
    if not room().is_open:
        abort(HTTPStatus.FORBIDDEN, _CLOSED)
    if any(map(holds_foreign_key, _everything_said())):
        abort(HTTPStatus.BAD_REQUEST, KeyFault.FOREIGN)
    if request.method == "POST":
        try:
            validate_csrf(request.form.get(_TOKEN))
        except ValidationError:
            abort(HTTPStatus.BAD_REQUEST, _STALE_FORM)


def _nowhere(_rest: str) -> NoReturn:
    abort(HTTPStatus.NOT_FOUND, "There is no such page. It may have been mistyped, or what it showed was taken away.")


def _everything_said() -> list[str]:
    """All that a request says, field by field, and the boxes of a confirmation ID as one."""
    fields = [value for name, values in request.form.lists() if name != _TOKEN for value in values]
    return [request.path, *request.args.values(), *fields, "-".join(request.form.getlist(steps.BOX))]


def _refused(fault: HTTPException) -> ResponseReturnValue:
    """What cannot be done, as a page with the way on."""
    status = HTTPStatus(fault.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    return render_template("workstation/refused.html", title=status.phrase, sentence=fault.description), status


def _finish(response: Response) -> Response:
    """The policies of every page; nothing but pictures and styles may be kept by anybody."""
    response.headers["Content-Security-Policy"] = "; ".join(_POLICY)
    response.headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    if request.endpoint != _STATIC:
        response.headers["Cache-Control"] = "no-store"
    return response
