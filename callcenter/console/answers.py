"""The answers to the guided questions, kept with the case as data."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from callcenter.console.centre import Transaction
from callcenter.console.my_call import on_my_call
from callcenter.console.reasons import Panel
from callcenter.console.shell import needs
from callcenter.floor import guided
from callcenter.floor.acting import Acting
from callcenter.floor.calls import Case
from callcenter.floor.permissions import Action

_FIELD = "answer-"


def register(blueprint: Blueprint) -> None:
    """Keeping the answers."""
    keep = needs(Action.SERVE_CALLS)(keep_answers)
    blueprint.add_url_rule("/calls/<number>/answers", "call_answers", keep, methods=["POST"])


def keep_answers(number: str) -> ResponseReturnValue:
    """Keeps what was answered; questions that are not asked any more lose their answers."""
    given = {name.removeprefix(_FIELD): answer for name, answer in request.form.items() if name.startswith(_FIELD)}

    def work(tx: Transaction, acting: Acting, case: Case) -> object:
        return guided.keep_answers(tx, acting, case, given)

    return on_my_call(number, work, "The answers are kept.", Panel.QUESTIONS, talking=False)
