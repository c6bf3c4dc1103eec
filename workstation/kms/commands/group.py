"""The group of the hosts' commands, and what they all need: the network, and a host of it."""

from typing import Protocol

import click

from activation.catalogue import Catalogue
from workstation.commands.group import GuardedGroup, Places, decline, find_folder, real_now
from workstation.folder import Missing
from workstation.kms.files import host_folder
from workstation.kms.host import Host
from workstation.kms.network import Network


class KmsPlaces(Places, Protocol):
    """What these commands need to know of the instance: where it is, and what can be activated."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be activated, and what hosts run on."""


@click.group(cls=GuardedGroup)
def kms() -> None:
    """Key-management hosts, modelled.

    A host activates the volume clients of its own network, from 5 computers
    on servers and from 25 on clients. The vendor knows the host alone: it is
    registered with a KMS host key, by phone or by web.
    """


def find_network(places: KmsPlaces) -> Network:
    """The hosts and workstations of the instance now. Raises ClickException where there is no instance."""
    return Network(host_folder(places.home), find_folder(places), places.catalogue, real_now())


def find_host(network: Network, name: str) -> Host:
    """The host of this name, nobody else's to change until the command ends.

    Raises ClickException with a sentence where there is none.
    """
    click.get_current_context().with_resource(network.hosts.lock(name))
    found = network.hosts.read(name)
    if isinstance(found, Missing):
        decline(found.sentence)
    return found
