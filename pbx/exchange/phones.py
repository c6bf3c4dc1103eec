"""The commands `exchange phones` and `exchange dial`: who can be rung here, and ringing them."""

import asyncio
import json
import re
from typing import Protocol

import click

from pbx.call import CallStatus
from pbx.exchange.client import AccountSettings, ExchangeClient, FindExchange, Row, ask_exchange
from pbx.exchange.status import print_tables
from pbx.rest.state import STATE_PATH

LOOK_SECONDS = 0.3
NAME = re.compile(r"[A-Za-z0-9+][A-Za-z0-9._-]{0,63}", re.ASCII)
SENTENCES = {
    CallStatus.BUSY: "The phone is busy, or its holder declined.",
    CallStatus.NO_ANSWER: "Nobody answered.",
    CallStatus.FAILED: "There is no such phone; `exchange phones` lists those that can be rung.",
    CallStatus.CANCELED: "The call was given up.",
}

AS_JSON = click.Option(["--json", "as_json"], is_flag=True, help="As JSON.")
DIAL_OPTIONS = (
    click.Argument(["address"]),
    click.Option(["--from", "caller"], help="Number to show on the phone.  [default: the line's]"),
    click.Option(["--url"], help="Webhook whose document is heard.  [default: the line's]"),
    click.Option(["--twiml"], help="Document that is heard, instead of a webhook's."),
    AS_JSON,
)
DIAL_HELP = """Ring a phone, and connect whoever answers to the line.

\b
  activation-center exchange dial client:amira
  activation-center exchange dial sip:bob@192.0.2.7
  activation-center exchange dial client:amira --twiml '<Response><Say>Hello.</Say></Response>'
"""


class PhoneSettings(AccountSettings, Protocol):
    """What these commands find in click's `ctx.obj`."""

    @property
    def voice_url(self) -> str: ...
    @property
    def line_number(self) -> str: ...
    @property
    def sip_server(self) -> str | None:
        """Host and perhaps port at which SIP phones register; None while the exchange does not speak SIP."""

    def phone_password(self, name: str) -> str:
        """The password of the SIP phone of this name."""


def phones_command(find_exchange: FindExchange) -> click.Group:
    """The group `phones`, which alone lists them."""

    @click.pass_context
    def phones(ctx: click.Context, as_json: bool) -> None:
        if ctx.invoked_subcommand is None:
            _print(asyncio.run(_phones(ctx.obj, find_exchange)), as_json)

    @click.pass_obj
    def add(settings: PhoneSettings, /, name: str, as_json: bool) -> None:
        if not NAME.fullmatch(name):
            raise click.BadParameter("a name is a login or a number: letters, digits, dots, hyphens, underscores.")
        server = settings.sip_server
        account = {"name": name, "password": settings.phone_password(name), "server": server}
        click.echo(json.dumps(account) if as_json else _account(account))

    group = click.Group("phones", callback=phones, params=[AS_JSON], invoke_without_command=True, help="Who can be rung here.")
    parameters = [click.Argument(["name"]), AS_JSON]
    add_help = "What a softphone needs to register under a name: an agent's login, or a number."
    group.add_command(click.Command("add", callback=add, params=parameters, help=add_help))
    return group


def dial_command(find_exchange: FindExchange) -> click.Command:
    """Ring a phone; exits with 1 when nobody takes the call."""

    @click.pass_obj
    def dial(
        settings: PhoneSettings, /, address: str, caller: str | None, url: str | None, twiml: str | None, as_json: bool
    ) -> None:
        if url and twiml:
            raise click.UsageError("--url and --twiml exclude each other.")
        document = {"Twiml": twiml} if twiml else {"Url": url or settings.voice_url}
        call = asyncio.run(_ring(settings, find_exchange, address, caller or settings.line_number, document))
        status = CallStatus(call["status"])
        if as_json:
            click.echo(json.dumps(call, indent=2))
        if status in SENTENCES:
            raise click.ClickException(SENTENCES[status])
        if not as_json:
            click.echo("Answered.")

    return click.Command("dial", callback=dial, params=list(DIAL_OPTIONS), help=DIAL_HELP, short_help="Ring a phone.")


async def _phones(settings: AccountSettings, find_exchange: FindExchange) -> list[Row]:
    async with ask_exchange(settings, find_exchange) as exchange:
        state = await exchange.page(STATE_PATH)
        return list(state["phones"])


async def _ring(
    settings: AccountSettings, find_exchange: FindExchange, address: str, caller: str, document: dict[str, str]
) -> Row:
    """The call once it is known how it came out."""
    async with ask_exchange(settings, find_exchange) as exchange:
        call = await exchange.create("Calls", To=address, From=caller, **document)
        return await _outcome(exchange, call)


async def _outcome(exchange: ExchangeClient, call: Row) -> Row:
    while call["status"] in (CallStatus.QUEUED, CallStatus.RINGING):
        await asyncio.sleep(LOOK_SECONDS)
        call = await exchange.fetch(f"Calls/{call['sid']}")
    return call


def _print(phones: list[Row], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(phones, indent=2))
    else:
        print_tables({"phones": phones})


def _account(account: dict[str, str | None]) -> str:
    server = account["server"] or "none: the exchange is not running with SIP"
    return f"Name      {account['name']}\nPassword  {account['password']}\nServer    {server}"
