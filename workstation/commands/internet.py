"""Activation over the internet at the terminal: the wizard's one command, the addresses it uses, what was sent."""

from dataclasses import replace
from time import monotonic
from uuid import uuid4

import click
from rich.console import Console

from workstation.activating.addresses import Address, activation_address, probe_address, set_routes
from workstation.activating.internet import Attempt, Ending
from workstation.activating.online import activate_and_keep, last_exchange
from workstation.activating.privacy import privacy_statement
from workstation.activating.request import MOST_COMPUTERS
from workstation.commands.group import Desk, Places, as_json, decline, find_desk, look_at_desk, print_json
from workstation.commands.registering import offer_registration
from workstation.commands.telephone import country_option, show_phone_page
from workstation.computer.machine import Machine
from workstation.computer.traits import Routes
from workstation.display.request import describe, render
from workstation.keeping.setup_log import Code, log_line
from workstation.words import say


@click.command()
@click.argument("name")
@country_option
@click.option("--yes", is_flag=True, help="Skip the privacy statement and its question.")
@click.option(
    "--computers",
    type=click.IntRange(1, MOST_COMPUTERS),
    help="The answer to the question on how many computers the copy is installed, should it be asked.",
)
@click.option("--register", is_flag=True, help="Offer registration afterwards, as the wizard does.")
@click.pass_obj
def activate(places: Places, name: str, country: str | None, yes: bool, computers: int | None, register: bool) -> None:
    """Activate over the internet; when it fails, show the phone page."""
    reader = look_at_desk(places, name)  # the computer is not held while somebody reads
    if not (yes or _agreed(reader)):
        _leave_to_telephone(reader, say("internet.declined", reader.machine.language), country)
    desk = find_desk(places, name)
    activate_online(desk, country, computers)
    if register:
        offer_registration(desk)


def activate_online(desk: Desk, country: str | None = None, computers: int | None = None) -> None:
    """Activates and prints how that went; ends the command with the phone page where it did not (row 33)."""
    attempt, seconds = _attempt(desk, None)
    if attempt.ending is Ending.QUESTION:
        click.echo(attempt.sentence)
        question = say("internet.question", desk.machine.language)
        computers = computers or click.prompt(question, type=click.IntRange(1, MOST_COMPUTERS))
        attempt, seconds = _attempt(replace(desk, machine=attempt.machine), computers)
    if attempt.ending is Ending.ACTIVATED:
        click.echo(f"{attempt.machine.name}: {attempt.sentence}")
        click.echo(say("internet.seconds", attempt.machine.language, seconds=f"{seconds:.1f}"))
    elif attempt.leads_to_telephone:
        _leave_to_telephone(desk, attempt.sentence, country)
    else:
        decline(attempt.sentence)


@click.command()
@click.argument("name")
@click.option("--probe-url", help="Where the plain probe goes (http://HOST).")
@click.option("--activation-url", help="Where the request goes (https://HOST; http only on this machine).")
@click.option("--modem/--no-modem", default=None, help="Connected by modem: no probe.")
@click.option("--reset", is_flag=True, help="Back to the centre's own addresses.")
@as_json
@click.pass_obj
def routes(
    places: Places,
    name: str,
    probe_url: str | None,
    activation_url: str | None,
    modem: bool | None,
    reset: bool,
    json_wanted: bool,
) -> None:
    """Show or set how the computer reaches the centre."""
    desk = find_desk(places, name)
    if "" in (probe_url, activation_url):  # an empty variable of a script, most likely; --reset is the way back
        decline(say("internet.address_malformed", desk.machine.language))
    before = Routes() if reset else desk.machine.routes
    after = Routes(
        before.probe_url if probe_url is None else probe_url,
        before.activation_url if activation_url is None else activation_url,
        before.modem if modem is None else modem,
    )
    machine = desk.machine if after == desk.machine.routes else desk.keep(set_routes(desk.machine, after))
    _show_routes(machine, json_wanted)


@click.command()
@click.argument("name")
@as_json
@click.pass_obj
def requests(places: Places, name: str, json_wanted: bool) -> None:
    """Show what was sent last, and that nothing personal is in it."""
    desk = look_at_desk(places, name)
    exchange = last_exchange(desk.folder, desk.machine)
    if json_wanted:
        print_json(describe(exchange, desk.machine.language) if exchange else None)
    elif exchange is None:
        click.echo(say("request.nothing", desk.machine.language))
    else:
        Console(highlight=False).print(render(exchange, desk.machine.language))


def _attempt(desk: Desk, computers: int | None) -> tuple[Attempt, float]:
    """One attempt, and how many seconds it took."""
    began = monotonic()
    attempt = activate_and_keep(desk.folder, desk.machine, uuid4().hex, desk.now, computers)
    return attempt, monotonic() - began


def _agreed(desk: Desk) -> bool:
    """Shows the privacy statement before anything leaves (row 27)."""
    language = desk.machine.language
    click.echo("\n".join(privacy_statement(desk.machine)))
    if click.confirm(say("internet.agree", language), default=True):
        return True
    words = say("internet.declined", language)
    desk.folder.append_log(desk.machine.name, [log_line(desk.machine, desk.now, words, Code.NOTHING_SENT)])
    return False


def _leave_to_telephone(desk: Desk, sentence: str, country: str | None) -> None:
    """Says why, shows the phone page and ends the command with status 1: the computer is not activated."""
    click.echo(f"{sentence}\n", err=True)
    show_phone_page(desk, country)
    click.get_current_context().exit(1)


def _show_routes(machine: Machine, json_wanted: bool) -> None:
    probe, activation = probe_address(machine), activation_address(machine)
    shown = {
        "probe_url": probe.url if isinstance(probe, Address) else "",
        "activation_url": activation.url if isinstance(activation, Address) else "",
        "modem": machine.routes.modem,
    }
    if json_wanted:
        print_json(shown)
        return
    click.echo(f"Probe:      {shown['probe_url'] or '–'}{' (skipped: modem)' if machine.routes.modem else ''}")
    click.echo(f"Activation: {shown['activation_url'] or '–'}")


COMMANDS = (activate, routes, requests)
