"""The console, put together: `init_console` gives an application the blueprint, sessions, form tokens and limits."""

from http import HTTPStatus

from flask import Blueprint, Flask, Request, Response, redirect, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect

from callcenter import visiting
from callcenter.attempts import Attempts
from callcenter.console import (
    activation_pages,
    approvals,
    audit_pages,
    customers,
    debugger_page,
    desk,
    errors,
    floor_page,
    help_page,
    home,
    live,
    people,
    phone,
    profile,
    registrations,
    reports,
    search,
    sessions,
    settings_pages,
    sign_in,
    statistics_pages,
    training,
    volume,
)
from callcenter.console.centre import Centre, centre, keep_centre
from callcenter.console.pages import page_parts
from callcenter.console.words import capital

_ROOMS = (
    profile,
    home,
    live,
    floor_page,
    help_page,
    desk,
    volume,
    approvals,
    customers,
    people,
    search,
    registrations,
    reports,
    activation_pages,
    statistics_pages,
    debugger_page,
    audit_pages,
    settings_pages,
    phone,
    training,
)
_PATH = "/console"
_OPEN = frozenset({"console.sign_in", "console.static"})
_WITH_FIRST_PASSWORD = _OPEN | {"console.password", "console.sign_out"}
_NO_DOING = frozenset({"console.static", "console.stream", "console.fragments", "console.sign_in", "console.phone_token"})
"""What pages fetch by themselves; it keeps no session alive."""


def init_console(app: Flask, kept: Centre, *, secret_key: bytes, is_secure: bool) -> None:
    """Puts the console at `/console`. `secret_key` signs sessions; `is_secure`: browsers reach the centre by https only."""
    keep_centre(app.extensions, kept)
    live.keep_live(app.extensions, kept)
    app.secret_key = secret_key
    app.session_interface = _ConsoleSessions()
    app.config.update(
        SESSION_COOKIE_NAME="activation_center",
        SESSION_COOKIE_PATH=_PATH,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_secure,
        WTF_CSRF_CHECK_DEFAULT=False,  # webhooks carry a signature instead; the console checks every form itself
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    login = LoginManager(app)
    login.user_loader(sessions.find_signed_in)
    app.register_blueprint(_console(CSRFProtect(app), Attempts(app, kept, "console", sign_in.name_tried)))


class _ConsoleSessions(SecureCookieSessionInterface):
    """Sessions below `/console`; a webhook has none and pays for none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if request.path.startswith(_PATH) else None


def _console(forms: CSRFProtect, attempts: Attempts) -> Blueprint:
    blueprint = Blueprint(
        "console",
        __name__,
        url_prefix=_PATH,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    blueprint.before_request(_let_in)
    blueprint.before_request(forms.protect)
    blueprint.after_request(_finish)
    blueprint.context_processor(lambda: dict(page_parts()))
    blueprint.add_app_template_filter(capital)
    sign_in.register(blueprint, attempts)
    for room in _ROOMS:
        room.register(blueprint)
    errors.register(blueprint, attempts)
    return blueprint


def _let_in() -> ResponseReturnValue | None:
    """Nobody without a session, and nobody with a first password anywhere but to change it."""
    if request.endpoint in _OPEN:
        return None
    if not current_user.is_authenticated:
        return errors.signed_out()
    if current_user.agent.must_change and request.endpoint not in _WITH_FIRST_PASSWORD:
        return redirect(url_for("console.password"), HTTPStatus.SEE_OTHER)
    if request.endpoint not in _NO_DOING:
        visiting.touch(centre())
    return None


def _finish(response: Response) -> Response:
    """The policies of every page; the one with the telephone reaches the exchange as well."""
    phones = centre().phones if request.endpoint == phone.WINDOW else None
    return visiting.guard(response, "console.static", f"connect-src 'self' {phones.sources() if phones else ''}".rstrip())
