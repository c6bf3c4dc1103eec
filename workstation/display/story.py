"""A computer's story, its services and its logon."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from workstation.life.logon import Logon
from workstation.life.services import Service
from workstation.life.timeline import Entry


def entry_document(entry: Entry) -> dict[str, Any]:
    """One line of the timeline, for programs; the time is UTC."""
    return {
        "at": entry.at.astimezone(UTC).isoformat(),
        "kind": entry.kind,
        "words": entry.words,
        "ahead": entry.is_ahead,
        "occasion": entry.occasion,
    }


def render_timeline(entries: Iterable[Entry]) -> RenderableType:
    """The timeline; what still lies ahead is marked with a plus sign."""
    table = Table("", "When", "What", box=None, pad_edge=False)
    for entry in entries:
        table.add_row("+" if entry.is_ahead else " ", _local(entry.at), Text(entry.words))
    return table


def service_document(service: Service) -> dict[str, Any]:
    """One service, for programs."""
    since = service.running_since
    return {
        "name": service.name,
        "title": service.title,
        "state": _service_state(service),
        "since": since.astimezone(UTC).isoformat() if since else None,
    }


def render_services(found: Iterable[Service]) -> RenderableType:
    """The table of `services`."""
    table = Table("Service", "State", "Since", box=None, pad_edge=False)
    for service in found:
        since = _local(service.running_since) if service.running_since else ""
        table.add_row(Text(service.title), _service_state(service), since)
    return table


def logon_document(logon: Logon) -> dict[str, Any]:
    """What a logon shows, for programs."""
    return {
        "access": logon.access,
        "words": logon.words,
        "reminder": logon.reminder,
        "signs": [{"sign": notice.sign, "words": notice.words} for notice in logon.notices],
    }


def render_logon(logon: Logon) -> RenderableType:
    """What a logon shows, one thing a line."""
    lines = [logon.words, *filter(None, [logon.reminder]), *(f"- {notice.words}" for notice in logon.notices)]
    return Group(*map(Text, lines))


def _service_state(service: Service) -> str:
    return "running" if service.running_since else "stopped"


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
