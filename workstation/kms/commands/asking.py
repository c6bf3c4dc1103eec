"""Commands by which computers ask a host: workstations of this instance, and crowds of computers that are all alike."""

from collections.abc import Iterable

import click

from workstation.commands.group import Places, as_json, decline, find_network, print_json
from workstation.computer.declined import Declined
from workstation.computer.machine import Machine
from workstation.keeping.files import MachineFolder, Unreadable
from workstation.kms.commands.group import find_host
from workstation.kms.crowds import MOST_AT_ONCE, Crowd, asking_crowd
from workstation.kms.network import Answer


@click.command()
@click.argument("host")
@click.argument("names", nargs=-1, required=True, metavar="WORKSTATION...")
@as_json
@click.pass_context
def client(ctx: click.Context, host: str, names: tuple[str, ...], json_wanted: bool) -> None:
    """Let workstations of this instance ask a host, one after the other."""
    places: Places = ctx.obj
    network = find_network(places)
    asked = find_host(network, host)
    answers = []
    for machine in [_machine(network.machines, name) for name in names]:
        asked, answer = network.ask_for(asked, machine)
        answers.append(answer)
    _tell(ctx, answers, json_wanted)


@click.command()
@click.argument("host")
@click.option("--count", type=click.IntRange(1, MOST_AT_ONCE), required=True, help="How many computers.")
@click.option("--product", required=True, help="Short name of the edition they run, for example windows-7-professional.")
@click.option("--virtual", is_flag=True, help="They are virtual machines.")
@click.option("--service-pack", type=int, help="Their service pack; the newest when not given.")
@click.option("--without-licence", is_flag=True, help="They have no licence of their own below the volume licence.")
@click.option("--without-marker", is_flag=True, help="Their firmware carries no marker.")
@as_json
@click.pass_context
def crowd(
    ctx: click.Context,
    host: str,
    count: int,
    product: str,
    virtual: bool,
    service_pack: int | None,
    without_licence: bool,
    without_marker: bool,
    json_wanted: bool,
) -> None:
    """Let many new computers that are all alike ask a host."""
    places: Places = ctx.obj
    network = find_network(places)
    asked = find_host(network, host)
    wish = Crowd(count, product, service_pack, virtual, not without_licence, not without_marker)
    asking = asking_crowd(wish, asked, network.catalogue)
    if isinstance(asking, Declined):
        decline(asking.sentence)
    _tell(ctx, [network.ask(asked, asking)[1]], json_wanted)


@click.command()
@click.argument("host")
@as_json
@click.pass_context
def renew(ctx: click.Context, host: str, json_wanted: bool) -> None:
    """Let everybody who has asked a host ask it again, as computers do by themselves."""
    places: Places = ctx.obj
    network = find_network(places)
    answers = network.renew(find_host(network, host))[1]
    if not answers:
        decline(f"Nobody has asked {host} who could ask it again.")
    _tell(ctx, answers, json_wanted)


def _machine(folder: MachineFolder, name: str) -> Machine:
    found = folder.read(name)
    if isinstance(found, Unreadable):
        decline(found.sentence)
    return found


def _tell(ctx: click.Context, answers: Iterable[Answer], json_wanted: bool) -> None:
    """Says what everybody was told; exit status 1 where somebody was not activated."""
    told = tuple(answers)
    if json_wanted:
        print_json([answer.document() for answer in told])
    for answer in () if json_wanted else told:
        click.echo(answer.sentence)
    if not all(answer.is_activated for answer in told):
        ctx.exit(1)


COMMANDS = (client, crowd, renew)
