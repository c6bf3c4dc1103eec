"""The command `exchange log`: what went wrong in calls, as Twilio's debugger tells it."""

import asyncio
import json

import click

from pbx.exchange.client import AccountSettings, FindExchange, Row, ask_exchange

LOOK_SECONDS = 1.0

OPTIONS = (
    click.Option(["--follow"], is_flag=True, help="Go on with what comes, until Ctrl-C."),
    click.Option(["--json", "as_json"], is_flag=True, help="One JSON object a line."),
)


def log_command(find_exchange: FindExchange) -> click.Command:
    """Warnings and errors with Twilio's codes, the document and the line, the oldest first."""

    @click.pass_obj
    def log(settings: AccountSettings, /, follow: bool, as_json: bool) -> None:
        try:
            asyncio.run(_tell(settings, find_exchange, follow, as_json))
        except KeyboardInterrupt:
            return

    help_text = "Warnings and errors of calls, with Twilio's codes, the document and the line."
    return click.Command("log", callback=log, params=list(OPTIONS), help=help_text)


async def _tell(settings: AccountSettings, find_exchange: FindExchange, follow: bool, as_json: bool) -> None:
    told: set[str] = set()
    async with ask_exchange(settings, find_exchange) as exchange:
        while True:
            alerts = await exchange.listing("Notifications")
            for alert in reversed([alert for alert in alerts if alert["sid"] not in told]):
                click.echo(json.dumps(alert) if as_json else _sentence(alert))
            told = {alert["sid"] for alert in alerts}
            if not follow:
                break
            await asyncio.sleep(LOOK_SECONDS)
    if not told and not as_json:
        click.echo("Nothing went wrong.")


def _sentence(alert: Row) -> str:
    return f"{alert['message_date']}  {alert['call_sid']}  {alert['message_text']}"
