"""Commands that activate a computer."""

import click

from workstation.activating.typing_in import type_in
from workstation.commands.group import Places, decline, find_desk
from workstation.computer.declined import NotConfirmed


@click.command("confirm")
@click.argument("name")
@click.argument("confirmation_id", nargs=-1, required=True)
@click.pass_obj
def confirm_command(places: Places, name: str, confirmation_id: tuple[str, ...]) -> None:
    """Type a confirmation ID; it is checked offline.

    In one piece or in blocks, with any separators.
    """
    desk = find_desk(places, name)
    outcome = type_in(desk.folder, desk.machine, " ".join(confirmation_id), desk.now)
    if isinstance(outcome, NotConfirmed):
        decline(outcome.sentence)
    click.echo(f"{outcome.name}: activated.")


COMMANDS = (confirm_command,)
