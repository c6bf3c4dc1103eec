"""The wizard's way over the internet: one press of a button, and on a failure straight to the telephone (rows 29, 33, 46)."""

from http import HTTPStatus
from time import monotonic
from uuid import uuid4

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workstation.activating.internet import Attempt, Ending
from workstation.activating.online import activate_and_keep
from workstation.activating.request import MOST_COMPUTERS
from workstation.page.changing import computer_named, own_time
from workstation.page.room import room
from workstation.page.wizard.drafts import forget_attempt, keep_attempt
from workstation.page.wizard.steps import draw, log_phone_page


def register(blueprint: Blueprint) -> None:
    """The page and its button."""
    path = "/computers/<name>/activate/internet"
    blueprint.add_url_rule(path, view_func=internet)
    blueprint.add_url_rule(path, view_func=connect, methods=["POST"])


def internet(name: str) -> str:
    """What is about to happen, or the question that the centre asked back."""
    return draw("internet", computer_named(name), most=MOST_COMPUTERS)


def connect(name: str) -> ResponseReturnValue:
    """One attempt: probe, request, answer. The wizard goes on with whatever comes of it."""
    computers = request.form.get("computers", type=int)
    forget_attempt(name)
    since = monotonic()
    with room().folder.lock(name):
        attempt = _attempt(name, computers if computers and 0 < computers <= MOST_COMPUTERS else None)
    keep_attempt(name, attempt, monotonic() - since)
    if attempt.leads_to_telephone:
        log_phone_page(attempt.machine)
    return redirect(_next(name, attempt), HTTPStatus.SEE_OTHER)


def _next(name: str, attempt: Attempt) -> str:
    """The page after an attempt; one that neither succeeded nor leads to the telephone is told where it was made."""
    if attempt.ending is Ending.ACTIVATED:
        return url_for("workstation.registration", name=name, came="wizard")
    return url_for("workstation.wizard_telephone" if attempt.leads_to_telephone else "workstation.internet", name=name)


def _attempt(name: str, computers: int | None) -> Attempt:
    machine = computer_named(name)
    return activate_and_keep(room().folder, machine, uuid4().hex, own_time(machine), computers)
