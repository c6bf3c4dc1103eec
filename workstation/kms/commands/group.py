"""The group of the hosts' commands, and a host as they find it."""

import click

from workstation.commands.group import decline
from workstation.guarded import GuardedGroup
from workstation.keeping.folder import Missing
from workstation.kms.host import Host
from workstation.kms.network import Network


@click.group(cls=GuardedGroup)
def kms() -> None:
    """Key-management hosts, modelled.

    A host activates the volume clients of its own network, from 5 computers
    on servers and from 25 on clients. The vendor knows the host alone: it is
    registered with a KMS host key, by phone or by web.
    """


def find_host(network: Network, name: str) -> Host:
    """The host of this name, nobody else's to change until the command ends.

    Raises ClickException with a sentence where there is none.
    """
    click.get_current_context().with_resource(network.hosts.lock(name))
    return look_at_host(network, name)


def look_at_host(network: Network, name: str) -> Host:
    """The host of this name, only to be looked at. Raises ClickException as `find_host` does."""
    found = network.hosts.read(name)
    if isinstance(found, Missing):
        decline(found.sentence)
    return found
