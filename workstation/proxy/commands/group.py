"""The group of the proxy tool's commands, and what they all need: the collection's file and a way to print."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console, RenderableType

from workstation.commands.group import Places, decline, find_folder, print_json
from workstation.guarded import GuardedGroup
from workstation.proxy.centre import Centre
from workstation.proxy.collection import Collection
from workstation.proxy.files import CollectionFile, Unusable

USUAL_FILE = "collection.json"

collection_option = click.option(
    "--collection",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The file of the collection; the instance's own {USUAL_FILE} when not given.",
)
centre_option = click.option("--centre", metavar="URL", help="The activation centre, when it is not this instance's own.")


@click.group(cls=GuardedGroup)
def proxy() -> None:
    """Activate many computers through one.

    Collect the installation IDs of computers that have no way out, send them
    to the activation centre in one go, and apply what comes back:

    \b
      proxy collect --all
      proxy send
      proxy apply

    Where the centre cannot be reached from here, `proxy export` writes a
    file to carry to where it can; `proxy import` takes it back.
    """


def find_file(places: Places, path: Path | None) -> CollectionFile:
    """The collection's file. Raises ClickException where there is no instance to have one."""
    return CollectionFile(path or find_folder(places).home / USUAL_FILE)


def find_centre(places: Places, url: str | None) -> Centre:
    """The activation centre to ask."""
    return Centre((url or places.base_url).rstrip("/"))


def usable(found: Collection | Unusable) -> Collection:
    """The collection. Raises ClickException where there is none."""
    if isinstance(found, Unusable):
        decline(found.sentence)
    return found


@contextmanager
def working_on(file: CollectionFile, *, begin: bool = False) -> Iterator[Collection]:
    """The collection, which no other tool changes meanwhile; with `begin` a new one where there is no file."""
    if not begin:
        usable(file.read())
    with file.held() as busy:
        if busy:
            decline(busy.sentence)
        yield usable(file.read_or_begin() if begin else file.read())


def show(json_wanted: bool, document: Callable[[], Any], page: Callable[[], RenderableType]) -> None:
    """Prints a result for programs or for people."""
    if json_wanted:
        print_json(document())
    else:
        Console(highlight=False).print(page())


def end(*, failed: bool) -> None:
    """Ends the command, with status 1 where something failed: what did has been shown."""
    if failed:
        click.get_current_context().exit(1)
