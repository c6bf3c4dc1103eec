"""The page's own session: form tokens and half-typed confirmation IDs, in a cookie that no other page is sent."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin

PATH = "/workstation"


class PageSessions(SecureCookieSessionInterface):
    """Sessions below `/workstation`; whoever keeps the sessions of other pages goes on doing so."""

    def __init__(self, others: SessionInterface) -> None:
        self._others = others

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]
        return super().open_session(app, request) if _is_ours(request) else self._others.open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if _is_ours(request):
            super().save_session(app, session, response)
        else:
            self._others.save_session(app, session, response)

    def get_cookie_name(self, app: Flask) -> str:
        return "activation_center_workstation"

    def get_cookie_path(self, app: Flask) -> str:
        return PATH


def _is_ours(asked: Request) -> bool:
    return asked.path == PATH or asked.path.startswith(f"{PATH}/")
