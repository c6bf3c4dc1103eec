"""One computer's disk in another one, and computers set up from its image (rows 2, 81)."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workstation.copying import clone, duplicate
from workstation.declined import Declined
from workstation.files import NAME_RULE, is_name
from workstation.hardware import fresh_parts
from workstation.page.changing import computer_named, own_time
from workstation.page.room import room

_WAYS = {"disk": clone, "image": duplicate}


def register(blueprint: Blueprint) -> None:
    """The two ways to make a computer from another."""
    blueprint.add_url_rule("/computers/<name>/copy", view_func=copy, methods=["POST"])


def copy(name: str) -> ResponseReturnValue:
    """Makes the copy, or says why there is none."""
    machine, wanted = computer_named(name), request.form.get("as", "").strip()
    here = redirect(url_for("workstation.computer", name=name), HTTPStatus.SEE_OTHER)
    if complaint := _name_fault(wanted):
        flash(complaint, "bad")
        return here
    way = _WAYS.get(request.form.get("way", ""), clone)
    made = way(machine, wanted, fresh_parts(machine.parts), own_time(machine))
    if isinstance(made, Declined):
        flash(made.sentence, "bad")
        return here
    room().folder.write(made)
    return redirect(url_for("workstation.computer", name=made.name), HTTPStatus.SEE_OTHER)


def _name_fault(wanted: str) -> str:
    if not is_name(wanted):
        return NAME_RULE
    return f"There is already a computer named {wanted!r}; choose another name." if room().folder.holds(wanted) else ""
