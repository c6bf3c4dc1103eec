"""The command `requirements`: which tests show each rule of the centre, and whether they ran and passed."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.requirements import Requirement, Shown, Test, read_marks, read_passed, read_requirements

_TESTS = Path(__file__).parent.parent / "tests"
_HERE_ONLY = "The tests are not here: they come with the source tree. Run this there, or name their folder with --tests."


@click.command()
@click.option(
    "--tests", "folder", type=click.Path(file_okay=False, path_type=Path), default=_TESTS, help="Folder of the tests."
)
@click.option(
    "--results",
    "reports",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A JUnit report of pytest's (--junitxml), may be given again: every test named must have run and passed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def requirements(folder: Path, reports: Sequence[Path], as_json: bool) -> None:
    """Show every rule of the centre with the tests that show it.

    Exit status 1 when a rule has no test or, with --results, when a test did not run and pass.
    """
    if not folder.is_dir():
        raise click.ClickException(_HERE_ONLY)
    rows, (shown, stray) = read_requirements(), read_marks(folder)
    _print(rows, shown, as_json)
    faults = [fault.sentence for fault in stray] + _not_shown(rows, shown)
    if reports:
        faults += _not_passed(shown, _passed(reports))
    if faults:
        raise click.ClickException("\n".join(faults))


def _passed(reports: Sequence[Path]) -> Collection[Test]:
    try:
        return read_passed(reports)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None


def _not_shown(rows: Sequence[Requirement], shown: Shown) -> list[str]:
    missing = [str(row.number) for row in rows if row.number not in shown]
    unknown = [f"{tests[0]} names row {number}, which there is not." for number, tests in shown.items() if number > len(rows)]
    if missing:
        unknown.append(f"{len(missing)} of {len(rows)} rules are shown by no test: {', '.join(missing)}.")
    return unknown


def _not_passed(shown: Shown, passed: Collection[Test]) -> list[str]:
    named = sorted({str(test) for tests in shown.values() for test in tests if test not in passed})
    return [f"{test} did not run and pass." for test in named]


def _print(rows: Sequence[Requirement], shown: Shown, as_json: bool) -> None:
    if as_json:
        found = [asdict(row) | {"tests": [str(test) for test in shown.get(row.number, ())]} for row in rows]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for row in rows:
        tests = [str(test) for test in shown.get(row.number, ())] or ["no test"]
        table.add_row(str(row.number), Text(row.rule, style="bold"))
        table.add_row("", Text("\n".join((f"Shown when {row.visible}:", *tests, "")), overflow="fold"))
    Console(highlight=False).print(table)
