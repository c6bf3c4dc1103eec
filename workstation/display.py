"""A workstation as people and programs see it: tables for a terminal of 80 columns, plain mappings for `--json`.

What is shown is computed by `machine.py`; here it only gets its form. Times are stored in UTC and shown to people in
their own zone.
"""

import math
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from activation.catalogue import Country
from activation.hardware import COMPONENTS, hash_hardware, pieces
from workstation.machine import Machine, days_left, installation_id, product_id, state


def state_in_words(machine: Machine, now: datetime) -> str:
    """The state with what belongs to it: "in grace, 29 days left"."""
    words, days = str(state(machine, now)), days_left(machine, now)
    return words if days is None else f"{words}, {days} day{'' if days == 1 else 's'} left"


def describe(machine: Machine, countries: Iterable[Country], now: datetime) -> dict[str, Any]:
    """Everything `show` shows, for programs; `kept` are the bits that enter the hardware hash, hexadecimal (row 18)."""
    return summarise(machine, now) | {
        "installation_id": list(installation_id(machine)),
        "phone_numbers": [asdict(country) for country in countries],
        "hardware": [dict(zip(("part", "value", "kept", "bits"), row, strict=True)) for row in _components(machine)],
    }


def summarise(machine: Machine, now: datetime) -> dict[str, Any]:
    """One entry of `list`, for programs; times are UTC."""
    activation = machine.activation
    return {
        "name": machine.name,
        "product": machine.media.product.title,
        "channel": machine.media.channel,
        "product_id": product_id(machine),
        "state": state(machine, now),
        "days_left": days_left(machine, now),
        "installed_at": machine.installed_at.isoformat(),
        "activated_at": activation.activated_at.isoformat() if activation else None,
    }


def render(machine: Machine, countries: Iterable[Country], now: datetime) -> RenderableType:
    """The page of `show`: facts, the installation ID in numbered groups, whom to call, what of the hardware is kept."""
    return Group(
        _facts(machine, now),
        _section("Installation ID, to be read to the line group by group", _id_table(machine)),
        _section("Activation centre", _phone_table(countries)),
        _section("Hardware; only the pieces kept enter the installation ID", _hardware_table(machine)),
    )


def render_list(machines: Iterable[Machine], now: datetime) -> RenderableType:
    """The table of `list`."""
    table = Table("Name", "Product", "State", box=None, pad_edge=False)
    for machine in machines:
        table.add_row(Text(machine.name), Text(machine.media.product.title), state_in_words(machine, now))
    return table


def _facts(machine: Machine, now: datetime) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    rows = {
        "Workstation": machine.name,
        "Product": f"{machine.media.product.title} ({machine.media.channel})",
        "Product ID": product_id(machine),
        "State": state_in_words(machine, now),
        "Installed": _local(machine.installed_at),
    }
    if machine.activation:
        rows["Activated"] = _local(machine.activation.activated_at)
    for title, value in rows.items():
        table.add_row(Text(title, style="bold"), Text(value))
    return table


def _section(title: str, body: RenderableType) -> RenderableType:
    return Padding(Group(Text(title, style="bold"), body), (1, 0, 0, 0))


def _id_table(machine: Machine) -> Table:
    groups = installation_id(machine)
    table = Table(*(str(number) for number in range(1, len(groups) + 1)), box=None, pad_edge=False)
    table.add_row(*groups)
    return table


def _phone_table(countries: Iterable[Country]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for country in countries:
        table.add_row(country.code, Text(country.title), country.number, "toll-free" if country.toll_free else "toll")
    return table


def _hardware_table(machine: Machine) -> Table:
    table = Table("Part", "Value", "Kept", "Bits", box=None, pad_edge=False)
    for part, value, kept, bits in _components(machine):
        table.add_row(part, Text(value), kept, str(bits))
    return table


def _components(machine: Machine) -> Iterable[tuple[str, str, str, int]]:
    """Each component's name, value, kept piece (hexadecimal) and the piece's length in bits."""
    for component, piece in zip(COMPONENTS, pieces(hash_hardware(machine.parts)), strict=True):
        hex_digits = math.ceil(component.bits / 4)
        yield component.name, machine.parts.get(component.name, ""), f"{piece:0{hex_digits}x}", component.bits


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M %Z")
