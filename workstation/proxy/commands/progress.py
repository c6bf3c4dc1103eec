"""How far a long command has come: a bar on a terminal, plain lines elsewhere; on standard error, beside what is piped on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Progressing(Protocol):
    """What a long command tells."""

    def advance(self, rows: int) -> None:
        """So many more are done."""

    def note(self, sentence: str) -> None:
        """Something else that whoever waits should know."""


@contextmanager
def progressing(what: str, total: int) -> Iterator[Progressing]:
    """Shows progress over so many rows for as long as the context lasts."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Lines(console, what, total)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as bars:
        yield _Bar(bars, what, total)


class _Bar:
    def __init__(self, bars: Progress, what: str, total: int) -> None:
        self._bars, self._task = bars, bars.add_task(what, total=total)

    def advance(self, rows: int) -> None:
        self._bars.advance(self._task, rows)

    def note(self, sentence: str) -> None:
        self._bars.console.print(sentence, markup=False)


class _Lines:
    """One line for each tenth, so that a log stays short."""

    def __init__(self, console: Console, what: str, total: int) -> None:
        self._console, self._what, self._total, self._done, self._told = console, what, total, 0, 0

    def advance(self, rows: int) -> None:
        self._done += rows
        tenths = 10 * self._done // self._total
        if tenths > self._told:
            self._told = tenths
            self.note(f"{self._what}: {self._done:,} of {self._total:,}")

    def note(self, sentence: str) -> None:
        self._console.print(sentence, markup=False, soft_wrap=True)
