"""A collection and what was done with it, as people and programs see them: tables for a terminal, mappings for `--json`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from workstation.proxy.applying import Applied, Outcome
from workstation.proxy.carrying import CarriedBack
from workstation.proxy.centre import Count
from workstation.proxy.collecting import Collected
from workstation.proxy.collection import Row, Status
from workstation.proxy.sending import Sent

MOST_SHOWN = 20
"""Failures a summary names one by one; `--json` and `proxy list` have all."""


def describe(row: Row, status: Status) -> dict[str, Any]:
    """One row for programs; of a product key the last block only."""
    received, refused = row.received, row.refused
    return {
        "row_id": row.row_id,
        "name": row.name,
        "status": status,
        "installation_id": row.installation_id,
        "key": row.product_key[-5:] or None,
        "virtual": row.is_virtual,
        "confirmation_id": list(received.confirmation_id) if received else None,
        "issue_number": received.issue_number if received else None,
        "counted": received.counted if received else None,
        "code": refused.code if refused else None,
        "detail": refused.sentence if refused else None,
        "group": refused.group if refused else None,
        "right_product": refused.right_product if refused else None,
        "activated_at": row.activated_at.isoformat() if row.activated_at else None,
    }


def render_rows(rows: Iterable[tuple[Row, Status]]) -> RenderableType:
    """The table of `list`: each row with its confirmation ID or the reason why it has none."""
    table = Table("Row", "Name", "Status", "Confirmation ID, or what is wrong", box=None, pad_edge=False)
    for row, status in rows:
        table.add_row(str(row.row_id), Text(row.name), status, Text(_detail(row)))
    return table


def _detail(row: Row) -> str:
    if row.received:
        return " ".join(row.received.confirmation_id)
    return row.refused.sentence if row.refused else ""


def describe_collected(collected: Collected) -> dict[str, Any]:
    """What `collect` did, for programs."""
    return {
        "added": collected.added,
        "known": collected.known,
        "duplicates": collected.duplicates,
        "replaced": collected.replaced,
        "rows": len(collected.collection.rows),
        "failed": [{"what": one.what, "detail": one.sentence} for one in collected.failed],
    }


def render_collected(collected: Collected) -> RenderableType:
    """What `collect` did."""
    counts = {
        "collected": collected.added,
        "there already": collected.known,
        "duplicates": collected.duplicates,
        "replaced": collected.replaced,
        "not collected": len(collected.failed),
        "rows in all": len(collected.collection.rows),
    }
    virtual = sum(row.is_virtual for row in collected.collection.rows)
    note = (
        f"{virtual} virtual: each uses an activation like any other; for virtual machines KMS is preferred." if virtual else ""
    )
    return _summary(counts, [(one.what, one.sentence) for one in collected.failed], [note])


def describe_sent(sent: Sent) -> dict[str, Any]:
    """What `send` did, for programs: `rows` are those answered this time."""
    return _counts_of_sent(sent) | {
        "refused_by_code": dict(Counter(row.refused.code for row in sent.rows if row.refused)),
        "remaining": dict(sent.remaining),
        "problems": list(sent.problems),
        "rows": [describe(row, Status.RECEIVED if row.received else Status.REFUSED) for row in sent.rows],
    }


def render_sent(sent: Sent) -> RenderableType:
    """What `send` did: counts, refusals by reason and by row, what is left of the keys."""
    refused = [(row.label, row.refused) for row in sent.rows if row.refused]
    counts = _counts_of_sent(sent)
    left = counts.pop("left")
    reasons = Counter(f"  {refusal.code}" for _, refusal in refused)
    remaining = [f"Left of the key ending in {key}: {number:,}." for key, number in sent.remaining.items()]
    failures = [(label, refusal.sentence) for label, refusal in refused]
    return _summary({**counts, **reasons, "left to send": left}, failures, [*remaining, *dict.fromkeys(sent.problems)])


def _counts_of_sent(sent: Sent) -> dict[str, int]:
    return {
        "received": sum(row.received is not None for row in sent.rows),
        "counted": sum(row.received is not None and row.received.counted for row in sent.rows),
        "refused": sum(row.refused is not None for row in sent.rows),
        "left": sum(status in {Status.COLLECTED, Status.SENT} for _, status in sent.collection.statuses()),
    }


def describe_applied(results: Sequence[Applied]) -> dict[str, Any]:
    """What `apply` did, for programs."""
    rows = [{"name": one.name, "outcome": one.outcome, "detail": one.sentence or None} for one in results]
    return {"outcomes": dict(Counter(one.outcome for one in results)), "rows": rows}


def render_applied(results: Sequence[Applied]) -> RenderableType:
    """What `apply` did: how many computers each outcome had, and every failure."""
    failures = [(one.name, one.sentence) for one in results if one.outcome is Outcome.FAILED]
    return _summary(Counter(str(one.outcome) for one in results), failures, [])


def describe_brought(brought: CarriedBack) -> dict[str, Any]:
    """What `import` did, for programs."""
    names = ("received", "refused", "waiting", "unknown")
    return {name: getattr(brought, name) for name in names} | {"remaining": dict(brought.collection.remaining)}


def render_brought(brought: CarriedBack) -> RenderableType:
    """What `import` did."""
    counts = {
        "received": brought.received,
        "refused": brought.refused,
        "without an answer": brought.waiting,
        "not in this collection": brought.unknown,
    }
    return _summary(counts, [], [])


def render_counts(counts: Iterable[Count]) -> RenderableType:
    """The table of `counts`."""
    table = Table("Key", "Allowed", "Used", "Remaining", box=None, pad_edge=False)
    for count in counts:
        table.add_row(f"…{count.key}", f"{count.allowed:,}", f"{count.used:,}", f"{count.remaining:,}")
    return table


def _summary(counts: Mapping[str, int], failures: Sequence[tuple[str, str]], notes: Iterable[str]) -> RenderableType:
    """Failures first, so that the counts stand last, where one looks."""
    named = Table(box=None, show_header=False, pad_edge=False)
    for what, sentence in failures[:MOST_SHOWN]:
        named.add_row(Text(what, style="bold"), Text(sentence))
    if len(failures) > MOST_SHOWN:
        named.add_row("", f"and {len(failures) - MOST_SHOWN:,} more")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for what, number in counts.items():
        if number:
            table.add_row(what, f"{number:,}")
    if not table.row_count:
        table.add_row("Nothing to do.", "")
    return Group(*([named] if failures else []), table, *(Text(note) for note in notes if note))
