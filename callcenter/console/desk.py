"""The page of a call: everything known, the acts on the call, the panels to work in. It is ready in one go and kept live."""

from http import HTTPStatus

from flask import Blueprint, abort, render_template

from callcenter.console import answers, call_acts, desk_live, digit_pad
from callcenter.console.centre import centre
from callcenter.console.desk_reading import view_case
from callcenter.console.desk_words import register_words
from callcenter.console.forms import panel_forms
from callcenter.console.panels import panel_parts
from callcenter.console.readout import Readout
from callcenter.console.shell import i_may, look, me, needs
from callcenter.console.timeline_words import tell
from callcenter.console.training import simulated
from callcenter.floor.permissions import Action


def register(blueprint: Blueprint) -> None:
    """The page of a call and the acts on it."""
    blueprint.add_url_rule("/calls/<number>", "call", needs(Action.SEE_CALLS)(call))
    register_words(blueprint)
    call_acts.register(blueprint)
    digit_pad.register(blueprint)
    answers.register(blueprint)


def call(number: str) -> str:
    """The page of a case."""
    return call_page(number)


def call_page(number: str, readout: Readout | None = None) -> str:
    """The page of a case, with something to be read out at its top where that was asked for."""
    here, who = centre(), me()
    view = look(lambda tx: view_case(tx, here, who, number))
    if view is None:
        abort(HTTPStatus.NOT_FOUND)
    return render_template(
        "console/call.html",
        view=view,
        forms=look(lambda tx: panel_forms(tx, here, view)),
        readout=readout,
        shown_case=number,
        simulated=look(lambda tx: simulated(tx, here, view.case.call_sid)),
        live_desk=desk_live.ID,
        happenings=tuple(tell(each) for each in view.happenings),
        may_work=view.is_talking and i_may(Action.SERVE_CALLS),
        **panel_parts(view),
    )
