"""The commands that look after a collection: `list`, `remove`, `forget`."""

from pathlib import Path

import click

from activation.redaction import redact
from workstation.commands.group import Places, as_json, decline
from workstation.proxy import display
from workstation.proxy.choosing import choose, unfitting
from workstation.proxy.collection import Status
from workstation.proxy.commands.group import collection_option, find_file, show, usable, working_on

status_option = click.option(
    "--status", type=click.Choice([str(status) for status in Status]), help="Only rows of this status."
)


@click.command("list")
@status_option
@collection_option
@as_json
@click.pass_obj
def list_command(places: Places, status: str | None, path: Path | None, json_wanted: bool) -> None:
    """List the rows: how far each has come, its confirmation ID or what is wrong."""
    every = usable(find_file(places, path).read()).statuses()
    rows = [(row, reached) for row, reached in every if status in {None, str(reached)}]
    show(json_wanted, lambda: [display.describe(row, reached) for row, reached in rows], lambda: display.render_rows(rows))


@click.command()
@click.argument("names", nargs=-1)
@status_option
@collection_option
@click.pass_obj
def remove(places: Places, names: tuple[str, ...], status: str | None, path: Path | None) -> None:
    """Take computers out of the collection: those of NAMES ('lab-*'), of a status, or both.

    A confirmation ID that is removed cannot be applied again.
    """
    if not (names or status):
        raise click.UsageError("Say what to remove: names, patterns such as 'lab-*', or --status.")
    file = find_file(places, path)
    with working_on(file) as collection:
        labels = tuple(row.label for row in collection.rows)
        if strangers := unfitting(labels, names):
            decline(f"The collection has no computer named {', '.join(strangers)}; `proxy list` shows them all.")
        chosen = {*choose(labels, names or ("*",))}
        leaving = [
            (row, reached) for row, reached in collection.statuses() if row.label in chosen and status in {None, reached}
        ]
        if any(reached is Status.SENT for _, reached in leaving):
            decline("Some of these were sent and not answered; run `proxy send` first, or they might be counted unseen.")
        file.write(collection.without({row.row_id for row, _ in leaving}))
    click.echo(f"{len(leaving):,} removed.")


@click.command()
@click.confirmation_option(prompt="All its confirmation IDs are lost with it. Forget the collection?")
@collection_option
@click.pass_obj
def forget(places: Places, path: Path | None) -> None:
    """Delete the collection with all that is in it."""
    file = find_file(places, path)
    with working_on(file):
        file.remove()
    click.echo(redact(f"{file.path}: forgotten."))


COMMANDS = (list_command, remove, forget)
