"""The telephone's page at the terminal, and the setup log."""

from pathlib import Path

import click

from workstation.commands.group import Desk, Places, look_at_desk
from workstation.phone_page import countries_page, number_for, phone_page
from workstation.setup_log import Code, log_line

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
    path = desk.folder.log_path(desk.machine.name)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"{desk.machine.name}: {len(text.splitlines())} lines written to {out}.")


def show_phone_page(desk: Desk, asked: str | None) -> None:
    """Prints the page; that it was shown is a line in the log."""
    machine = desk.machine
    country = number_for(machine, asked)
    page = list(phone_page(machine, country))
    click.echo("\n".join(page))
    desk.folder.append_log(machine.name, [log_line(machine, desk.now, page[1], Code.PHONE_PAGE)])


COMMANDS = (slui, log)
