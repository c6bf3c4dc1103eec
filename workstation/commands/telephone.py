"""The telephone's page at the terminal, and the setup log."""

from pathlib import Path

import click

from workstation.activating.online import note_phone_page
from workstation.activating.phone_page import countries_page, number_for, phone_page
from workstation.commands.group import Desk, Places, decline, look_at_desk
from workstation.words import say

country_option = click.option("--country", help="Where you are (a code such as GB); else where the computer is.")


@click.command()
@click.argument("name")
@country_option
@click.option("--list", "list_wanted", is_flag=True, help="List the countries and their numbers instead.")
@click.pass_obj
def slui(places: Places, name: str, country: str | None, list_wanted: bool) -> None:
    """Show whom to call and what to read (slui 4)."""
    desk = look_at_desk(places, name)
    if list_wanted:
        click.echo("\n".join(countries_page(desk.machine)))
    else:
        show_phone_page(desk, country)


@click.command()
@click.argument("name")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it into this file instead.")
@click.pass_obj
def log(places: Places, name: str, out: Path | None) -> None:
    """Show the setup log with its codes (setuplog.txt)."""
    desk = look_at_desk(places, name)
    text = desk.folder.read_log(desk.machine.name)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"{desk.machine.name}: {len(text.splitlines())} lines written to {out}.")


def show_phone_page(desk: Desk, asked: str | None) -> None:
    """Prints the page; that it was shown is a line in the log. A volume client has nothing to read to the line (row 60)."""
    machine = desk.machine
    if machine.media.is_client_setup:
        decline(say("confirm.by_host", machine.language))
    country = number_for(machine, asked)
    click.echo("\n".join(phone_page(machine, country)))
    note_phone_page(desk.folder, machine, country, desk.now)


COMMANDS = (slui, log)
