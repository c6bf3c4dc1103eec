"""Registration at the terminal: offered by the wizard after activation, and by itself as `regwiz` (rows 50, 51)."""

from uuid import uuid4

import click

from workstation.commands.group import Desk, Places, decline, look_at_desk
from workstation.computer.declined import Declined
from workstation.computer.machine import Machine
from workstation.keeping.setup_log import lines_of
from workstation.registration import Form, NotRegistered, Registered, read_form, register, register_in_clear, warning_in_clear
from workstation.words import say

SWITCH = "/r"
"""What one used to write behind `regwiz`; it changes nothing."""


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="NAME [/r]")
@click.option("--full-name", help="Who registers; asked for when not given.")
@click.option("--address", help="Their address.")
@click.option("--email", help="Their e-mail address; may be empty.")
@click.option("--country", help="Their country or region (two letters).")
@click.option("--mailings/--no-mailings", default=None, help="Whether they want to be written to.")
@click.option("--yes", is_flag=True, help="Skip the first page; send without encryption where there is no other way.")
@click.pass_obj
def regwiz(places: Places, /, words: tuple[str, ...], yes: bool, **typed: str | bool | None) -> None:
    """Register a computer's product; optional, and apart from activation."""
    names = [word for word in words if word.lower() != SWITCH]
    if len(names) != 1:
        raise click.UsageError("Name one workstation: regwiz NAME /r")
    desk = look_at_desk(places, names[0])
    if not (yes or _wants_to(desk.machine)):
        click.echo(say("registration.skipped", desk.machine.language, name=desk.machine.name))
        return
    form, request_id = _ask(desk.machine, typed), uuid4().hex
    outcome = register(desk.machine, form, request_id)
    if isinstance(outcome, NotRegistered) and outcome.is_blocked and (warning := warning_in_clear(desk.machine)):
        click.echo(warning, err=True)
        if yes or click.confirm(say("registration.send_anyway", desk.machine.language)):
            outcome = register_in_clear(desk.machine, form, request_id)
    _finish(desk, outcome)


def offer_registration(desk: Desk) -> None:
    """The wizard's last page: by HTTPS only (row 51)."""
    if _wants_to(desk.machine):
        _finish(desk, register(desk.machine, _ask(desk.machine, {}), uuid4().hex))
    else:
        click.echo(say("registration.skipped", desk.machine.language, name=desk.machine.name))


def _wants_to(machine: Machine) -> bool:
    """The first page, which explains, and its question."""
    click.echo(say("registration.title", machine.language, product=machine.media.product.title))
    click.echo(say("registration.about", machine.language))
    return click.confirm(say("registration.go_on", machine.language), default=False)


def _ask(machine: Machine, typed: dict[str, str | bool | None]) -> Form:
    """What was not given as an option is asked for."""
    language = machine.language

    def text(name: str, key: str, default: str | None = None) -> str:
        given = typed.get(name)
        return str(given) if given is not None else click.prompt(say(f"registration.ask_{key}", language), default=default)

    mailings = typed.get("mailings")
    form = read_form(
        text("full_name", "name"),
        text("address", "address"),
        text("email", "email", ""),
        text("country", "country", machine.country),
        bool(mailings) if mailings is not None else click.confirm(say("registration.ask_mailings", language), default=False),
        language,
    )
    if isinstance(form, Declined):
        decline(form.sentence)
    return form


def _finish(desk: Desk, outcome: Registered | NotRegistered) -> None:
    desk.folder.append_log(desk.machine.name, lines_of(desk.machine, desk.now, outcome.steps))
    if isinstance(outcome, NotRegistered):
        decline(outcome.sentence)
    click.echo(outcome.sentence)


COMMANDS = (regwiz,)
