"""A SIP message as it came over the wire, taken apart just far enough to be judged and put in order.

Text stands for bytes in two ways: the head is UTF-8, the body one character a byte, so that Content-Length counts what it
says. `to_bytes` undoes that.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

HEAD_END = "\r\n\r\n"
COMPACT_NAMES = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}
"""Source: RFC 3261, section 7.3.3, and the registry it began."""

_BODY = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u2028\u2029]")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')
_LOOSE = re.compile(r"[ \t]*([;=])[ \t]*")
_LOOSE_VIA = re.compile(r"[ \t]*([;=/])[ \t]*")
_IS_LOOSE = re.compile(r"[ \t][;=/]|[;=/][ \t]")
_TIDIED = {"via": _LOOSE_VIA, **dict.fromkeys(("from", "to", "contact", "route", "record-route"), _LOOSE)}


class Header(NamedTuple):
    """One line of the head, unfolded; `name` as it was written, `canonical` long and in lower case, empty when unreadable."""

    name: str
    canonical: str
    value: str


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response. Nothing is promised about it but that it has a first line."""

    start_line: str
    headers: tuple[Header, ...]
    body: str
    _values: dict[str, list[str]] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for header in self.headers:
            self._values.setdefault(header.canonical, []).append(header.value)

    @classmethod
    def parse(cls, data: bytes) -> "Message | None":
        """None for what is no message at all: the empty lines by which phones keep their way open."""
        head, _, body = _partition(data.lstrip(b"\r\n"))
        start_line, *lines = _CONTROLS.sub(" ", _FOLD.sub(" ", head).replace("\r\n", "\n")).split("\n")
        return cls(start_line, tuple(_header(line) for line in lines if line), body) if start_line else None

    @property
    def is_response(self) -> bool:
        return self.start_line.startswith("SIP/2.0 ")

    @property
    def method(self) -> str:
        return self.start_line.partition(" ")[0]

    def values(self, canonical: str) -> list[str]:
        """Every value of a header, by its long name in lower case."""
        return self._values.get(canonical, [])

    def value(self, canonical: str) -> str:
        """The first value of a header; empty when there is none."""
        return next(iter(self.values(canonical)), "")

    def __str__(self) -> str:
        lines = (self.start_line, *(f"{header.name}: {header.value}" for header in self.headers))
        return "\r\n".join(lines) + HEAD_END + self.body


def to_bytes(text: str) -> bytes:
    """The bytes of a message that is text in the way of this module."""
    head, blank, body = text.partition(HEAD_END)
    return (head + blank).encode() + body.encode("latin-1", "replace")


def to_text(words: str) -> str:
    """Words as they stand in a body of this module's text."""
    return words.encode().decode("latin-1")


def _partition(data: bytes) -> tuple[str, bool, str]:
    end = _BODY.search(data)
    if end is None:
        return data.decode(errors="replace").rstrip("\r\n"), False, ""
    return data[: end.start()].decode(errors="replace"), True, data[end.end() :].decode("latin-1")


def _header(line: str) -> Header:
    name, colon, value = line.partition(":")
    name, value = name.strip(" \t"), value.strip(" \t")
    if not colon or not name:
        return Header(line, "", "")
    canonical = COMPACT_NAMES.get(name.lower(), name.lower())
    return Header(name, canonical, _tidy(value, _TIDIED[canonical]) if canonical in _TIDIED else value)


def _tidy(value: str, loose: re.Pattern[str]) -> str:
    """Without the white space that RFC 3261 allows around separators and sippy does not expect (RFC 4475, wsinv)."""
    if not _IS_LOOSE.search(value):
        return value
    pieces = _QUOTED.split(value)
    pieces[::2] = [loose.sub(r"\1", piece) for piece in pieces[::2]]
    return "".join(pieces)
