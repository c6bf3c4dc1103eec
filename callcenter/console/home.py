"""An agent's first page: the own state, who waits, and what came lately."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.console import phone
from callcenter.console.centre import Transaction, centre
from callcenter.console.fragments import Scene, fragment
from callcenter.console.reasons import reason_for
from callcenter.console.shell import act, done, i_may, needs
from callcenter.floor import presence, switchboard
from callcenter.floor.acting import Acting
from callcenter.floor.people import Availability, Presence
from callcenter.floor.permissions import Action
from callcenter.floor.queue import Handling
from callcenter.floor.refusals import Refusal
from callcenter.floor.waiting import order_for

NEXT = "next"
_NOBODY_WAITS = Refusal("queue.nobody", "Nobody waits whom you may answer.")


@dataclass(frozen=True, slots=True)
class RecentCase:
    """A case as the list of the newest shows it."""

    number: str
    why: str
    opened_at: datetime


def register(blueprint: Blueprint) -> None:
    """`/`, `/availability`, `/answer`."""
    blueprint.add_url_rule("/", "slashed", lambda: redirect(url_for("console.home")))
    blueprint.add_url_rule("", "home", home)
    blueprint.add_url_rule("/availability", "availability", availability, methods=["POST"])
    blueprint.add_url_rule("/answer", "answer", answer, methods=["POST"])


@needs(Action.SEE_CALLS, Action.SEE_REGISTRATIONS)
def home() -> ResponseReturnValue:
    """The queue, and the newest cases; who has nothing to do with calls begins at the registrations."""
    if not i_may(Action.SEE_CALLS):
        return redirect(url_for("console.registrations"), HTTPStatus.SEE_OTHER)
    return render_template("console/home.html")


@fragment("recent", Action.SEE_CALLS)
def recent(scene: Scene) -> tuple[RecentCase, ...]:
    """The newest cases, whether their callers wait still or not."""
    return tuple(RecentCase(case.number, reason_for(case.reason).short, case.opened_at) for case in scene.snapshot.newest)


@needs(Action.SERVE_CALLS)
def availability() -> ResponseReturnValue:
    """Available, on a break with a reason, or offline."""
    wanted, reason = request.form.get("availability", ""), request.form.get("reason", "")
    known = Availability(wanted) if wanted in list(Availability) else Availability.WRAP_UP
    result = (phone.missing() if known is Availability.AVAILABLE else None) or act(
        lambda tx, acting: presence.set_availability(tx, acting, known, reason)
    )
    return done(result, url_for("console.home"), f"You are {_told(result)}.")


@needs(Action.SERVE_CALLS)
def answer() -> ResponseReturnValue:
    """Takes the call that was asked for, or the next one; on to its page."""
    wanted = request.form.get("call_sid", NEXT)
    result = phone.missing() or act(lambda tx, acting: _answer(tx, acting, wanted))
    to = url_for("console.call", number=result.case_number) if isinstance(result, Handling) else url_for("console.home")
    return done(result, to, "The call is yours.")


def _answer(tx: Transaction, acting: Acting, wanted: str) -> Handling | Refusal:
    """The order is read in the transaction that answers: of two agents who press Next, each gets somebody else."""
    if wanted != NEXT:
        return switchboard.answer(tx, acting, wanted, centre().new_id)
    waiting = order_for(acting.agent, tx.queue.waiting())
    return switchboard.answer(tx, acting, waiting[0].call_sid, centre().new_id) if waiting else _NOBODY_WAITS


def _told(result: object) -> str:
    match result:
        case Presence(availability=Availability.BREAK, reason=reason):
            return f"on a break: {reason}"
        case Presence(availability=Availability.ON_CALL | Availability.WRAP_UP as busy, reason=reason):
            return (
                f"still {busy.value}; the break begins afterwards"
                if reason
                else f"still {busy.value}, and available afterwards"
            )
        case Presence(availability=chosen):
            return f"{chosen.value} now"
    return ""
