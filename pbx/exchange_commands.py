"""The commands `exchange run` and `exchange status`."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import aiohttp
import click
from rich import box
from rich.console import Console
from rich.table import Table

from pbx.call import API_VERSION, CallStatus
from pbx.exchange import Account, run_exchange

ANSWER_SECONDS = 5.0
DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8001
LIVE = (CallStatus.QUEUED, CallStatus.RINGING, CallStatus.IN_PROGRESS)

Rows = Sequence[Mapping[str, Any]]
TABLES = {
    "calls": ("Calls", ("sid", "from", "to", "status", "start_time")),
    "queues": ("Queues", ("friendly_name", "current_size", "average_wait_time", "sid")),
    "conferences": ("Conferences", ("friendly_name", "status", "participants", "date_created", "sid")),
}
"""The columns of each table, few enough for a terminal of 80 columns; `--json` has every field, whole."""

SID_CHARACTERS_SHOWN = 8

RUN_HELP = """The exchange alone (`serve` starts it).

It serves Twilio's REST API and the phones that attach to it."""

RUN_OPTIONS = (
    click.Option(["--host"], default=DEFAULT_HOST, show_default=True, help="Address to listen on."),
    click.Option(
        ["--port"], default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
    ),
)


class AccountSettings(Protocol):
    """What the commands find in click's `ctx.obj`: the account whose exchange it is."""

    @property
    def account_sid(self) -> str: ...
    @property
    def auth_token(self) -> str: ...


def exchange_command(
    note_address: Callable[[str], None],
    forget_address: Callable[[str], None],
    find_exchange: Callable[[], str | None],
    redact: Callable[[str], str],
) -> click.Group:
    """The group `exchange`.

    `note_address` learns the base URL of an exchange that has begun to run and `forget_address` that it runs no more;
    `find_exchange` gives the one noted, or None. `redact` removes from a text message what may never be kept.
    """
    group = click.Group("exchange", help="The local telephone exchange: a small Twilio on this machine.")
    group.add_command(_run_command(note_address, forget_address, redact))
    group.add_command(_status_command(find_exchange))
    return group


def _run_command(
    note_address: Callable[[str], None], forget_address: Callable[[str], None], redact: Callable[[str], str]
) -> click.Command:
    @click.pass_obj
    def run(settings: AccountSettings, /, host: str, port: int) -> None:
        noted: list[str] = []

        def note(base_url: str) -> None:
            noted.append(base_url)
            note_address(base_url)
            click.echo(f"The exchange listens on {base_url}.")

        try:
            asyncio.run(run_exchange(_account(settings), host, port, note, redact))
        except OSError as error:
            sentence = f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port."
            raise click.ClickException(sentence) from None
        finally:
            for base_url in noted:
                forget_address(base_url)

    return click.Command("run", callback=run, params=list(RUN_OPTIONS), help=RUN_HELP)


def _status_command(find_exchange: Callable[[], str | None]) -> click.Command:
    @click.pass_obj
    def status(settings: AccountSettings, /, as_json: bool) -> None:
        base_url = find_exchange()
        if base_url is None:
            raise click.ClickException("no exchange runs; start one with `activation-center serve`.")
        listings = asyncio.run(_listings(base_url, _account(settings)))
        if as_json:
            click.echo(json.dumps(listings, indent=2))
        else:
            _print(listings)

    option = click.Option(["--json", "as_json"], is_flag=True, help="As JSON.")
    return click.Command("status", callback=status, params=[option], help="Calls, queues and conferences under way.")


def _account(settings: AccountSettings) -> Account:
    return Account(settings.account_sid, settings.auth_token)


async def _listings(base_url: str, account: Account) -> dict[str, Rows]:
    """What is live at the exchange. Raises ClickException when it does not answer, or not this account."""
    headers = {"Authorization": aiohttp.encode_basic_auth(account.sid, account.auth_token)}
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    folder = f"{base_url.rstrip('/')}/{API_VERSION}/Accounts/{account.sid}"
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout, raise_for_status=True) as session:
            calls = [call for status in LIVE for call in await _all(session, f"{folder}/Calls.json?Status={status}", "calls")]
            queues = await _all(session, f"{folder}/Queues.json", "queues")
            rooms = await _all(session, f"{folder}/Conferences.json", "conferences")
            live = [await _with_participants(session, folder, room) for room in rooms if room["status"] != "completed"]
    except aiohttp.ClientResponseError as error:
        raise click.ClickException(f"the exchange at {base_url} refused: HTTP status {error.status}.") from None
    except (aiohttp.ClientError, TimeoutError):
        raise click.ClickException(f"no exchange answers at {base_url}; start one with `activation-center serve`.") from None
    return {"calls": calls, "queues": queues, "conferences": live}


async def _all(session: aiohttp.ClientSession, url: str, name: str) -> Rows:
    async with session.get(f"{url}{'&' if '?' in url else '?'}PageSize=1000") as response:
        rows: Rows = (await response.json())[name]
        return rows


async def _with_participants(session: aiohttp.ClientSession, folder: str, room: Mapping[str, Any]) -> Mapping[str, Any]:
    url = f"{folder}/Conferences/{room['sid']}/Participants.json"
    return {**room, "participants": await _all(session, url, "participants")}


def _print(listings: Mapping[str, Rows]) -> None:
    console = Console()
    for name, (title, columns) in TABLES.items():
        if not listings[name]:
            console.print(f"{title}: none.")
            continue
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
        for column in columns:
            table.add_column(column.replace("_", " "), overflow="fold")
        for row in listings[name]:
            table.add_row(*(_cell(column, row[column]) for column in columns))
        console.print(table)


def _cell(column: str, value: Any) -> str:
    """A field as the table has room for it: a sid by its beginning, people by their number, a date as UTC."""
    if value is None:
        return ""
    if column == "sid":
        return f"{value[:SID_CHARACTERS_SHOWN]}…"
    if column == "participants":
        return str(len(value))
    if column in ("start_time", "date_created"):
        return f"{parsedate_to_datetime(value).astimezone(UTC):%d %b %H:%M:%S} UTC"
    return str(value)
