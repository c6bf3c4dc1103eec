"""Commands that register a host with the vendor: by web, or with the confirmation ID that the line has read."""

from uuid import uuid4

import click

from workstation.activating.internet import Ending
from workstation.commands.group import Places, decline, find_network
from workstation.computer.declined import NotConfirmed
from workstation.computer.machine import confirm
from workstation.kms.commands.group import find_host
from workstation.kms.host import confirmed_as


@click.command("confirm")
@click.argument("host")
@click.argument("confirmation_id", nargs=-1, required=True)
@click.pass_obj
def confirm_command(places: Places, host: str, confirmation_id: tuple[str, ...]) -> None:
    """Type the confirmation ID that registers a host.

    In one piece or in blocks, with any separators.
    """
    network = find_network(places)
    found = find_host(network, host)
    outcome = confirm(found.machine, " ".join(confirmation_id), network.time_of(found))
    if isinstance(outcome, NotConfirmed):
        decline(outcome.sentence)
    network.hosts.write(confirmed_as(found, outcome))
    click.echo(f"{host}: registered with the vendor.")


@click.command()
@click.argument("host")
@click.pass_obj
def register(places: Places, host: str) -> None:
    """Register a host with the vendor by web.

    Every registration uses one of the host's ten confirmation IDs.
    """
    network = find_network(places)
    attempt = network.register(find_host(network, host), uuid4().hex)
    if attempt.ending is not Ending.ACTIVATED:
        decline(f"{host}: not registered. {attempt.sentence}")
    click.echo(f"{host}: registered with the vendor. {attempt.sentence}")


COMMANDS = (confirm_command, register)
