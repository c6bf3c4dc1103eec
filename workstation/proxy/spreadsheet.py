"""A list of computers as a spreadsheet saves it: CSV with `name`, `installation_id` and, if wanted, `product_key`.

Commas, semicolons or tabs, quotes, a byte-order mark, Windows line ends. A line that will not do is named by its number;
the others are read. A foreign product key is refused unread.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from activation.keys import KeyFault, printed_key
from activation.redaction import holds_foreign_key
from workstation.proxy.collecting import Found, NotCollected
from workstation.proxy.collection import LONGEST_NAME, read_installation_digits

NEEDED, OPTIONAL = ("name", "installation_id"), ("product_key",)
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_AS_TEXT = re.compile(r"""=?["'](?P<text>[^"]*)"?""")
"""How spreadsheets write digits that are to stay text: ="0123" or '0123."""
_KEPT_DIGITS = 15
"""Digits of a number that spreadsheets keep; the others become zeros."""

_COLUMNS = "The first line names the columns: name, installation_id and, if wanted, product_key"
_CURE = "Format that column as text in the spreadsheet, enter the IDs again and save it once more."


def read_list(document: bytes) -> Iterator[Found | NotCollected]:
    """Every computer of the list; what cannot be read is a line with its sentence."""
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield NotCollected("the list", 'It is not UTF-8 text. Save it as "CSV UTF-8".')
        return
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        yield from _read_lines((lines.line_num, [_as_text(cell) for cell in cells]) for cells in lines if any(cells))
    except csv.Error as wrong:
        yield NotCollected(f"line {lines.line_num}", f"It is not CSV ({wrong}); nothing after it was read.")


def _delimiter(text: str) -> str:
    """What separates the columns, told from the line that names them."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=heading.count)


def _as_text(cell: str) -> str:
    written = _AS_TEXT.fullmatch(cell.strip())
    return written["text"].strip() if written else cell.strip()


def _read_lines(lines: Iterator[tuple[int, list[str]]]) -> Iterator[Found | NotCollected]:
    number, heading = next(lines, (1, []))
    columns = [name.lower() for name in heading]
    if wrong := _wrong_columns(columns):
        yield NotCollected(f"line {number}", wrong)
        return
    for number, cells in lines:
        found = _read_cells(columns, cells)
        yield NotCollected(f"line {number}", found) if isinstance(found, str) else found


def _wrong_columns(columns: Sequence[str]) -> str | None:
    unknown = [name for name in columns if name not in {*NEEDED, *OPTIONAL}]
    if any(name not in columns for name in NEEDED):
        return f"{_COLUMNS}."
    if unknown or len({*columns}) < len(columns):
        return f"{_COLUMNS}, each once and no other."
    return None


def _read_cells(columns: Sequence[str], cells: Sequence[str]) -> Found | str:
    """The computer of one line, or the sentence that says why there is none."""
    if any(holds_foreign_key(cell) for cell in cells):
        return KeyFault.FOREIGN.value
    if len(cells) != len(columns):
        return f"It has {len(cells)} columns, not {len(columns)} as the first line."
    named = dict(zip(columns, cells, strict=True))
    name, typed = named["name"], named.get("product_key", "")
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        return f"A name has 1 to {LONGEST_NAME} characters that can be printed."
    key = printed_key(typed) if typed else ""
    if key is None:
        return KeyFault.SHAPE.value
    digits = read_installation_digits(named["installation_id"])
    if digits is None or _is_rounded(digits):
        return _wrong_digits(named["installation_id"])
    return Found(name, digits, key)


def _is_rounded(digits: str) -> bool:
    return len(digits) > 2 * _KEPT_DIGITS and not digits[_KEPT_DIGITS:].strip("0")


def _wrong_digits(written: str) -> str:
    if _SCIENTIFIC.fullmatch(written):
        return f"The installation ID has become the number {written}: a spreadsheet has lost its digits. {_CURE}"
    if read_installation_digits(written):
        return f"A spreadsheet has rounded the installation ID: only {_KEPT_DIGITS} of its digits are left. {_CURE}"
    if not written:
        return "The installation ID is missing."
    return "An installation ID has digits only, in groups or in one piece; something else is in this one."
