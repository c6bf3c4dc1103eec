"""A key-management host as people and programs see it: tables for a terminal of 80 columns, plain mappings for `--json`.

Times are the host's own, stored in UTC and shown to people in their own zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from activation.catalogue import Catalogue
from activation.rules import KMS_ISSUES_PER_HOST
from workstation.computer.machine import installation_id
from workstation.display.tables import facts, local, section, ways_to_activate
from workstation.kms.host import COUNTED_FOR, Host, Known, activates

ROLE = "key-management host: activates volume clients inside the customer's own network"
KEY_USE = "registers this host with the vendor, and does nothing else"


def summarise(host: Host, now: datetime) -> dict[str, Any]:
    """One entry of `kms list`, for programs; times are UTC."""
    media, activation = host.machine.media, host.machine.activation
    return {
        "name": host.name,
        "system": host.system.title,
        "is_virtual": host.machine.is_virtual,
        "key_group": media.group_title,
        "registered_at": activation.activated_at.isoformat() if activation else None,
        "counted": host.counted(now),
        "activated": sum(known.number for known in host.known.values() if known.activated_until(now)),
    }


def describe(host: Host, catalogue: Catalogue, now: datetime) -> dict[str, Any]:
    """Everything `kms show` shows, for programs."""
    return summarise(host, now) | {
        "role": ROLE,
        "beside": list(host.beside),
        "key_use": KEY_USE,
        "activates": [product.title for product in activates(host, catalogue)],
        "update": {"title": host.system.update, "is_installed": host.is_updated} if host.system.update else None,
        "issues": {"used": host.issues, "of": KMS_ISSUES_PER_HOST} if host.is_registered else None,
        "counts": counts(host, now),
        "thresholds": thresholds(host, catalogue, now),
        "installation_id": list(installation_id(host.machine)),
        "phone_numbers": [asdict(country) for country in host.machine.media.countries],
        "known": [_known_document(known, catalogue, now) for known in host.known.values()],
        "now": now.isoformat(),
    }


def counts(host: Host, now: datetime) -> Mapping[str, int]:
    """Who asked within the window: physical and virtual computers that count, and virtual ones that do not (row 57)."""
    recent = [known for known in host.known.values() if now - known.asked_at < COUNTED_FOR]
    return {
        "physical": sum(known.number for known in recent if not known.is_virtual),
        "virtual": sum(known.number for known in recent if known.is_virtual and known.counts),
        "virtual_not_counted": sum(known.number for known in recent if not known.counts),
    }


def thresholds(host: Host, catalogue: Catalogue, now: datetime) -> Mapping[str, Mapping[str, int]]:
    """From how many computers on each generation is activated, by its title, and how many are missing (row 56)."""
    counted, served = host.counted(now), {product.generation for product in activates(host, catalogue)}
    return {
        each.title: {"from": each.kms_threshold, "missing": max(0, each.kms_threshold - counted)}
        for each in catalogue.generations.values()
        if each.name in served and each.kms_threshold is not None
    }


def render(host: Host, catalogue: Catalogue, now: datetime) -> RenderableType:
    """The page of `kms show`."""
    parts: list[RenderableType] = [_facts(host, catalogue, now)]
    if host.known:
        parts.append(section("Who has asked", _known_table(host.known.values(), now)))
    if not host.is_registered:
        parts.extend(ways_to_activate(installation_id(host.machine), host.machine.media.countries))
    return Group(*parts)


def render_list(rows: Iterable[tuple[Host, datetime]]) -> RenderableType:
    """The table of `kms list`: every host at its own time."""
    table = Table("Name", "Runs on", "Host key", "Registered", "Counts", "Activated", box=None, pad_edge=False)
    for host, now in rows:
        row = summarise(host, now)
        registered = "yes" if row["registered_at"] else "no"
        table.add_row(host.name, _runs_on(host), row["key_group"], registered, f"{row['counted']:,}", f"{row['activated']:,}")
    return table


def _facts(host: Host, catalogue: Catalogue, now: datetime) -> Table:
    activation, counted = host.machine.activation, counts(host, now)
    return facts(
        {
            "Host": f"{host.name}, on {_runs_on(host)}",
            "Role": ROLE,
            "Beside it": f"{', '.join(host.beside) or 'nothing'} (a host is light and may share its machine)",
            "Host key": f"{host.machine.media.group_title}; it {KEY_USE}",
            "Activates": ", ".join(product.title for product in activates(host, catalogue)),
            "Update": _update(host, catalogue),
            "Registered": f"{local(activation.activated_at)}; {_issues(host)}"
            if activation
            else "not yet: it activates nobody",
            "Counts": f"{host.counted(now):,} computers of the last {COUNTED_FOR.days} days ({counted['physical']:,} physical, "
            f"{counted['virtual']:,} virtual; {counted['virtual_not_counted']:,} virtual ones of old versions not counted)",
            "Thresholds": "; ".join(_threshold(name, each) for name, each in thresholds(host, catalogue, now).items()),
        }
    )


def _runs_on(host: Host) -> str:
    return f"{host.system.title}{' (virtual)' if host.machine.is_virtual else ''}"


def _update(host: Host, catalogue: Catalogue) -> str:
    if host.system.update is None:
        return "none needed"
    if host.is_updated:
        return f"{host.system.update} is installed"
    newer = " and ".join(catalogue.generations[name].title for name in host.system.serves_updated)
    return f"{host.system.update} is missing; without it there is no serving {newer}"


def _issues(host: Host) -> str:
    return f"{host.issues} of {KMS_ISSUES_PER_HOST} confirmation IDs used, as far as the host knows"


def _threshold(name: str, threshold: Mapping[str, int]) -> str:
    missing = f"{threshold['missing']} missing" if threshold["missing"] else "reached"
    return f"{name} from {threshold['from']} on: {missing}"


def _known_document(known: Known, catalogue: Catalogue, now: datetime) -> dict[str, Any]:
    until, product = known.activated_until(now), catalogue.product_named(known.edition)
    return {
        "name": known.name,
        "product": known.edition,
        "title": product.title if product else known.edition,
        "version": known.version,
        "is_virtual": known.is_virtual,
        "computers": known.number,
        "is_counted": known.is_counted(now),
        "asked_at": known.asked_at.isoformat(),
        "activated_until": until.isoformat() if until else None,
    }


def _known_table(everybody: Iterable[Known], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Product", "Version", "Computers", "Asked", "Activated until"):
        table.add_column(heading, overflow="fold")
    for known in everybody:
        until = known.activated_until(now)
        kind = f"{known.version}{' virtual' if known.is_virtual else ''}"
        number = f"{known.number:,}{'' if known.is_counted(now) else ', not counted'}"
        ends = _day(until) if until else "not activated"
        table.add_row(Text(known.name), known.edition, kind, number, _day(known.asked_at), ends)
    return table


def _day(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d")
