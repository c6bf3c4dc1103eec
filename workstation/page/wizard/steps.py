"""The activation wizard, step by step, each with an address of its own: internet or telephone, registration, done."""

from http import HTTPStatus

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.catalogue import Country
from workstation.activating import typing_in
from workstation.activating.online import note_phone_page
from workstation.activating.phone_page import number_for
from workstation.activating.privacy import privacy_statement
from workstation.computer.declined import NotConfirmed
from workstation.computer.machine import SETTLED, Machine, installation_id, state
from workstation.display.computer import what_happened
from workstation.page.changing import computer_named, own_time
from workstation.page.desktop import desktop
from workstation.page.room import room
from workstation.page.shown import show
from workstation.page.speaking import words_of
from workstation.page.wizard.box_words import boxes_document, show_boxes
from workstation.page.wizard.boxes import spread
from workstation.page.wizard.drafts import attempted, draft_of, forget_attempt, forget_draft, keep_draft
from workstation.words import say

BOX = "block"
"""The name of every box's field."""
_STEPS = "/computers/<name>/activate"
_ITEM = "  - "
"""What a line of a list in the privacy statement begins with."""


def register(blueprint: Blueprint) -> None:
    """The wizard's pages."""
    for path, view, methods in (
        ("", choose, ["GET"]),
        ("/host", ask_hosts, ["POST"]),
        ("/privacy", privacy, ["GET"]),
        ("/telephone", telephone, ["GET"]),
        ("/telephone", type_in, ["POST"]),
        ("/telephone/check", check, ["POST"]),
        ("/done", done, ["GET"]),
    ):
        blueprint.add_url_rule(f"{_STEPS}{path}", endpoint=f"wizard_{view.__name__}", view_func=view, methods=methods)


def choose(name: str) -> ResponseReturnValue:
    """The first step: what activation is, and by which way."""
    machine = computer_named(name)
    if state(machine, own_time(machine)) in SETTLED:
        return redirect(url_for("workstation.wizard_done", name=name))
    return draw("hosted", machine, told=[]) if machine.media.is_client_setup else draw("choose", machine)


def ask_hosts(name: str) -> ResponseReturnValue:
    """Lets a volume client ask the key-management hosts of its network (row 60); what they said is in its system's language."""
    before = computer_named(name)
    answers = room().network.look_for_host(before)
    machine = computer_named(name)
    if answers and answers[-1].is_activated:
        return redirect(url_for("workstation.wizard_done", name=name), HTTPStatus.SEE_OTHER)
    told = what_happened(before, machine) if answers else [say("kms.no_host", machine.language)]
    return draw("hosted", machine, told=told)


def privacy(name: str) -> str:
    """The privacy statement, with the list of what is sent (row 27)."""
    machine = computer_named(name)
    return draw("privacy", machine, said=list(privacy_statement(machine)), item=_ITEM)


def telephone(name: str) -> ResponseReturnValue:
    """Country (which comes with the address), number, groups and boxes. A volume client has nothing to read out (row 60)."""
    machine, draft = computer_named(name), draft_of(name)
    if machine.media.is_client_setup:
        return redirect(url_for("workstation.wizard_choose", name=name))
    return draw(
        "telephone",
        machine,
        country=_country(machine),
        groups=installation_id(machine),
        boxes=show_boxes(machine, draft.texts, draft.block),
        complaint=draft.sentence,
    )


def type_in(name: str) -> ResponseReturnValue:
    """What stands in the boxes, tried: on to registration, or back with what was wrong."""
    machine = computer_named(name)
    texts = spread(request.form.getlist(BOX), machine.media.header.layout)
    here = url_for("workstation.wizard_telephone", name=name, country=_country(machine).code)
    outcome = _confirmed(name, " ".join(texts))
    if isinstance(outcome, NotConfirmed):
        keep_draft(name, texts, outcome.sentence, outcome.block or "")
        return redirect(here, HTTPStatus.SEE_OTHER)
    forget_draft(name)
    forget_attempt(name)
    return redirect(url_for("workstation.registration", name=name, came="wizard"), HTTPStatus.SEE_OTHER)


def _confirmed(name: str, typed: str) -> Machine | NotConfirmed:
    folder = room().folder
    with folder.lock(name):
        machine = computer_named(name)
        return typing_in.type_in(folder, machine, typed, own_time(machine))


def check(name: str) -> ResponseReturnValue:
    """For the page's script: every box checked by itself, as it is typed."""
    machine = computer_named(name)
    texts = spread(request.form.getlist(BOX), machine.media.header.layout)
    keep_draft(name, texts)
    return jsonify(boxes_document(machine, texts))


def done(name: str) -> ResponseReturnValue:
    """The last step."""
    machine = computer_named(name)
    if state(machine, own_time(machine)) not in SETTLED:
        return redirect(url_for("workstation.wizard_choose", name=name))
    return draw("done", machine)


def draw(step: str, machine: Machine, **parts: object) -> str:
    """A step of the wizard inside its computer."""
    now = own_time(machine)
    return render_template(
        f"workstation/wizard/{step}.html",
        machine=machine,
        shown=show(machine, now),
        look=desktop(machine, now).look,
        words=words_of(machine),
        attempt=attempted(machine.name),
        **parts,
    )


def log_phone_page(machine: Machine) -> None:
    """That an attempt led to the telephone is a line in the setup log (row 38)."""
    note_phone_page(room().folder, machine, _country(machine), own_time(machine))


def _country(machine: Machine) -> Country:
    """Where the person says they are, else where the computer was set up for."""
    return number_for(machine, request.values.get("country"))
