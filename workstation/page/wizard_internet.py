"""The wizard's way over the internet: one press of a button, and on a failure straight to the telephone (rows 29, 33, 46)."""

from http import HTTPStatus
from secrets import token_hex
from time import monotonic

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workstation.internet import Attempt, Ending
from workstation.online import activate_and_keep
from workstation.page.changing import computer_named, own_time
from workstation.page.drafts import attempted, forget_attempt, keep_attempt
from workstation.page.room import room
from workstation.page.wizard import draw, log_phone_page

MOST_COMPUTERS = 9999
_NEXT = {
    Ending.ACTIVATED: "workstation.registration",
    Ending.QUESTION: "workstation.internet",
    Ending.REFUSED: "workstation.wizard_telephone",
    Ending.FAILED: "workstation.wizard_telephone",
}
"""The page after an attempt."""


def register(blueprint: Blueprint) -> None:
    """The page and its button."""
    path = "/computers/<name>/activate/internet"
    blueprint.add_url_rule(path, view_func=internet)
    blueprint.add_url_rule(path, view_func=connect, methods=["POST"])


def internet(name: str) -> str:
    """What is about to happen, or the question that the centre asked back."""
    last = attempted(name)
    question = last.sentence if last and last.ending is Ending.QUESTION else ""
    return draw("internet", computer_named(name), question=question, most=MOST_COMPUTERS)


def connect(name: str) -> ResponseReturnValue:
    """One attempt: probe, request, answer. The wizard goes on with whatever comes of it."""
    computers = request.form.get("computers", type=int)
    forget_attempt(name)
    since = monotonic()
    with room().folder.lock(name):
        attempt = _attempt(name, computers if computers and 0 < computers <= MOST_COMPUTERS else None)
    keep_attempt(name, attempt, monotonic() - since)
    if attempt.ending in (Ending.REFUSED, Ending.FAILED):
        log_phone_page(attempt.machine)
    came = "wizard" if attempt.ending is Ending.ACTIVATED else None
    return redirect(url_for(_NEXT[attempt.ending], name=name, came=came), HTTPStatus.SEE_OTHER)


def _attempt(name: str, computers: int | None) -> Attempt:
    machine = computer_named(name)
    return activate_and_keep(room().folder, machine, token_hex(16), own_time(machine), computers)
