"""What the pages at the terminal are built of: titled sections, facts, groups to read, numbers to call, moments."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from activation.catalogue import Country


def section(title: str, *body: RenderableType) -> RenderableType:
    """A part of a page with its title, a line below the part before it."""
    return Padding(Group(Text(title, style="bold"), *body), (1, 0, 0, 0))


def facts(rows: Mapping[str, str]) -> Table:
    """A table of names and values."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for title, value in rows.items():
        table.add_row(Text(title, style="bold"), Text(value))
    return table


def ways_to_activate(groups: tuple[str, ...], countries: Iterable[Country]) -> tuple[RenderableType, RenderableType]:
    """What is to be read to the line, and whom to call."""
    numbered = Table(*(str(number) for number in range(1, len(groups) + 1)), box=None, pad_edge=False)
    numbered.add_row(*groups)
    numbers = Table(box=None, show_header=False, pad_edge=False)
    for country in countries:
        numbers.add_row(country.code, Text(country.title), country.number, "toll-free" if country.toll_free else "toll")
    return section("Installation ID, to be read to the line group by group", numbered), section("Activation centre", numbers)


def local(moment: datetime) -> str:
    """A moment in the reader's own zone."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M %Z")
