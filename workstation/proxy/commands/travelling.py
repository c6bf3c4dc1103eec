"""The commands that carry a collection out of a closed network and home again: `export` and `import`."""

from pathlib import Path

import click

from activation.redaction import redact
from workstation.commands.group import Places, as_json, decline
from workstation.proxy import display
from workstation.proxy.carrying import bring_back, travelling
from workstation.proxy.commands.group import collection_option, end, find_file, show, usable, working_on
from workstation.proxy.files import CollectionFile


@click.command("export")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@collection_option
@click.pass_obj
def export_command(places: Places, out: Path, path: Path | None) -> None:
    """Write what waits for a confirmation ID to a file that may travel.

    Row numbers and installation IDs and nothing else: no names, no product
    keys. Where the centre can be reached: proxy send --collection FILE.
    """
    if out.exists():
        decline(f"There is a file {out} already; name another.")
    leaving = travelling(usable(find_file(places, path).read()))
    if not leaving.rows:
        decline("Nothing in the collection waits for a confirmation ID.")
    CollectionFile(out).write(leaving)
    click.echo(redact(f"{len(leaving.rows):,} rows written to {out}, without names. Where the centre can be reached:"))
    click.echo(redact(f"activation-center proxy send --collection {out.name} --centre URL"))


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@collection_option
@as_json
@click.pass_obj
def import_command(places: Places, file: Path, path: Path | None, json_wanted: bool) -> None:
    """Take home the answers in FILE, which was exported from this collection."""
    home, carried = find_file(places, path), usable(CollectionFile(file).read())
    with working_on(home) as collection:
        brought = bring_back(collection, carried)
        if isinstance(brought, str):
            decline(brought)
        home.write(brought.collection)
    show(json_wanted, lambda: display.describe_brought(brought), lambda: display.render_brought(brought))
    end(failed=brought.refused > 0)


COMMANDS = (export_command, import_command)
