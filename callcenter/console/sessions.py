"""Sessions: a signed cookie that says who, since when and when last; what has ended stays ended in every worker."""

from datetime import UTC, datetime, timedelta

from flask import session

from callcenter.console.centre import Centre, centre
from callcenter.console.shell import SignedIn
from callcenter.floor.people import Agent

_TOUCHED_EVERY = timedelta(seconds=30)
"""How exact the idle clock is; between two touches the cookie need not be sent again."""


def begin(agent: Agent, now: datetime) -> None:
    """A fresh session for somebody who has just proved who they are; its name is new, so that no old cookie serves."""
    session.clear()
    session.update(id=centre().new_id(), began=now.timestamp(), seen=now.timestamp())


def touch(now: datetime) -> None:
    """The person has done something."""
    if now - _moment("seen") > _TOUCHED_EVERY:
        session["seen"] = now.timestamp()


def find_signed_in(name: str) -> SignedIn | None:
    """Who this session is of; None once it is too old, was idle too long, or was ended from elsewhere."""
    here, now = centre(), centre().clock()
    if "id" not in session or now >= ends_at(here):
        return None
    key = _ended_key(session["id"])
    agent, ended = here.store.read(lambda tx: (tx.people.find(name), tx.rate_counters.count(key, now)))
    if agent is None or agent.is_disabled or ended or (agent.sessions_from and _moment("began") < agent.sessions_from):
        return None
    return SignedIn(agent)


def ends_at(here: Centre) -> datetime:
    """When this session ends unless the person does something."""
    return min(_moment("seen") + here.idle_after, _moment("began") + here.over_after)


def end() -> None:
    """Signs out: a copy of the cookie is worth nothing from now on."""
    here = centre()
    if "id" in session:
        key, lasts_seconds = _ended_key(session["id"]), here.over_after.total_seconds()
        here.store.transaction(lambda tx: tx.rate_counters.increase(key, 1, lasts_seconds, here.clock()))
    session.clear()


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(session.get(name, 0.0), UTC)


def _ended_key(session_id: str) -> str:
    return f"session-ended/{session_id}"
