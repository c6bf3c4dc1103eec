"""The commands on the way of a computer's activation: `collect`, `send`, `apply`, and `counts`."""

import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import click
from msgspec import to_builtins

from activation.redaction import redact
from workstation.commands.group import Places, as_json, decline, find_folder, real_now
from workstation.computer.machine import Machine
from workstation.keeping.files import MachineFolder, Unreadable
from workstation.proxy import display
from workstation.proxy.applying import Applied, Outcome, apply, note_applied
from workstation.proxy.centre import Count
from workstation.proxy.choosing import choose, unfitting
from workstation.proxy.collecting import Found, NotCollected, collect, look_at
from workstation.proxy.collection import Collection
from workstation.proxy.commands.group import (
    centre_option,
    collection_option,
    end,
    find_centre,
    find_file,
    show,
    usable,
    working_on,
)
from workstation.proxy.commands.progress import progressing
from workstation.proxy.counting import count, product_keys
from workstation.proxy.files import CollectionFile
from workstation.proxy.sending import Done, Sent, Step, Stopped, TurnedDown, Waiting, plan, send
from workstation.proxy.spreadsheet import read_list


@click.command("collect")
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All workstations of this instance.")
@click.option(
    "--csv",
    "lists",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A list with the columns name, installation_id and, if wanted, product_key.",
)
@collection_option
@as_json
@click.pass_obj
def collect_command(
    places: Places, names: tuple[str, ...], everything: bool, lists: tuple[Path, ...], path: Path | None, json_wanted: bool
) -> None:
    """Collect installation IDs, of workstations by NAMES or from a list.

    NAMES may be patterns such as 'lab-*'.
    """
    if not (names or everything or lists):
        raise click.UsageError("Say what to collect: names, patterns such as 'lab-*', --all, or --csv FILE.")
    found: list[Found | NotCollected] = []
    if names or everything:
        found += _look_at_workstations(find_folder(places), ("*",) if everything else names)
    for file in lists:
        found += read_list(file.read_bytes())
    kept = find_file(places, path)
    with working_on(kept, begin=True) as collection:
        collected = collect(collection, found)
        if collected.collection != collection:
            kept.write(collected.collection)
    show(json_wanted, lambda: display.describe_collected(collected), lambda: display.render_collected(collected))
    end(failed=bool(collected.failed))


def _look_at_workstations(folder: MachineFolder, patterns: tuple[str, ...]) -> Iterator[Found | NotCollected]:
    found = folder.read_all()
    machines = {machine.name: machine for machine in found if isinstance(machine, Machine)}
    yield from look_at(machines[name] for name in choose(machines, patterns))
    for pattern in unfitting(machines, patterns):
        yield NotCollected(redact(pattern), "There is no workstation of this name; `workstation list` shows them all.")
    if patterns == ("*",):
        yield from (NotCollected("a workstation", broken.sentence) for broken in found if isinstance(broken, Unreadable))


@click.command("send")
@click.option("--again", is_flag=True, help="Also what was refused before, as after a raised count.")
@collection_option
@centre_option
@as_json
@click.pass_obj
def send_command(places: Places, again: bool, path: Path | None, centre: str | None, json_wanted: bool) -> None:
    """Send what was collected to the activation centre.

    Rows that fail do not stop the others. Interrupted, run it again: it goes
    on where it stopped, and no activation is used twice.
    """
    file, asked = find_file(places, path), find_centre(places, centre)
    with working_on(file) as collection:
        planned = plan(collection, lambda: token_hex(16), again=again)
        file.write(planned)
        sent = _follow(send(planned, asked, time.sleep), planned, file)
    show(json_wanted, lambda: display.describe_sent(sent), lambda: display.render_sent(sent))
    end(failed=bool(sent.problems) or any(row.refused for row in sent.rows))


def _follow(steps: Iterator[Step], planned: Collection, file: CollectionFile) -> Sent:
    """Saves each step before the next is taken."""
    sent = Sent(planned)
    with progressing("Sent", sum(len(batch.row_ids) for batch in planned.unanswered)) as progress:
        for step in steps:
            if step.collection is not sent.collection:
                file.write(step.collection)
            sent = sent.then(step)
            match step:
                case Done(_, rows, _):
                    progress.advance(len(rows))
                case TurnedDown(_, rows, sentence):
                    progress.advance(rows)
                    progress.note(sentence)
                case Waiting(_, seconds, sentence):
                    progress.note(f"{sentence} Trying again in {seconds:.0f} s.")
                case Stopped():
                    pass
    return sent


@click.command("apply")
@click.argument("names", nargs=-1)
@collection_option
@as_json
@click.pass_obj
def apply_command(places: Places, names: tuple[str, ...], path: Path | None, json_wanted: bool) -> None:
    """Type confirmation IDs into this instance's workstations.

    All of the collection, or those of NAMES ('lab-*'). A workstation that was
    set up anew on the same hardware takes its stored confirmation ID again,
    without the centre and without another activation.
    """
    folder, file, now = find_folder(places), find_file(places, path), real_now()
    with working_on(file) as collection:
        known = tuple(row.name for row in collection.rows if row.name)
        if strangers := unfitting(known, names):
            decline(f"The collection has no computer named {', '.join(strangers)}; `proxy list` shows them all.")
        chosen = choose(known, names or ("*",))
        results = list(_watched(apply(collection, folder, chosen, now), len(chosen)))
        file.write(note_applied(collection, results, now))
    show(json_wanted, lambda: display.describe_applied(results), lambda: display.render_applied(results))
    end(failed=any(one.outcome is Outcome.FAILED for one in results))


def _watched(results: Iterator[Applied], total: int) -> Iterator[Applied]:
    with progressing("Applied", total) as progress:
        for one in results:
            yield one
            progress.advance(1)


@click.command("counts")
@collection_option
@centre_option
@as_json
@click.pass_obj
def counts_command(places: Places, path: Path | None, centre: str | None, json_wanted: bool) -> None:
    """Show what is left of the collected computers' keys, as the centre tells it now."""
    collection, asked = usable(find_file(places, path).read()), find_centre(places, centre)
    if not product_keys(collection):
        decline("No computer of the collection was collected with its product key, so there is no count to ask for.")
    told = [answer for _, answer in count(collection, asked)]
    counts = [answer for answer in told if isinstance(answer, Count)]
    show(json_wanted, lambda: to_builtins(counts), lambda: display.render_counts(counts))
    failures = dict.fromkeys(answer.sentence for answer in told if not isinstance(answer, Count))
    for sentence in failures:
        click.echo(sentence, err=True)
    end(failed=bool(failures))


COMMANDS = (collect_command, send_command, apply_command, counts_command)
