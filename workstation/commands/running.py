"""Commands for a computer that runs: its clock, its logon, a restart, and the fix of KB 824345 (rows 40 to 45, 87 to 92)."""

from datetime import datetime

import click
from rich.console import Console

from workstation.commands.group import Places, as_json, find_desk, look_at_desk, print_json, real_now, tell_what_happened
from workstation.computer.declined import Declined
from workstation.computer.machine import Machine, machine_now
from workstation.display import computer, story
from workstation.display.tables import local
from workstation.life.clock import move_ahead, move_to, read_duration, reset
from workstation.life.fixing import Way, apply_fix, restart, switch_fault
from workstation.life.logon import log_on

TIME_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


@click.command()
@click.argument("name")
@click.option("--ahead", help="Move it ahead by so much: 5d, 36h, 90m, 1d12h.")
@click.option("--to", type=click.DateTime(TIME_FORMATS), help="Set it to this moment, in your own zone.")
@click.option("--reset", "back_to_real", is_flag=True, help="Set it to the real time.")
@click.pass_obj
def clock(places: Places, name: str, ahead: str | None, to: datetime | None, back_to_real: bool) -> None:
    """Show or move the clock of a computer.

    Every other command works at the computer's own time.
    """
    if (ahead is not None) + (to is not None) + back_to_real > 1:
        raise click.UsageError("Give one of --ahead, --to and --reset.")
    if ahead is None and to is None and not back_to_real:
        machine = look_at_desk(places, name).machine
    else:
        desk = find_desk(places, name)
        machine = desk.keep(_moved(desk.machine, ahead, to))
    now = machine_now(machine, real_now())
    click.echo(f"{machine.name}: {local(now)}; {computer.state_in_words(machine, now)}.")


def _moved(machine: Machine, ahead: str | None, to: datetime | None) -> Machine | Declined:
    if to is not None:
        return move_to(machine, to.astimezone(), real_now())
    if ahead is None:
        return reset(machine, real_now())
    if (by := read_duration(ahead)) is None:
        raise click.UsageError("--ahead is a number with w, d, h, m or s, for example 5d, 36h or 1d12h.")
    return move_ahead(machine, by, real_now())


@click.command("logon")
@click.argument("name")
@as_json
@click.pass_obj
def logon_command(places: Places, name: str, json_wanted: bool) -> None:
    """Log on, and see what one sees at that."""
    desk = find_desk(places, name)
    machine, seen = log_on(desk.machine, desk.now)
    desk.keep(machine)
    if json_wanted:
        print_json(story.logon_document(seen))
    else:
        Console(highlight=False).print(story.render_logon(seen))


@click.command("restart")
@click.argument("name")
@click.pass_obj
def restart_command(places: Places, name: str) -> None:
    """Restart a computer; a fix that waits comes into force."""
    desk = find_desk(places, name)
    machine = desk.keep(restart(desk.machine, desk.now))
    tell_what_happened(desk.machine, machine)
    click.echo(f"{name}: {computer.state_in_words(machine, desk.now)}.")


@click.command()
@click.argument("name")
@click.option("--by", "way", type=click.Choice([way.value for way in Way]), required=True, help="How it gets there.")
@click.pass_obj
def fix(places: Places, name: str, way: str) -> None:
    """Install the fix for a right confirmation ID that is refused.

    KB 824345: it replaces two system files and needs a restart. When the logon
    is blocked, install it in safe mode or copy the files over in the recovery
    console; else its setup does.
    """
    desk = find_desk(places, name)
    machine = desk.keep(apply_fix(desk.machine, Way(way), desk.now))
    tell_what_happened(desk.machine, machine)
    click.echo(f"Restart it to bring the fix into force: activation-center workstation restart {name}")


@click.command()
@click.argument("name")
@click.argument("position", type=click.Choice(["on", "off"]))
@click.pass_obj
def fault(places: Places, name: str, position: str) -> None:
    """Give a computer the fault of KB 824345, or the corrected files.

    Only Windows Server 2003 Web, Standard, Enterprise and 64-bit Enterprise
    can have it, and have it unless it is switched off.
    """
    desk = find_desk(places, name)
    machine = desk.keep(switch_fault(desk.machine, position == "on"))
    click.echo(f"{machine.name}: late activation fault {position}.")


COMMANDS = (clock, logon_command, restart_command, fix, fault)
