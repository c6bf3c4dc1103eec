"""A workstation: its page, its line in the list, and both for programs."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from activation.catalogue import Country
from workstation.computer.history import gained
from workstation.computer.machine import (
    Machine,
    days_left,
    has_late_activation_fault,
    installation_id,
    machine_now,
    product_id,
    state,
)
from workstation.computer.tolerance import ALL_VOTES, MOST_VOTES_LOST, Part, changes, parts_of, votes_lost
from workstation.computer.traits import Image, Start
from workstation.display.tables import facts, local, section, ways_to_activate
from workstation.kms.misuse import misuse_in_words, misuses_host_key
from workstation.kms.preference import preference_in_words
from workstation.life.fixing import file_versions
from workstation.life.logon import access


def state_in_words(machine: Machine, now: datetime) -> str:
    """The state with what belongs to it: "in grace, 29 days left"."""
    words, days = str(state(machine, now)), days_left(machine, now)
    return words if days is None else f"{words}, {days} day{'' if days == 1 else 's'} left"


def describe(machine: Machine, countries: Iterable[Country], now: datetime) -> dict[str, Any]:
    """Everything `show` shows, for programs; `kept` are the bits that enter the hardware hash, hexadecimal (row 18)."""
    return summarise(machine, now) | {
        "installation_id": None if machine.media.is_client_setup else list(installation_id(machine)),
        "phone_numbers": [asdict(country) for country in countries],
        "hardware": list(map(_part_document, parts_of(machine))),
        "changed": [asdict(change) for change in changes(machine)],
        "votes_lost": votes_lost(machine),
        "most_votes_lost": MOST_VOTES_LOST,
        "clock": now.isoformat(),
        "clock_ahead_seconds": machine.clock_ahead_seconds,
        "language": machine.language,
        "country": machine.country,
        "virtual": machine.is_virtual,
        "firmware_marker": machine.firmware_marker,
        "image": machine.image,
        "base_licence": machine.base_licence,
        "set_up_as": machine.set_up_as,
        "made_from": machine.made_from or None,
        "rearms": machine.rearms,
        "late_activation_fault": has_late_activation_fault(machine),
        "system_files": file_versions(machine),
        "fix": machine.fix,
        "start": machine.start,
        "host_key_misused": misuses_host_key(machine),
        "activated_by_host": _hosted(machine),
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
        "access": access(machine, now),
        "installed_at": machine.installed_at.isoformat(),
        "activated_at": activation.activated_at.isoformat() if activation else None,
    }


def what_happened(before: Machine, after: Machine) -> list[str]:
    """The lines that a computer's history has gained, for whoever gave the command."""
    return [happening.words for happening in gained(before.history, after.history)]


def votes_in_words(machine: Machine) -> str:
    """What the changes since the activation cost, and how much may still change (rows 45, 47)."""
    changed = ", ".join(f"{change.part} ({change.votes})" for change in changes(machine)) or "nothing"
    lost = votes_lost(machine)
    verdict = "it must be activated again" if lost > MOST_VOTES_LOST else f"up to {MOST_VOTES_LOST} may"
    return f"Changed since the activation, in votes: {changed}; {lost} of {ALL_VOTES}, {verdict}."


def render(machine: Machine, countries: Iterable[Country], now: datetime) -> RenderableType:
    """The page of `show`: facts, the installation ID in groups, whom to call, what of the hardware is kept and has changed."""
    return Group(
        _facts(machine, now),
        *_ways_to_activate(machine, countries),
        section("Hardware; only the pieces kept enter the installation ID", _hardware_table(machine)),
        *([Text(votes_in_words(machine))] if machine.activation else []),
    )


def render_list(machines: Iterable[Machine], real_now: datetime) -> RenderableType:
    """The table of `list`, every computer at its own time."""
    table = Table("Name", "Product", "State", box=None, pad_edge=False)
    for machine in machines:
        table.add_row(
            Text(machine.name), Text(machine.media.product.title), state_in_words(machine, machine_now(machine, real_now))
        )
    return table


def _part_document(part: Part) -> dict[str, Any]:
    return {"part": part.name, "value": part.value, "kept": part.kept, "bits": part.bits}


def _facts(machine: Machine, now: datetime) -> Table:
    rows = {
        "Workstation": machine.name,
        "Product": f"{machine.media.product.title} ({machine.media.channel})",
        "Product ID": product_id(machine),
        "State": state_in_words(machine, now),
        "Logon": access(machine, now),
        "Installed": local(machine.installed_at),
    }
    if machine.activation:
        rows["Activated"] = f"{local(machine.activation.activated_at)}, by {machine.activation.route}"
    return facts(rows | _particulars(machine, now))


def _particulars(machine: Machine, now: datetime) -> dict[str, str]:
    """What is not as on a plain computer."""
    media = machine.media
    setup = [
        "a virtual machine" if machine.is_virtual else "",
        "the maker's marker in the firmware" if machine.firmware_marker else "",
        f"{machine.image} image" if machine.image is not Image.OWN else "",
        "no base licence" if not machine.base_licence else "",
        f"from {machine.made_from}" if machine.made_from else "",
    ]
    files = [f"{name} {version}" for name, version in file_versions(machine).items()]
    found = {
        "Set up": ", ".join(filter(None, setup)),
        "Misuse": misuse_in_words(machine) or "",
        "Advice": preference_in_words(machine) or "",
        "Host": _host_in_words(machine),
        "Converted": f"from {machine.set_up_as} to {media.channel}" if machine.set_up_as else "",
        "Its clock": local(now) if machine.clock_ahead_seconds else "",
        "System files": ", ".join(files) if media.late_activation_fault else "",
        "Started": machine.start if machine.start is not Start.WINDOWS else "",
    }
    return {title: value for title, value in found.items() if value}


def _hosted(machine: Machine) -> dict[str, str] | None:
    """Which key-management host has activated it, and until when."""
    hosted = machine.hosted
    return {"host": hosted.host, "until": hosted.valid_until.isoformat()} if hosted else None


def _host_in_words(machine: Machine) -> str:
    return f"{machine.hosted.host}, until {local(machine.hosted.valid_until)}" if machine.hosted else ""


def _ways_to_activate(machine: Machine, countries: Iterable[Country]) -> tuple[RenderableType, ...]:
    if machine.media.is_client_setup:
        body = Text("A key-management host in its own network; installing a MAK opens the telephone and the internet.")
        return (section("Activated by", body),)
    return ways_to_activate(installation_id(machine), countries)


def _hardware_table(machine: Machine) -> Table:
    table = Table("Part", "Value", "Kept", "Bits", box=None, pad_edge=False)
    for part in parts_of(machine):
        table.add_row(part.name, Text(part.value), part.kept, str(part.bits))
    return table
