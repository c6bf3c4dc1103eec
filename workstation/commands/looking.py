"""Commands that show computers and change nothing."""

from datetime import timedelta

import click
from rich.console import Console

from activation.catalogue import Country
from workstation.commands.group import Places, as_json, find_folder, look_at_desk, print_json, real_now
from workstation.computer.machine import Machine, machine_now
from workstation.computer.media import Media
from workstation.display import computer, story
from workstation.keeping.files import Unreadable
from workstation.life.services import services
from workstation.life.timeline import timeline

MOST_DAYS = 3650


@click.command()
@click.argument("name")
@click.option("--country", help="Show only this country's number (a code such as GB).")
@as_json
@click.pass_obj
def show(places: Places, name: str, country: str | None, json_wanted: bool) -> None:
    """Show state, installation ID, phone numbers and hardware."""
    desk = look_at_desk(places, name)
    countries = _countries(desk.machine.media, country)
    if json_wanted:
        print_json(computer.describe(desk.machine, countries, desk.now))
    else:
        Console(highlight=False).print(computer.render(desk.machine, countries, desk.now))


@click.command("list")
@as_json
@click.pass_obj
def list_command(places: Places, json_wanted: bool) -> None:
    """List the workstations, each at its own time."""
    found, now = find_folder(places).read_all(), real_now()
    machines = [machine for machine in found if isinstance(machine, Machine)]
    if json_wanted:
        print_json([computer.summarise(machine, machine_now(machine, now)) for machine in machines])
    elif machines:
        Console(highlight=False).print(computer.render_list(machines, now))
    elif not found:
        click.echo("There are no workstations yet.")
        click.echo("Install one: activation-center workstation new --name desk-1 --key SIM…")
    for broken in found:
        if isinstance(broken, Unreadable):
            click.echo(broken.sentence, err=True)


@click.command("timeline")
@click.argument("name")
@click.option("--days", type=click.IntRange(0, MOST_DAYS), default=0, help="Also what is due in so many days from now.")
@as_json
@click.pass_obj
def timeline_command(places: Places, name: str, days: int, json_wanted: bool) -> None:
    """Tell what happened to a computer.

    With every reminder that fell due; with --days also what lies ahead if
    nothing is done.
    """
    desk = look_at_desk(places, name)
    entries = timeline(desk.machine, desk.now, desk.now + timedelta(days=days))
    if json_wanted:
        print_json([story.entry_document(entry) for entry in entries])
    elif entries:
        Console(highlight=False).print(story.render_timeline(entries))
    else:
        click.echo("Nothing has happened to this computer yet.")


@click.command("services")
@click.argument("name")
@as_json
@click.pass_obj
def services_command(places: Places, name: str, json_wanted: bool) -> None:
    """Show which services run, remote administration among them.

    They run whatever the activation says.
    """
    found = services(look_at_desk(places, name).machine)
    if json_wanted:
        print_json([story.service_document(service) for service in found])
    else:
        Console(highlight=False).print(story.render_services(found))


def _countries(media: Media, code: str | None) -> tuple[Country, ...]:
    if code is None:
        return media.countries
    if country := media.country(code):
        return (country,)
    codes = ", ".join(country.code for country in media.countries)
    raise click.ClickException(f"The list has no country with the code {code!r}; it has {codes}.")


COMMANDS = (show, list_command, timeline_command, services_command)
