"""Commands that make and remove computers (rows 2, 4 to 9, 39, 60, 70, 81)."""

import click

from workstation.commands.group import Desk, Places, decline, find_folder, look_at_desk, real_now
from workstation.computer.declined import Declined
from workstation.computer.hardware import fresh_parts
from workstation.computer.machine import Machine
from workstation.computer.traits import Image
from workstation.display import computer
from workstation.kms.misuse import misuse_in_words
from workstation.kms.preference import preference_in_words
from workstation.setup.copying import clone, duplicate
from workstation.setup.installing import NotInstalled, Setup, install
from workstation.words import LANGUAGES

MOST_COPIES = 10_000
IMAGES = [Image.OWN.value, Image.MAKER.value]


@click.command()
@click.option("--name", required=True, help="What to call it: letters, digits, dots, hyphens, underscores.")
@click.option("--key", default="", help="The simulator product key to install with (SIMxx-…).")
@click.option(
    "--product",
    help="Short name of another edition that a volume key installs; without --key, of a volume edition to be activated by a "
    "key-management host.",
)
@click.option("--centre", help="URL of the activation centre, when it is not this instance's own.")
@click.option("--firmware-marker", is_flag=True, help="The maker's marker is in the firmware.")
@click.option("--image", type=click.Choice(IMAGES), default=Image.OWN.value, help="What it is installed from (OEM keys only).")
@click.option("--virtual", is_flag=True, help="It is a virtual machine.")
@click.option("--no-base-licence", is_flag=True, help="It has no licence of its own below a volume licence.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="The system's language.")
@click.option("--country", default="US", help="Where it stands (a code such as GB).")
@click.pass_obj
def new(
    places: Places,
    name: str,
    key: str,
    product: str | None,
    centre: str | None,
    firmware_marker: bool,
    image: str,
    virtual: bool,
    no_base_licence: bool,
    language: str,
    country: str,
) -> None:
    """Install a workstation with media from the centre."""
    if not key and not product:
        decline("Name a product key with --key, or with --product a volume edition that needs none (windows-7-professional).")
    setup = Setup(firmware_marker, Image(image), virtual, not no_base_licence, language, country)
    now = real_now()
    machine = install(find_folder(places), name, centre or places.base_url, key, product, setup, now=now)
    if isinstance(machine, NotInstalled):
        decline(machine.sentence)
    click.echo(f"{name}: {machine.media.product.title} installed; {computer.state_in_words(machine, now)}.")
    if misuse := misuse_in_words(machine):
        click.echo(misuse)
    click.echo(_how_to_go_on(machine))


def _how_to_go_on(machine: Machine) -> str:
    if machine.media.is_client_setup:
        looking = f"activation-center workstation slmgr {machine.name} /ato"
        return f"It was installed without a key and looks for a key-management host in its network: {looking}"
    return preference_in_words(machine) or f"Its installation ID: activation-center workstation show {machine.name}"


@click.command("clone")
@click.argument("name")
@click.option("--as", "copy_name", required=True, help="What to call the other computer.")
@click.pass_obj
def clone_command(places: Places, name: str, copy_name: str) -> None:
    """Copy a computer's disk into another computer.

    The same installation, in hardware with other parts.
    """
    desk = look_at_desk(places, name)
    copy = _add(desk, clone(desk.machine, copy_name, fresh_parts(desk.machine.parts), desk.now))
    click.echo(f"{copy.name}: the disk of {name} in other hardware; {computer.state_in_words(copy, desk.now)}.")


@click.command("image-of")
@click.argument("name")
@click.option("--times", type=click.IntRange(1, MOST_COPIES), required=True, help="How many computers to set up.")
@click.option("--prefix", required=True, help="What their names begin with; a number follows.")
@click.pass_obj
def image_of(places: Places, name: str, times: int, prefix: str) -> None:
    """Set up many computers from an image of this one.

    The image holds a volume key (a MAK, or none for a key-management host).
    """
    desk = look_at_desk(places, name)
    names = [f"{prefix}{number:0{len(str(times))}d}" for number in range(1, times + 1)]
    for complaint in filter(None, map(desk.folder.name_fault, names)):
        decline(complaint)  # before the first computer: nobody is left with half of them
    for copy_name in names:
        copy = _add(desk, duplicate(desk.machine, copy_name, fresh_parts(desk.machine.parts), desk.now))
    computers = f"{times} computers, {names[0]} to {names[-1]}" if times > 1 else f"1 computer, {names[0]}"
    click.echo(f"{computers}, set up from an image of {name}; {computer.state_in_words(copy, desk.now)}.")


@click.command()
@click.argument("name")
@click.pass_obj
def remove(places: Places, name: str) -> None:
    """Scrap a workstation; its activation stays counted at the centre."""
    folder = find_folder(places)
    with folder.lock(name):
        if not folder.remove(name):
            decline(f"There is no workstation named {name!r}.")
    click.echo(f"{name}: removed.")


def _add(desk: Desk, copy: Machine | Declined) -> Machine:
    """Saves a new computer. Raises ClickException where there is none, or another has its name."""
    if isinstance(copy, Declined):
        decline(copy.sentence)
    if complaint := desk.folder.add(copy):
        decline(complaint)
    return copy


COMMANDS = (new, clone_command, image_of, remove)
