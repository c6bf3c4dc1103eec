"""The commands `exchange …`: run one, and look after the one that runs."""

import asyncio
from collections.abc import Callable
from typing import Protocol

import click

from pbx.exchange.client import FindExchange
from pbx.exchange.log import log_command
from pbx.exchange.pace import new_event_loop
from pbx.exchange.phones import dial_command, phones_command
from pbx.exchange.plan import DEFAULT_SIP_PORT, NO_SIP, Places, Plan, Running, speaks_sip
from pbx.exchange.process import PortInUse, run_exchange
from pbx.exchange.status import status_command

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8001

RUN_HELP = """The exchange alone (`serve` starts it).

It takes calls from SIP phones, browsers and terminals, makes signed webhook requests, runs the TwiML that comes
back, and serves Twilio's REST API."""

PORT = click.IntRange(0, 65535)
RUN_OPTIONS = (
    click.Option(["--host"], default=DEFAULT_HOST, show_default=True, help="Address to listen on."),
    click.Option(["--port"], default=DEFAULT_PORT, show_default=True, type=PORT, help="Port of the API; 0 takes a free one."),
    click.Option(
        ["--sip-port"], default=DEFAULT_SIP_PORT, show_default=True, type=PORT, help="Port of SIP; 0 takes a free one."
    ),
    click.Option(["--no-sip"], is_flag=True, help="Browsers and terminals only."),
)


class HouseSettings(Protocol):
    """What `run` finds in click's `ctx.obj`."""

    @property
    def exchange_plan(self) -> Plan:
        """How this house's exchange is set up."""


def exchange_command(
    note: Callable[[Running], None], forget: Callable[[Running], None], find_exchange: FindExchange
) -> click.Group:
    """The group `exchange`.

    `note` learns where an exchange that has begun to run is reached and `forget` that it runs no more; `find_exchange`
    gives the base URL of the one that runs, or None.
    """
    group = click.Group("exchange", help="The local telephone exchange: a small Twilio on this machine.")
    group.add_command(_run_command(note, forget))
    for make in (status_command, dial_command, phones_command, log_command):
        group.add_command(make(find_exchange))
    return group


def _run_command(note: Callable[[Running], None], forget: Callable[[Running], None]) -> click.Command:
    @click.pass_obj
    def run(settings: HouseSettings, /, host: str, port: int, sip_port: int, no_sip: bool) -> None:
        noted: list[Running] = []

        def begin(running: Running) -> None:
            noted.append(running)
            note(running)
            click.echo(f"The exchange listens on {running.base_url}.")
            if running.sip_address:
                click.echo(f"Softphones dial {running.sip_address}.")

        if not no_sip and not speaks_sip():
            click.echo(NO_SIP)
        places = Places(host, port, sip_port if speaks_sip() and not no_sip else None)
        try:
            with asyncio.Runner(loop_factory=new_event_loop) as runner:
                runner.run(run_exchange(settings.exchange_plan, places, begin))
        except PortInUse as taken:
            raise click.ClickException(str(taken)) from None
        finally:
            for running in noted:
                forget(running)

    return click.Command("run", callback=run, params=list(RUN_OPTIONS), help=RUN_HELP)
