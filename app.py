"""The `activation-center` command, and `create_app`. `house/` puts an instance together.

A command is loaded when it is run: what the whole house needs takes seconds to load, which `--help` and most commands need not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import click

from activation.redaction import redact
from callcenter.service.logs import begin_logging
from data.engine import StorageError
from data.instance import NoInstance
from data.settings import SettingsError
from voices.faults import CannotSpeak, NotASound
from workstation.guarded import GuardedGroup

if TYPE_CHECKING:
    from flask import Flask

    from house.instance import House


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command stands, and what the list of commands says of it."""

    module: str
    says: str


COMMANDS: Mapping[str, Place] = {
    "agents": Place("data.people_commands", "The people who may sign in at the console."),
    "agreements": Place("data.commands", "Volume agreements, their contacts and their keys."),
    "audit": Place("data.audit_commands", "The record of what people did at the console."),
    "call": Place("house.telephones", "Call the line."),
    "clerk": Place("house.clerk", "The clerk alone (`serve` starts it)."),
    "demo": Place("house.telephones", "Watch a whole call, or a story."),
    "exchange": Place("house.telephones", "The local telephone exchange: a small Twilio on this machine."),
    "init": Place("house.serving", "Create the instance: secrets, database, demo data."),
    "keys": Place("data.commands", "Product keys and their counts."),
    "kms": Place("workstation.kms.commands", "Key-management hosts, modelled."),
    "outage": Place("data.commands", "Tell callers that activation is down."),
    "proxy": Place("workstation.proxy.commands", "Activate many computers through one."),
    "requirements": Place("data.requirement_commands", "Show every rule of the centre with the tests that show it."),
    "serve": Place("house.serving", "Start everything; creates what is missing."),
    "trainer": Place("house.trainer", "The player of simulated callers alone (`serve` starts it)."),
    "voices": Place("house.speech", "How the line speaks and hears."),
    "web": Place("house.web", "The web server alone (`serve` starts it)."),
    "workstation": Place("workstation.commands", "The caller's computers, simulated."),
}
"""Every command by its name, which its module knows it under, too."""


class Commands(GuardedGroup):
    """The command line: what is expected to go wrong is said in a sentence, and never quotes a foreign key."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        command: click.Command = getattr(import_module(place.module), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].says) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (NoInstance, SettingsError, StorageError, CannotSpeak, NotASound) as fault:
            raise click.ClickException(redact(str(fault))) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="activation-center")
@click.pass_context
def main(ctx: click.Context) -> None:
    """A telephone activation centre on your own machine.

    A caller reads the installation ID of a computer over the phone and hears
    its confirmation ID. A simulator: it activates no real product.

    Start with `activation-center serve`.
    """
    begin_logging()
    ctx.obj = open_house()


def open_house() -> "House":
    """The house of the instance that the environment names, for commands and for programs beside it."""
    from house import instance  # noqa: PLC0415 - see above

    return instance.open_house()


def create_app(house: "House | None" = None) -> "Flask":
    """The web application of one instance, by default the one that the environment names."""
    from house import web  # noqa: PLC0415 - see above

    return web.create_app(house or open_house())


if __name__ == "__main__":
    main()
