"""Sessions of contacts: a cookie of its own name, path and signature, so that none is read as an agent's, nor the reverse."""

from datetime import UTC, datetime, timedelta

from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionInterface, SessionMixin

from callcenter.floor.portal_records import Account
from callcenter.portal.portal import Portal, portal

PATH = "/portal"
COOKIE = "activation_center_portal"
_TOUCHED_EVERY = timedelta(seconds=30)
"""How exact the idle clock is; between two touches the cookie need not be sent again."""


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


def begin(account: Account, now: datetime) -> None:
    """A fresh session for somebody who has just proved who they are."""
    session.clear()
    session.update(account=account.name, id=portal().new_id(), began=now.timestamp(), seen=now.timestamp())


def touch(now: datetime) -> None:
    """The person has done something."""
    if now - _moment("seen") > _TOUCHED_EVERY:
        session["seen"] = now.timestamp()


def find_account() -> Account | None:
    """Whose session this is; None once it is too old, was idle too long or was ended from elsewhere, and for somebody who is
    named in no agreement any more."""
    here, now = portal(), portal().clock()
    if "account" not in session or now >= _ends_at(here):
        return None
    name, ended = session["account"], _ended_key(session["id"])
    account, is_ended, contacts = here.store.read(
        lambda tx: (tx.accounts.find(name), tx.rate_counters.count(ended, now), tx.agreements.of_account(name))
    )
    if account is None or is_ended or not contacts:
        return None
    return None if account.sessions_from and _moment("began") < account.sessions_from else account


def end() -> None:
    """Signs out: a copy of the cookie is worth nothing from now on."""
    here = portal()
    if "id" in session:
        key, lasts_seconds = _ended_key(session["id"]), here.over_after.total_seconds()
        here.store.transaction(lambda tx: tx.rate_counters.increase(key, 1, lasts_seconds, here.clock()))
    session.clear()


def _ends_at(here: Portal) -> datetime:
    return min(_moment("seen") + here.idle_after, _moment("began") + here.over_after)


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(session.get(name, 0.0), UTC)


def _ended_key(session_id: str) -> str:
    return f"session-ended/{session_id}"
