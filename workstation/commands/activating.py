"""Commands that activate a computer."""

import click

from workstation.commands.group import Places, decline, find_desk
from workstation.declined import NotConfirmed
from workstation.machine import confirm, happened
from workstation.traits import Kind


@click.command("confirm")
@click.argument("name")
@click.argument("confirmation_id", nargs=-1, required=True)
@click.pass_obj
def confirm_command(places: Places, name: str, confirmation_id: tuple[str, ...]) -> None:
    """Type a confirmation ID; it is checked offline.

    In one piece or in blocks, with any separators.
    """
    desk = find_desk(places, name)
    outcome = confirm(desk.machine, " ".join(confirmation_id), desk.now)
    if isinstance(outcome, NotConfirmed):
        desk.keep(happened(desk.machine, desk.now, Kind.REFUSED, outcome.sentence))
        decline(outcome.sentence)
    desk.keep(outcome)
    click.echo(f"{outcome.name}: activated.")


COMMANDS = (confirm_command,)
