"""How listings look in a terminal: tables and details that fit 80 columns, plain when they go into a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.demo import Demo

_RIGID = frozenset({"serial", "key", "number", "count", "phone", "agreement", "password"})
"""Columns that are never broken over two lines: what one reads aloud or copies."""


def print_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """One line a row under the titles of `columns`; nothing at all for no rows."""
    if not rows:
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name, title in columns.items():
        table.add_column(title, no_wrap=name in _RIGID)
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    _console().print(table)


def print_details(description: Mapping[str, Any]) -> None:
    """One line for each entry, its name first."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in description.items():
        table.add_row(name.replace("_", " ").capitalize(), _cell(value))
    _console().print(table)


def print_demo(demo: Demo) -> None:
    """The demo keys, and the first passwords of agents and contacts: shown this once."""
    print_table([{"key": key.text, "title": key.title} for key in demo.keys], {"key": "Demo key", "title": "What it is"})
    people = [{"name": first.name, "role": first.role, "password": first.password} for first in demo.passwords]
    print_table(people, {"name": "Agent", "role": "Role", "password": "First password"})
    contacts = [
        {"name": each.name, "organisation": each.organisation, "password": each.password} for each in demo.contact_passwords
    ]
    print_table(contacts, {"name": "Portal contact", "organisation": "Customer", "password": "First password"})
    _console().print("The passwords are stored hashed and shown only now.")


def _console() -> Console:
    """Made when it prints, so that it writes to whatever standard output is then."""
    return Console(highlight=False)


def _cell(value: object) -> Text:
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Text(", ".join(map(str, value)) or "-")
    return Text("-" if value is None else str(value))
