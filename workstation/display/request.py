"""The request viewer: what was sent, field by field, and whether all of it was listed."""

from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from workstation.activating.exchange import Exchange, said, shown_fields, statement
from workstation.activating.request import not_listed
from workstation.display.tables import section
from workstation.words import say


def describe(exchange: Exchange, language: str) -> dict[str, Any]:
    """The exchange for programs."""
    return {
        "at": exchange.at.isoformat(),
        "headers": dict(exchange.headers),
        "fields": dict(exchange.fields),
        "status": exchange.status,
        "answered": dict(exchange.answered),
        "trace": list(exchange.trace),
        "not_listed": list(not_listed(exchange.fields, exchange.generation)),
        "statement": statement(exchange, language),
    }


def render(exchange: Exchange, language: str) -> RenderableType:
    """The exchange for people."""
    moment = exchange.at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
    return Group(
        Text(say("request.title", language, moment=moment), style="bold"),
        _fields(exchange, language),
        section(say("request.headers", language), *(Text(f"{name}: {value}") for name, value in exchange.headers.items())),
        section(say("request.answer", language), *map(Text, _answer(exchange, language))),
        section(say("request.trace", language), *map(Text, exchange.trace)),
        Padding(Text(statement(exchange, language), style="bold"), (1, 0, 0, 0)),
    )


def _fields(exchange: Exchange, language: str) -> Table:
    table = Table(*(say(f"request.{column}", language) for column in ("name", "value", "purpose")), box=None, pad_edge=False)
    for shown in shown_fields(exchange, language):
        table.add_row(shown.name, Text(shown.value, overflow="fold"), Text(shown.purpose))
    return table


def _answer(exchange: Exchange, language: str) -> list[str]:
    if not exchange.status:
        return [say("request.no_answer", language)]
    told = [f"{say(f'request.{name}', language)}: {said(value, language)}" for name, value in exchange.answered.items()]
    is_granted = "counted" in exchange.answered
    return [f"HTTP {exchange.status}", *told, *([say("request.confirmation", language)] if is_granted else [])]
