"""Sessions of contacts: a cookie of its own name, path and signature, so that none is read as an agent's, nor the reverse."""

from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionInterface, SessionMixin

from callcenter import visiting
from callcenter.floor.portal_records import Account, Transaction
from callcenter.portal.portal import portal

PATH = "/portal"
COOKIE = "activation_center_portal"


class PortalSession(SecureCookieSession):
    """What a contact's browser keeps."""


class PortalSessions(SecureCookieSessionInterface):
    """Sessions below `/portal`; all other pages keep the sessions they have."""

    salt = "portal session"
    session_class = PortalSession

    def __init__(self, others: SessionInterface) -> None:
        self._others = others

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]
        is_ours = request.path == PATH or request.path.startswith(f"{PATH}/")
        return super().open_session(app, request) if is_ours else self._others.open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if isinstance(session, PortalSession):
            super().save_session(app, session, response)
        else:
            self._others.save_session(app, session, response)

    def get_cookie_name(self, app: Flask) -> str:
        return COOKIE

    def get_cookie_path(self, app: Flask) -> str:
        return PATH


def find_account() -> Account | None:
    """Whose session this is; None once it has run out or was ended from elsewhere, and for somebody who is named in no
    agreement any more."""
    here = portal()

    def find(tx: Transaction) -> Account | None:
        account = tx.accounts.find(session.get("account", ""))
        if account is None or not tx.agreements.of_account(account.name):
            return None
        return None if visiting.was_ended(tx, account.sessions_from, here.clock()) else account

    return None if visiting.has_run_out(here) else here.store.read(find)
