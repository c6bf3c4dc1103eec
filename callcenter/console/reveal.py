"""Showing what is masked: always asked for, always on the record, shown once.

Whoever has a call may read its confirmation ID out to its caller; anything else takes the right to reveal.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.keys import write_key
from callcenter.console.centre import Transaction, centre
from callcenter.console.desk import call_page
from callcenter.console.my_call import NO_CASE, desk_of, my_handling
from callcenter.console.readout import Readout, confirmation_readout, installation_readout, key_readout
from callcenter.console.shell import act, done, i_may, needs
from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act
from callcenter.floor.calls import Case
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.keys import LARGEST_SERIAL, FloorKey
from callcenter.floor.permissions import Action
from callcenter.floor.refusals import Refusal
from ivr.state import State

MAY_NOT = Refusal("desk.masked", "Only supervisors and auditors see this unmasked.", HTTPStatus.FORBIDDEN)
NOTHING = Refusal("desk.nothing_to_show", "There is nothing to show: it was not given yet, or has been erased.")


def register(blueprint: Blueprint) -> None:
    """Revealing what a call holds, and a key."""
    see = needs(Action.REVEAL, Action.SERVE_CALLS)
    blueprint.add_url_rule("/calls/<number>/reveal", "call_reveal", see(reveal), methods=["POST"])
    key = f"/keys/<int(max={LARGEST_SERIAL}):serial>/reveal"
    blueprint.add_url_rule(key, "key_reveal", needs(Action.REVEAL)(reveal_key), methods=["POST"])


def reveal(number: str) -> ResponseReturnValue:
    """What a call holds, by `what`: `confirmation` for its agent to read out, `installation` for who may reveal."""
    what = request.form.get("what", "")
    shown = act(lambda tx, acting: _reveal(tx, acting, number, what))
    return done(shown, desk_of(number), "") if isinstance(shown, Refusal) else call_page(number, shown)


def _reveal(tx: Transaction, acting: Acting, number: str, what: str) -> Readout | Refusal:
    case = tx.cases.find(number)
    if case is None:
        return NO_CASE
    if refusal := _not_for(tx, acting, case, what):
        return refusal
    state = centre().assistance.view(tx, case.call_sid)
    readout = _READOUTS[what](state, desk_of(number)) if state and what in _READOUTS else None
    if readout is None:
        return NOTHING
    record_in_case(tx, acting, Act.READ_OUT if what == "confirmation" else Act.REVEALED, number, {"what": what})
    return readout


def _not_for(tx: Transaction, acting: Acting, case: Case, what: str) -> Refusal | None:
    if i_may(Action.REVEAL):
        return None
    mine = my_handling(tx, acting, case)
    if isinstance(mine, Refusal):
        return mine
    return None if what == "confirmation" else MAY_NOT


def _confirmation(state: State, back: str) -> Readout | None:
    return confirmation_readout(state.readback.blocks, back) if state.readback else None


def _installation(state: State, back: str) -> Readout | None:
    groups = tuple(group or "" for group in state.entry.understood)
    return installation_readout(groups, back) if any(groups) else None


_READOUTS: Mapping[str, Callable[[State, str], Readout | None]] = {
    "confirmation": _confirmation,
    "installation": _installation,
}


def reveal_key(serial: int) -> ResponseReturnValue:
    """A product key's text."""
    key = act(lambda tx, acting: _reveal_key(tx, acting, serial))
    if key is None:
        abort(HTTPStatus.NOT_FOUND)
    back = url_for("console.key", serial=serial)
    return render_template("console/shown.html", readout=key_readout(write_key(key.key, centre().secrets), back))


def _reveal_key(tx: Transaction, acting: Acting, serial: int) -> FloorKey | None:
    key = tx.keys.get(serial)
    if key:
        record(tx, acting, Act.REVEALED, f"key/{serial}", {"what": "product key"})
    return key
