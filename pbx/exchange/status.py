"""The command `exchange status`: what is under way, and how it sounds."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from pbx.call import CallStatus
from pbx.exchange.client import AccountSettings, ExchangeClient, FindExchange, Row, Rows, ask_exchange
from pbx.rest.state import STATE_PATH

LIVE = (CallStatus.QUEUED, CallStatus.RINGING, CallStatus.IN_PROGRESS)
TABLES = {
    "calls": ("Calls", ("sid", "from", "to", "status", "start_time")),
    "legs": ("Legs", ("call_sid", "caller", "codec", "received", "sent", "lost", "jitter")),
    "queues": ("Queues", ("friendly_name", "current_size", "average_wait_time", "sid")),
    "conferences": ("Conferences", ("friendly_name", "status", "participants", "date_created", "sid")),
    "phones": ("Phones", ("address", "kind", "transport", "contact")),
}
"""The columns of each table, few enough for a terminal of 80 columns; `--json` has every field, whole."""

SID_CHARACTERS_SHOWN = 8
SIDS = ("sid", "call_sid")


def status_command(find_exchange: FindExchange) -> click.Command:
    """Calls, the sound of their legs, queues, conferences, and phones that can be rung."""

    @click.pass_obj
    def status(settings: AccountSettings, /, as_json: bool) -> None:
        listings = asyncio.run(_listings(settings, find_exchange))
        if as_json:
            click.echo(json.dumps(listings, indent=2))
        else:
            print_tables(listings)

    option = click.Option(["--json", "as_json"], is_flag=True, help="As JSON.")
    help_text = "Calls, their sound, queues, conferences and phones."
    return click.Command("status", callback=status, params=[option], help=help_text)


def print_tables(listings: Mapping[str, Rows]) -> None:
    """Each listing as a table, or that there is none."""
    console = Console()
    for name, rows in listings.items():
        title, columns = TABLES[name]
        if not rows:
            console.print(f"{title}: none.")
            continue
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
        for column in columns:
            table.add_column(column.replace("_", " "), overflow="fold")
        for row in rows:
            table.add_row(*(_cell(column, row) for column in columns))
        console.print(table)


async def _listings(settings: AccountSettings, find_exchange: FindExchange) -> dict[str, Rows]:
    async with ask_exchange(settings, find_exchange) as exchange:
        calls = [call for status in LIVE for call in await exchange.listing("Calls", Status=status)]
        rooms = [room for room in await exchange.listing("Conferences") if room["status"] != "completed"]
        state = await exchange.page(STATE_PATH)
        return {
            "calls": calls,
            "legs": state["legs"],
            "queues": await exchange.listing("Queues"),
            "conferences": [await _with_participants(exchange, room) for room in rooms],
            "phones": state["phones"],
        }


async def _with_participants(exchange: ExchangeClient, room: Row) -> Row:
    return {**room, "participants": await exchange.listing(f"Conferences/{room['sid']}/Participants")}


def _cell(column: str, row: Row) -> str:
    """A field as the table has room for it: a sid by its beginning, people by their number, a date as UTC."""
    match column:
        case "received" | "sent" | "lost":
            return f"{row[f'{column}_frames']}"
        case "jitter":
            return f"{row['jitter_seconds'] * 1000:.1f} ms"
        case "participants":
            return str(len(row[column]))
    value: Any = row.get(column)
    if value is None:
        return ""
    if column in SIDS:
        return f"{value[:SID_CHARACTERS_SHOWN]}…"
    if column in ("start_time", "date_created"):
        return f"{parsedate_to_datetime(value).astimezone(UTC):%d %b %H:%M:%S} UTC"
    return str(value)
