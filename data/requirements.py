"""The rules of the centre, row by row (`requirements.toml`), and the tests whose comments say that they show one."""

import ast
import re
import tokenize
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

from lxml import etree

_MARK = re.compile(r"# rows? (\d+(?:(?:,| and|, and) \d+)*)(?!\d)")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule: who it concerns, and what must be visible for it to count as working."""

    number: int
    rule: str
    actors: str
    visible: str


@dataclass(frozen=True, slots=True)
class Test:
    """One test function: its file, from the folder that holds `tests`, and its name."""

    path: str
    name: str

    def __str__(self) -> str:
        return f"{self.path}::{self.name}"


@dataclass(frozen=True, slots=True)
class StrayMark:
    """A comment that names rows but belongs to no test, as a sentence."""

    sentence: str


Shown = Mapping[int, tuple[Test, ...]]
"""The tests that show each row, by its number."""


def read_requirements() -> tuple[Requirement, ...]:
    """Every row, by number."""
    raw = tomllib.loads(files("data").joinpath("requirements.toml").read_text(encoding="utf-8"))
    return tuple(Requirement(**row) for row in raw["rows"])


def read_marks(folder: Path) -> tuple[Shown, tuple[StrayMark, ...]]:
    """The tests of a folder by the rows their comments name (`# row 71`, `# rows 40, 41`): above, beside or inside the test."""
    shown: dict[int, list[Test]] = {}
    stray: list[StrayMark] = []
    for path in sorted(folder.rglob("test_*.py")):
        source, where = path.read_text(encoding="utf-8"), path.relative_to(folder.parent).as_posix()
        tests = tuple(_tests(source))
        for line, rows in _marks(source):
            if name := next((name for name, lines in tests if line in lines), None):
                for row in rows:
                    shown.setdefault(row, []).append(Test(where, name))
            else:
                stray.append(StrayMark(f"{where}, line {line}: this comment names a row but stands in no test."))
    return {row: tuple(dict.fromkeys(named)) for row, named in shown.items()}, tuple(stray)


def read_passed(reports: Sequence[Path]) -> frozenset[Test]:
    """The tests that ran and passed, by pytest's JUnit reports; of one with parameters, every case that was not skipped.

    Raises OSError and ValueError for a report that cannot be read.
    """
    passed: set[Test] = set()
    failed: set[Test] = set()
    for case in (case for report in reports for case in _cases(report)):
        test = Test(f"{case.get('classname').replace('.', '/')}.py", case.get("name").partition("[")[0])
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(test)
        elif case.find("skipped") is None:
            passed.add(test)
    return frozenset(passed - failed)


def _cases(report: Path) -> Iterator[Any]:
    try:
        return etree.parse(report, etree.XMLParser(resolve_entities=False)).iter("testcase")
    except etree.XMLSyntaxError as wrong:
        raise ValueError(f"{report} is not a report of pytest's: {wrong}") from None


def _marks(source: str) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Line and rows of every comment that names rows."""
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.COMMENT and (mark := _MARK.match(token.string)):
            yield token.start[0], tuple(int(number) for number in re.findall(r"\d+", mark[1]))


def _tests(source: str) -> Iterator[tuple[str, range]]:
    """Each test function and its lines: with its decorators and the comments right above them."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _DEFINITIONS) and node.name.startswith("test_"):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            while first > 1 and lines[first - 2].lstrip().startswith("#"):
                first -= 1
            yield node.name, range(first, (node.end_lineno or node.lineno) + 1)
