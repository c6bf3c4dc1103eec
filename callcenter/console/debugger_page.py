"""The debugger: what went wrong in calls, with Twilio's codes, the document and the line, as the telephony side tells it."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from activation.digits import clean_digits
from callcenter.console.centre import Transaction, centre
from callcenter.console.shell import look, needs
from callcenter.console.typed import CALL_SID
from callcenter.floor.calls import CallSummary
from callcenter.floor.debugger import Level, LogPage, Unread, Wanted
from callcenter.floor.permissions import Action

EXPLAINED_AT = "https://www.twilio.com/docs/api/errors/"
"""Twilio's page of a code is below this address."""
_LAST_PAGE = 9999
_NO_CALL = "No call is called that. Write a case’s six digits, or a call’s SID: CA and 32 digits or letters from a to f."


def register(blueprint: Blueprint) -> None:
    """The page `/console/debugger`."""
    blueprint.add_url_rule("/debugger", view_func=debugger)


@needs(Action.SEE_DEBUGGER)
def debugger() -> ResponseReturnValue:
    """What went wrong, newest first; of one level and of one call where that is asked for."""
    typed = request.args.get("call", "").strip()
    call_sid = look(lambda tx: _call_meant(tx, typed)) if typed else None
    if typed and call_sid is None:  # what was typed is not repeated: it may be anything
        return _page(Wanted(_level()), None, _NO_CALL), HTTPStatus.UNPROCESSABLE_ENTITY
    number = request.args.get("page", 1, type=int)
    wanted = Wanted(_level(), call_sid, min(max(number, 1), _LAST_PAGE))
    return _page(wanted, centre().read_log(wanted))


def _level() -> Level | None:
    return next((level for level in Level if level.value == request.args.get("level")), None)


def _call_meant(tx: Transaction, typed: str) -> str | None:
    """The sid of the call that was typed, by itself or by the number of its case."""
    if CALL_SID.fullmatch(typed):
        return typed
    case = tx.cases.find(clean_digits(typed) or "")
    return case.call_sid if case else None


def _page(wanted: Wanted, log: LogPage | Unread | None, sentence: str = "") -> str:
    found = log if isinstance(log, LogPage) else None
    calls = look(lambda tx: _calls(tx, found)) if found else {}
    filters: dict[str, Any] = {"level": wanted.level, "call": wanted.call_sid}
    return render_template(
        "console/debugger.html",
        found=found,
        unread=log if isinstance(log, Unread) else None,
        calls=calls,
        wanted=wanted,
        filters=filters,
        sentence=sentence,
        levels=[("", "Warnings and errors"), *((level.value, f"{level.value.capitalize()}s only") for level in Level)],
        zone=centre().hours.zone,
        explained_at=EXPLAINED_AT,
    )


def _calls(tx: Transaction, found: LogPage) -> dict[str, CallSummary | None]:
    """What is known of the calls on the page; None of one that the line never took."""
    return {sid: tx.call_log.summary(sid) for sid in {alert.call_sid for alert in found.alerts}}
