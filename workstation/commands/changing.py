"""Commands that change what a computer is made of, what it is installed from and with which key (rows 6, 7, 12, 47, 81)."""

from collections.abc import Iterable
from datetime import datetime
from random import SystemRandom

import click

from activation.hardware import COMPONENTS, hash_hardware
from activation.redaction import holds_foreign_key
from workstation.commands.group import Places, decline, find_desk, tell_what_happened
from workstation.computer.hardware import replace_part
from workstation.computer.machine import Machine, change_hardware
from workstation.computer.traits import Image
from workstation.display import computer
from workstation.setup.installing import exchange_key, put_volume_media
from workstation.setup.relicensing import put_image

PART_NAMES = [component.name for component in COMPONENTS]


@click.command()
@click.argument("name")
@click.option(
    "--part",
    type=click.Choice(PART_NAMES, case_sensitive=False),
    multiple=True,
    metavar="PART",
    help=f"A component to exchange, may be given again: {', '.join(PART_NAMES)}.",
)
@click.option("--value", help="The new value of one --part; made up when not given.")
@click.option("--all", "everything", is_flag=True, help="Exchange every component.")
@click.pass_obj
def change(places: Places, name: str, part: tuple[str, ...], value: str | None, everything: bool) -> None:
    """Exchange hardware, which changes the installation ID."""
    if everything == bool(part):
        raise click.UsageError('Say what to exchange: either --part, for example --part "disk serial", or --all.')
    if value is not None and len(part) != 1:
        raise click.UsageError("--value goes with exactly one --part.")
    if value is not None and holds_foreign_key(value):
        decline("That value looks like a product key that is not a simulator key; it was not kept.")
    desk = find_desk(places, name)
    before = desk.machine
    after = desk.keep(change_hardware(before, _new_values(before, PART_NAMES if everything else part, value), desk.now))
    click.echo(_what_changed(before, after, desk.now))
    if after.activation:
        click.echo(computer.votes_in_words(after))


@click.command()
@click.argument("name")
@click.argument("source", type=click.Choice([Image.OWN.value, Image.MAKER.value]))
@click.pass_obj
def image(places: Places, name: str, source: str) -> None:
    """Install an OEM computer anew, from its maker's image or not.

    Only the maker's image, on firmware with the maker's marker, is activated
    without a call.
    """
    desk = find_desk(places, name)
    _tell(desk.machine, desk.keep(put_image(desk.machine, Image(source), desk.now)), desk.now)


@click.command()
@click.argument("name")
@click.option("--key", help="The product key to install instead.")
@click.option("--kms", is_flag=True, help="No key: a key-management host is to activate it.")
@click.pass_obj
def convert(places: Places, name: str, key: str | None, kms: bool) -> None:
    """Exchange the product key of an installed computer.

    From KMS to MAK, from MAK to KMS, or for another key of the same product.
    """
    if kms == bool(key):
        raise click.UsageError("Give either --key, for example a MAK, or --kms.")
    desk = find_desk(places, name)
    _tell(desk.machine, desk.keep(exchange_key(desk.machine, key or "", desk.now)), desk.now)


@click.command()
@click.argument("name")
@click.option("--key", default="", help="The volume key to install with.")
@click.option("--product", help="The edition; without --key a volume edition for a key-management host.")
@click.pass_obj
def reimage(places: Places, name: str, key: str, product: str | None) -> None:
    """Install a retail or OEM computer anew with volume media.

    By re-imaging rights; the computer's record and hardware stay.
    """
    if not key and not product:
        raise click.UsageError("Give the volume key with --key, or a volume edition that needs none with --product.")
    desk = find_desk(places, name)
    _tell(desk.machine, desk.keep(put_volume_media(desk.machine, key, product, desk.now)), desk.now)


def _tell(before: Machine, after: Machine, now: datetime) -> None:
    tell_what_happened(before, after)
    click.echo(f"{after.name}: {computer.state_in_words(after, now)}.")


def _new_values(machine: Machine, names: Iterable[str], value: str | None) -> dict[str, str]:
    return {name: replace_part(name, machine.parts, SystemRandom()) if value is None else value for name in names}


def _what_changed(before: Machine, after: Machine, now: datetime) -> str:
    if hash_hardware(before.parts) == hash_hardware(after.parts):
        return f"{after.name}: changed, but the few bits kept of it are the same, and so is the installation ID."
    return f"{after.name}: changed; it shows a new installation ID and is {computer.state_in_words(after, now)}."


COMMANDS = (change, image, convert, reimage)
