"""The commands of telephones, told which computers there are, whose stories can be told and where the exchange is."""

from collections.abc import Mapping

import click

from activation.redaction import redact
from house.backstage import StoryBackstage
from house.demo_computer import DemoComputer
from house.instance import House
from pbx.demo.commands import demo_command
from pbx.exchange.commands import exchange_command
from pbx.exchange.plan import Running
from pbx.terminal.commands import call_command
from stories.commands import with_stories
from workstation.computer.machine import values_for_call
from workstation.keeping.files import MachineFolder, Unreadable


@click.pass_obj
def _values_for_workstation(house: House, name: str) -> Mapping[str, str]:
    """What a scripted call keys in for one of this instance's computers. Raises ClickException for a name unknown here."""
    machine = MachineFolder(house.home).read(name)
    if isinstance(machine, Unreadable):
        raise click.ClickException(machine.sentence)
    return values_for_call(machine)


@click.pass_obj
def _note_exchange(house: House, running: Running) -> None:
    """The exchange runs."""
    house.instance.exchange_address.note(running.base_url)
    if running.sip_address:
        house.instance.sip_address.note(running.sip_address)


@click.pass_obj
def _forget_exchange(house: House, running: Running) -> None:
    """The exchange runs no more."""
    house.instance.exchange_address.forget(running.base_url)
    if running.sip_address:
        house.instance.sip_address.forget(running.sip_address)


@click.pass_obj
def _find_exchange(house: House) -> str | None:
    """Where the exchange is, if it runs."""
    return house.instance.exchange_address.read()


call = call_command(_values_for_workstation, redact, _find_exchange)
demo = with_stories(demo_command(DemoComputer, _find_exchange), StoryBackstage)
exchange = exchange_command(_note_exchange, _forget_exchange, _find_exchange)
