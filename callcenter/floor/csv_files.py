"""Tables as files of CSV (RFC 4180), safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with a line of titles."""
    return write_lines([titles]) + write_lines(rows)


def write_lines(rows: Iterable[Sequence[object]]) -> str:
    """Lines of a table. Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    file = io.StringIO()
    csv.writer(file).writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
