"""The command `audit`: checking and exporting the record of what people did at the console."""

import sys
from http import HTTPStatus
from pathlib import Path

import click

from callcenter.floor import audit_reading
from callcenter.floor.acting import Acting, record
from callcenter.floor.audit import Act, AuditEntry
from callcenter.floor.refusals import Refusal
from data.acting import Instance, act, audit_key
from data.store import Transaction


@click.group()
def audit() -> None:
    """The record of what people did at the console.

    Its entries are chained by a keyed hash, and the end of the chain is noted
    in the file audit-anchors of the instance, outside the database.
    """


@audit.command("verify")
@click.pass_obj
def verify_record(instance: Instance) -> None:
    """Says whether the record is whole; exits with 1 when it is not.

    Nothing is added to a record that does not fit together.
    """
    found = audit_reading.check(instance.store.read, audit_key(instance.secrets), instance.anchors)
    for sentence in found.faults:
        click.echo(sentence)
    if found.faults:
        click.echo(
            f"The record does not fit together: {_count(len(found.faults), 'fault')} in {_count(found.entries, 'entry')}."
        )
        sys.exit(1)
    click.echo(f"The record is whole: {_count(found.entries, 'entry')}, {_count(found.anchors, 'anchor')}.")
    detail = {"entries": found.entries, "anchors": found.anchors}
    act(instance, lambda tx, acting: record(tx, acting, Act.RECORD_VERIFIED, "audit", detail))


@audit.command("export")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="How to write it.")
@click.option("--personal", is_flag=True, help="With the words kept outside the chain: names, notes, phone numbers.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write, instead of the screen.")
@click.pass_obj
def export_record(instance: Instance, kind: str, personal: bool, output: Path | None) -> None:
    """Writes the record as CSV or JSON, this export included."""
    write = audit_reading.as_csv if kind == "csv" else audit_reading.as_json

    def work(tx: Transaction, acting: Acting) -> str:
        record(tx, acting, Act.EXPORTED, "audit", {"format": kind, "personal": personal})
        return write(audit_reading.whole(tx.audit), tx.audit.personal_text if personal else audit_reading.no_words)

    text = act(instance, work)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as fault:
        raise click.ClickException(f"{output} cannot be written: {fault.strerror}.") from None
    click.echo(f"Wrote {output}.")


@audit.command("erase")
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@click.pass_obj
def erase_words(instance: Instance, number: int) -> None:
    """Erases the personal words kept beside entry NUMBER: names, notes, phone numbers.

    The entry itself stays, the record remains whole, and the erasure is on it.
    """

    def work(tx: Transaction, acting: Acting) -> AuditEntry | Refusal:
        found = tx.audit.after(number - 1, 1)
        if not found or found[0].number != number:
            return Refusal("audit.entry", f"The record has no entry {number}.", HTTPStatus.NOT_FOUND)
        reference = found[0].personal
        if reference is None or not tx.audit.erase_personal_text(reference):
            return Refusal("audit.words", f"Entry {number} has no personal words beside it, or they are erased already.")
        return record(tx, acting, Act.PERSONAL_ERASED, f"act/{number}", {})

    act(instance, work)
    click.echo(f"The personal words of entry {number} are erased.")


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
