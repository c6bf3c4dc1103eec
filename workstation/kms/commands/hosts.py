"""Commands that make hosts, show them, and change what they run on."""

from datetime import timedelta

import click
from rich.console import Console

from workstation.commands.group import Places, as_json, decline, find_network, print_json
from workstation.computer.declined import Declined
from workstation.keeping.folder import Missing
from workstation.kms import display
from workstation.kms.commands.group import find_host, look_at_host
from workstation.kms.host import Host, install_update, move_clock
from workstation.kms.setting_up import Place, read_beside, set_up

DEFAULT_SYSTEM = "server-2008-r2"


@click.command()
@click.argument("host")
@click.option("--key", required=True, help="The KMS host key, a simulator key (SIMxx-…).")
@click.option("--on", "system", default=DEFAULT_SYSTEM, show_default=True, help="Short name of the system that it runs on.")
@click.option("--virtual", is_flag=True, help="It runs on a virtual machine.")
@click.option("--beside", default="", help='What else runs there, for example "DNS, file server".')
@click.option("--centre", help="URL of the activation centre, when it is not this instance's own.")
@click.pass_obj
def new(places: Places, host: str, key: str, system: str, virtual: bool, beside: str, centre: str | None) -> None:
    """Set up a key-management host with a KMS host key."""
    services = read_beside(beside)
    if isinstance(services, Declined):
        decline(services.sentence)
    place = Place(system, virtual, services)
    network = find_network(places)
    made = set_up(network.hosts, host, centre or places.base_url, key, place, network.catalogue, now=network.now)
    if isinstance(made, Declined):
        decline(made.sentence)
    click.echo(f"{host}: key-management host on {made.system.title}, with the key of {made.machine.media.group_title}.")
    click.echo("It activates nobody before the vendor has registered it, by web or by phone:")
    click.echo(f"  activation-center kms register {host}")
    click.echo(
        f"  activation-center kms show {host}    has the installation ID to read to the line; then `kms confirm {host} …`"
    )


@click.command()
@click.argument("host")
@as_json
@click.pass_obj
def show(places: Places, host: str, json_wanted: bool) -> None:
    """Show a host: role, key, registration, counts and thresholds, who has asked."""
    network = find_network(places)
    found = look_at_host(network, host)
    if json_wanted:
        print_json(display.describe(found, network.catalogue, network.time_of(found)))
    else:
        Console(highlight=False).print(display.render(found, network.catalogue, network.time_of(found)))


@click.command("list")
@as_json
@click.pass_obj
def list_command(places: Places, json_wanted: bool) -> None:
    """List the hosts."""
    network = find_network(places)
    found = network.hosts.read_all()
    rows = [(host, network.time_of(host)) for host in found if isinstance(host, Host)]
    if json_wanted:
        print_json([display.summarise(host, now) for host, now in rows])
    elif rows:
        Console(highlight=False).print(display.render_list(rows))
    elif not found:
        click.echo("There are no key-management hosts yet.")
        click.echo("Set one up: activation-center kms new kms-1 --key SIM…")
    for broken in found:
        if isinstance(broken, Missing):
            click.echo(broken.sentence, err=True)


@click.command()
@click.argument("host")
@click.pass_obj
def update(places: Places, host: str) -> None:
    """Install the update with which an older host serves newer systems."""
    network = find_network(places)
    updated = install_update(find_host(network, host))
    if isinstance(updated, Declined):
        decline(updated.sentence)
    network.hosts.write(updated)
    newer = " and ".join(places.catalogue.generations[name].title for name in updated.system.serves_updated)
    click.echo(f"{host}: {updated.system.update} is installed; its system can serve {newer} now.")


@click.command()
@click.argument("host")
@click.option("--days", type=click.IntRange(0, 3650), default=0, help="Days to move it ahead by.")
@click.option("--hours", type=click.IntRange(0, 10_000), default=0, help="Hours to move it ahead by.")
@click.pass_obj
def clock(places: Places, host: str, days: int, hours: int) -> None:
    """Move a host's clock ahead, to see counts and activations run out."""
    network = find_network(places)
    moved = move_clock(find_host(network, host), timedelta(days=days, hours=hours))
    network.hosts.write(moved)
    now = network.time_of(moved)
    click.echo(f"{host}: it is {now:%Y-%m-%d %H:%M} UTC there; it counts {moved.counted(now):,} computers.")


@click.command()
@click.argument("host")
@click.pass_obj
def remove(places: Places, host: str) -> None:
    """Scrap a host; its registration stays counted at the vendor."""
    hosts = find_network(places).hosts
    with hosts.lock(host):
        if not hosts.remove(host):
            decline(f"There is no key-management host named {host!r}.")
    click.echo(f"{host}: removed.")


COMMANDS = (new, show, list_command, update, clock, remove)
