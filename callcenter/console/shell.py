"""What every page of the console is made with: who is signed in, what they may do, how an act runs and how it answers."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Response, abort, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user

from callcenter.console.centre import Transaction, centre
from callcenter.floor.acting import Acting
from callcenter.floor.anchors import anchored
from callcenter.floor.people import Agent
from callcenter.floor.permissions import Action, may
from callcenter.floor.refusals import Refusal

Result = TypeVar("Result")
View = Callable[..., ResponseReturnValue]


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The agent behind a session, as Flask-Login wants a user to look."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def get_id(self) -> str:
        """What the session remembers."""
        return self.agent.name


def me() -> Agent:
    """Who is signed in; only for views behind a sign-in, which all but the sign-in page are."""
    agent: Agent = current_user.agent
    return agent


def i_may(action: Action) -> bool:
    """Whether who is signed in may do this."""
    return may(me().role, action)


def needs(*actions: Action) -> Callable[[View], View]:
    """Opens a view to whoever may do one of these; others get a page that says who may. `view.needs` keeps the actions."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> ResponseReturnValue:
            if not any(map(i_may, actions)):
                abort(HTTPStatus.FORBIDDEN, actions)
            return view(*arguments, **named)

        guarded.needs = actions  # type: ignore[attr-defined]
        return guarded

    return guard


def acting() -> Acting:
    """Who is signed in, now, with the key of the record."""
    return Acting(me(), centre().audit_key, centre().clock())


def act(work: Callable[[Transaction, Acting], Result]) -> Result:
    """Runs an act of whoever is signed in in one transaction and anchors the record of it. The only way acts happen here."""
    here, who = centre(), acting()
    return anchored(here.store.transaction, here.anchors, lambda tx: work(tx, who))


def look(work: Callable[[Transaction], Result]) -> Result:
    """Reads for a page; changes nothing."""
    return centre().store.read(work)


def by_script() -> bool:
    """Whether a script of the page asks, and not a browser on its way to another page."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def problem(status: HTTPStatus, code: str, sentence: str) -> Response:
    """What a script of the page is told when something is refused: an RFC 9457 problem with a stable code."""
    answer = jsonify(type="about:blank", title=status.phrase, status=status, detail=sentence, code=code)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    return answer


def done(result: object, to: str, sentence: str) -> ResponseReturnValue:
    """The answer to an act: on to the page `to` with the sentence, or the refusal's own. Scripts get the same as JSON."""
    refused = result if isinstance(result, Refusal) else None
    if refused and by_script():
        return problem(refused.status, refused.code, refused.sentence)
    if by_script():
        return jsonify(to=to, sentence=sentence)
    flash(refused.sentence if refused else sentence, "bad" if refused else "good")
    return redirect(to, HTTPStatus.SEE_OTHER)
