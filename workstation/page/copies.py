"""One computer's disk in another one, and computers set up from its image (rows 2, 81)."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workstation.computer.declined import Declined
from workstation.computer.hardware import fresh_parts
from workstation.page.changing import computer_named, own_time
from workstation.page.room import room
from workstation.setup.copying import clone, duplicate

_WAYS = {"disk": clone, "image": duplicate}


def register(blueprint: Blueprint) -> None:
    """The two ways to make a computer from another."""
    blueprint.add_url_rule("/computers/<name>/copy", view_func=copy, methods=["POST"])


def copy(name: str) -> ResponseReturnValue:
    """Makes the copy, or says why there is none."""
    machine, wanted = computer_named(name), request.form.get("as", "").strip()
    way = _WAYS.get(request.form.get("way", ""), clone)
    made = way(machine, wanted, fresh_parts(machine.parts), own_time(machine))
    complaint = made.sentence if isinstance(made, Declined) else room().folder.add(made)
    if complaint:
        flash(complaint, "bad")
    shown = name if complaint else wanted
    return redirect(url_for("workstation.computer", name=shown), HTTPStatus.SEE_OTHER)
