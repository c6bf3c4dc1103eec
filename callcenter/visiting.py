"""What a visit to the console and one to the portal have in common: the session, and the policies of every page.

A session is a signed cookie that says since when and when last; what has ended stays ended in every worker.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from flask import Response, request, session

from callcenter.floor.records.housekeeping import RateCounters

Result = TypeVar("Result")

_TOUCHED_EVERY = timedelta(seconds=30)
"""How exact the idle clock is; between two touches the cookie need not be sent again."""
_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)


class Transaction(Protocol):
    """One open transaction, as far as sessions and attempts need it."""

    @property
    def rate_counters(self) -> RateCounters: ...


class Store(Protocol):
    """The database."""

    def read(self, work: Callable[[Transaction], Result]) -> Result: ...
    def transaction(self, work: Callable[[Transaction], Result]) -> Result: ...


class Host(Protocol):
    """Who is visited: sessions end `idle_after` the last request, and `over_after` signing in at the latest."""

    @property
    def store(self) -> Store: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def new_id(self) -> Callable[[], str]: ...
    @property
    def idle_after(self) -> timedelta: ...
    @property
    def over_after(self) -> timedelta: ...


def begin(here: Host, **who: str) -> None:
    """A fresh session for somebody who has just proved who they are; its name is new, so that no old cookie serves."""
    moment = here.clock().timestamp()
    session.clear()
    session.update(who, id=here.new_id(), began=moment, seen=moment)


def touch(here: Host) -> None:
    """The visitor has done something."""
    now = here.clock()
    if now - _moment("seen") > _TOUCHED_EVERY:
        session["seen"] = now.timestamp()


def has_run_out(here: Host) -> bool:
    """Whether there is no session, or it is too old or was idle too long."""
    ends_at = min(_moment("seen") + here.idle_after, _moment("began") + here.over_after)
    return "id" not in session or here.clock() >= ends_at


def was_ended(tx: Transaction, sessions_from: datetime | None, now: datetime) -> bool:
    """Whether the session was ended from elsewhere: signed out, or begun before the only ones that are good."""
    is_void = sessions_from is not None and _moment("began") < sessions_from
    return is_void or tx.rate_counters.count(_ended_key(), now) > 0


def end(here: Host) -> None:
    """Signs out: a copy of the cookie is worth nothing from now on."""
    if "id" in session:
        key, lasts_seconds = _ended_key(), here.over_after.total_seconds()
        here.store.transaction(lambda tx: tx.rate_counters.increase(key, 1, lasts_seconds, here.clock()))
    session.clear()


def guard(response: Response, may_be_kept: str, *further: str) -> Response:
    """Sets the policies of every page, with `further` ones for its content. Only the endpoint `may_be_kept` (pictures and
    styles) may be kept by anybody, and no address is told elsewhere."""
    response.headers["Content-Security-Policy"] = "; ".join((*_POLICY, *further))
    response.headers["Referrer-Policy"] = "same-origin"  # forms over https are known by it
    response.headers["X-Frame-Options"] = "DENY"
    if request.endpoint != may_be_kept:
        response.headers["Cache-Control"] = "no-store"
    return response


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(session.get(name, 0.0), UTC)


def _ended_key() -> str:
    return f"session-ended/{session['id']}"
