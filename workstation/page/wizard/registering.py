"""Registration: offered by the wizard at its end, or later by itself as `regwiz /r`; the first page explains (rows 49 to 52).

What is typed goes to the centre and nowhere else: not into a session, an address or a log. The log gets two facts.
"""

from http import HTTPStatus
from uuid import uuid4

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workstation.computer.declined import Declined
from workstation.computer.machine import Machine
from workstation.keeping.setup_log import lines_of
from workstation.page.changing import computer_named, own_time
from workstation.page.room import room
from workstation.page.wizard.steps import draw
from workstation.registration import Form, NotRegistered, Registered, read_form, register_in_clear, warning_in_clear
from workstation.registration import register as register_securely
from workstation.words import say

_IN_CLEAR = "in_clear"
_FROM_WIZARD = "wizard"


def register(blueprint: Blueprint) -> None:
    """The first page, the form, the last page."""
    path = "/computers/<name>/registration"
    blueprint.add_url_rule(path, view_func=registration)
    blueprint.add_url_rule(f"{path}/form", view_func=registration_form)
    blueprint.add_url_rule(f"{path}/form", view_func=send_registration, methods=["POST"])
    blueprint.add_url_rule(f"{path}/done", view_func=registered)


def registration(name: str) -> str:
    """What registering is, and that nobody has to."""
    return _draw("registration", computer_named(name))


def registration_form(name: str) -> str:
    """The empty form."""
    machine = computer_named(name)
    return _draw("registration_form", machine, typed={"country": machine.country}, complaint="", warning=None)


def send_registration(name: str) -> ResponseReturnValue:
    """Sends it; where the encrypted way is blocked, the standalone wizard warns and offers the other."""
    machine, typed = computer_named(name), request.form
    form = _read(machine)
    if isinstance(form, Declined):
        return _again(machine, form.sentence)
    outcome = _send(machine, form, in_clear=_IN_CLEAR in typed and not _is_in_wizard())
    room().folder.append_log(machine.name, lines_of(machine, own_time(machine), outcome.steps))
    if isinstance(outcome, NotRegistered):
        is_way_out = outcome.is_blocked and not _is_in_wizard()
        return _again(machine, outcome.sentence, warning_in_clear(machine) if is_way_out else None)
    came = request.args.get("came")
    return redirect(url_for("workstation.registered", name=name, came=came), HTTPStatus.SEE_OTHER)


def registered(name: str) -> str:
    """The last page."""
    machine = computer_named(name)
    return _draw("registered", machine, thanks=say("registration.thanks", machine.language))


def _send(machine: Machine, form: Form, *, in_clear: bool) -> Registered | NotRegistered:
    return (register_in_clear if in_clear else register_securely)(machine, form, uuid4().hex)


def _read(machine: Machine) -> Form | Declined:
    said = {field: request.form.get(field, "") for field in ("name", "address", "email", "country")}
    return read_form(**said, mailings="mailings" in request.form, language=machine.language)


def _again(machine: Machine, complaint: str, warning: str | None = None) -> ResponseReturnValue:
    page = _draw("registration_form", machine, typed=request.form, complaint=complaint, warning=warning)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _draw(step: str, machine: Machine, **parts: object) -> str:
    language = machine.language
    said = {key: say(f"registration.{key}", language, product=machine.media.product.title) for key in _SAID}
    return draw(step, machine, said=said, came=_FROM_WIZARD if _is_in_wizard() else None, in_clear=_IN_CLEAR, **parts)


def _is_in_wizard() -> bool:
    return request.args.get("came") == _FROM_WIZARD


_SAID = ("title", "about", "ask_name", "ask_address", "ask_email", "ask_country", "ask_mailings", "send_anyway")
