"""What a person does to a computer from its page: one button each, and each one of the room's pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from secrets import SystemRandom

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from activation.hardware import COMPONENTS
from workstation.activating.addresses import set_routes
from workstation.computer.declined import Declined
from workstation.computer.hardware import replace_part
from workstation.computer.machine import Machine, change_hardware, countdown
from workstation.computer.traits import Image, Routes
from workstation.life import clock
from workstation.life.fixing import Way, apply_fix, restart, switch_fault
from workstation.life.logon import log_on
from workstation.page.changing import change, computer_named
from workstation.page.room import room
from workstation.setup.installing import exchange_key, put_volume_media
from workstation.setup.relicensing import put_image, rearm
from workstation.words import spoken

Outcome = Machine | Declined
Act = Callable[[Machine, datetime], Outcome]

_LAST_DAY = timedelta(days=1)
_ALL_PARTS = "all"


def register(blueprint: Blueprint) -> None:
    """Every act, and taking a computer away."""
    blueprint.add_url_rule("/computers/<name>/do/<what>", view_func=act, methods=["POST"])
    blueprint.add_url_rule("/computers/<name>/remove", view_func=remove, methods=["POST"])


def act(name: str, what: str) -> ResponseReturnValue:
    """Does it, and goes back to the computer; what the computer declines is said there."""
    if (work := ACTS.get(what)) is None:
        abort(HTTPStatus.NOT_FOUND)
    outcome = change(name, work)
    if isinstance(outcome, Declined):
        flash(outcome.sentence, "bad")
    return redirect(url_for("workstation.computer", name=name), HTTPStatus.SEE_OTHER)


def remove(name: str) -> ResponseReturnValue:
    """Takes the computer away; its activation stays counted at the centre."""
    machine, folder = computer_named(name), room().folder
    with folder.lock(name):
        folder.remove(name)
    flash(f"{machine.name} is gone.", "good")
    return redirect(url_for("workstation.computers"), HTTPStatus.SEE_OTHER)


def _ahead(by: timedelta, machine: Machine, now: datetime) -> Outcome:
    return clock.move_ahead(machine, by, room().clock())


def _to_last_day(machine: Machine, now: datetime) -> Outcome:
    """To the beginning of the last day of the countdown."""
    return clock.move_to(machine, countdown(machine).end - _LAST_DAY, room().clock())


def _past_the_end(machine: Machine, now: datetime) -> Outcome:
    return clock.move_to(machine, countdown(machine).end, room().clock())


def _to_real_time(machine: Machine, now: datetime) -> Outcome:
    return clock.reset(machine, room().clock())


def _log_on(machine: Machine, now: datetime) -> Outcome:
    return log_on(machine, now)[0]


def _exchange_part(machine: Machine, now: datetime) -> Outcome:
    """One component, or all of them: a computer with a copied disk, so to speak."""
    every = [component.name for component in COMPONENTS]
    wanted = request.form.get("part", "")
    names = every if wanted == _ALL_PARTS else [name for name in every if name == wanted]
    new = {name: replace_part(name, machine.parts, SystemRandom()) for name in names}
    return change_hardware(machine, new, now)


def _put_key(machine: Machine, now: datetime) -> Outcome:
    return exchange_key(machine, _typed("key"), now)


def _reimage(machine: Machine, now: datetime) -> Outcome:
    return put_volume_media(machine, _typed("key"), None, now)


def _set_routes(machine: Machine, now: datetime) -> Outcome:
    """How the computer reaches the centre; an empty address is the centre's own (rows 30 to 32)."""
    return set_routes(machine, Routes(_typed("probe_url"), _typed("activation_url"), "modem" in request.form))


def _set_language(machine: Machine, now: datetime) -> Outcome:
    country = machine.media.country(_typed("country"))
    return replace(machine, language=spoken(_typed("language")), country=country.code if country else machine.country)


def _typed(field: str) -> str:
    return request.form.get(field, "").strip()


ACTS: Mapping[str, Act] = {
    "hour": partial(_ahead, timedelta(hours=1)),
    "day": partial(_ahead, timedelta(days=1)),
    "last-day": _to_last_day,
    "end": _past_the_end,
    "real-time": _to_real_time,
    "log-on": _log_on,
    "restart": restart,
    "exchange": _exchange_part,
    "rearm": rearm,
    "routes": _set_routes,
    "language": _set_language,
    "key": _put_key,
    "reimage": _reimage,
    "makers-image": lambda machine, now: put_image(machine, Image.MAKER, now),
    "own-image": lambda machine, now: put_image(machine, Image.OWN, now),
    "fix-setup": lambda machine, now: apply_fix(machine, Way.SETUP, now),
    "fix-safe-mode": lambda machine, now: apply_fix(machine, Way.SAFE_MODE, now),
    "fix-recovery-console": lambda machine, now: apply_fix(machine, Way.RECOVERY_CONSOLE, now),
    "fault-on": lambda machine, now: switch_fault(machine, on=True),
    "fault-off": lambda machine, now: switch_fault(machine, on=False),
}
"""Every act by its name in the address."""
