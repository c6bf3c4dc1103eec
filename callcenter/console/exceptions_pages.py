"""Exceptions on a call: asked for with a reason, given within policy or held, used in the same transaction if they can be."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from callcenter.console.centre import Transaction, centre
from callcenter.console.deciding import Served, serial_of, serve_waiting
from callcenter.console.my_call import on_my_call
from callcenter.console.reasons import Panel
from callcenter.console.shell import needs
from callcenter.floor import exceptions
from callcenter.floor.acting import Acting
from callcenter.floor.calls import Case
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import ReasonCode, Request, RequestStatus

CHOOSE_REASON = Refusal("desk.no_reason", "Choose why an exception is right here.", HTTPStatus.UNPROCESSABLE_ENTITY)


def register(blueprint: Blueprint) -> None:
    """Asking for an exception. Whoever serves calls may try; the floor says who gets one."""
    blueprint.add_url_rule("/calls/<number>/exception", "call_exception", needs(Action.ASK_CHANGES)(ask), methods=["POST"])


def ask(number: str) -> ResponseReturnValue:
    """One activation that the rules alone would not grant."""
    reason, words = request.form.get("reason", ""), request.form.get("words", "")

    def work(tx: Transaction, acting: Acting, case: Case) -> object:
        if reason not in list(ReasonCode):
            return CHOOSE_REASON
        known = replace(case, serial=serial_of(tx, centre(), case))
        asked = exceptions.ask_exception(tx, acting, known, ReasonCode(reason), words, centre().policy, centre().new_id)
        return asked if isinstance(asked, Refusal) else (asked, serve_waiting(tx, centre(), acting, asked))

    return on_my_call(number, work, _told, Panel.QUESTIONS, talking=False)


def _told(result: object) -> str:
    assert isinstance(result, tuple)
    asked, served = result
    assert isinstance(asked, Request)
    assert isinstance(served, Served)
    if asked.status is RequestStatus.HELD:
        return "This key has had its share of exceptions, so a second person decides. This page says so as soon as they have."
    return f"The exception is given, for one activation. {served.sentence}".strip()
