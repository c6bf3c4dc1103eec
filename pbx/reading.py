"""Reading one document's elements: attributes with Twilio's defaults and limits, verbs by name.

A bad value is noted with Twilio's code and its default applies; an attribute nobody asks for is noted as 12200.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urljoin

from lxml import etree

from pbx.codes import Code, Notice
from pbx.request import Method
from pbx.scene import Verb

Element: TypeAlias = etree._Element


@dataclass(slots=True)
class Reading:
    """One document being read: its URL, against which relative ones resolve, and what was noted on the way."""

    url: str
    notices: list[Notice] = field(default_factory=list)

    def note(self, code: Code, element: Element, detail: str) -> None:
        self.notices.append(Notice(code, element.sourceline or 1, detail))

    def absolute(self, url: str) -> str:
        """The URL resolved against the document's own; an unreadable one stays as it is, and fetching it fails."""
        try:
            return urljoin(self.url, url.strip())
        except ValueError:
            return url


Parser = Callable[[Element, Reading], Verb]
Vocabulary = Mapping[str, Parser]


def children(element: Element) -> Iterator[Element]:
    """The element's child elements; comments and processing instructions are ignored."""
    return (child for child in element if isinstance(child.tag, str))


def verbs_in(element: Element, vocabulary: Vocabulary, reading: Reading, unknown: Code) -> Iterator[Verb]:
    """The verbs inside an element, in order; one that does not belong there is noted and skipped."""
    for child in children(element):
        parse = vocabulary.get(str(child.tag))
        if parse is None:
            allowed = ", ".join(vocabulary)
            reading.note(unknown, child, f"{child.tag!s} is skipped; what may stand here is {allowed}, in this spelling")
        else:
            yield parse(child, reading)


class Attributes:
    """The attributes of one element. Ask for each that the verb knows, then `close`."""

    def __init__(self, element: Element, reading: Reading) -> None:
        self._element = element
        self._reading = reading
        self._unread = set(element.attrib)

    def note(self, code: Code, detail: str) -> None:
        self._reading.note(code, self._element, detail)

    def text(self, name: str, default: str) -> str:
        self._unread.discard(name)
        return str(self._element.get(name, default))

    def url(self, name: str) -> str | None:
        """An absolute URL, or None when the attribute is missing or empty."""
        value = self.text(name, "").strip()
        return self._reading.absolute(value) if value else None

    def one_of(self, name: str, allowed: Collection[str], default: str, code: Code) -> str:
        value = self.text(name, default)
        if value in allowed:
            return value
        self.note(code, f"{name} must be one of {', '.join(allowed)}; {default} applies")
        return default

    def flag(self, name: str, default: bool, code: Code) -> bool:
        return self.one_of(name, ("true", "false"), str(default).lower(), code) == "true"

    def method(self, name: str, code: Code) -> Method:
        value = self.text(name, Method.POST).upper()
        if value in Method.__members__:
            return Method[value]
        self.note(code, f"{name} must be GET or POST; POST applies")
        return Method.POST

    def whole_number(self, name: str, default: int, code: Code, least: int = 1) -> int:
        number = self.optional_number(name, code, least, f"{default} applies")
        return default if number is None else number

    def optional_number(self, name: str, code: Code, least: int = 1, otherwise: str = "ignored") -> int | None:
        """A whole number in ASCII digits, at least `least`; None when missing, or noted as bad."""
        value = self.text(name, "").strip()
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 9 and int(value) >= least:
            return int(value)
        self.note(code, f"{name} must be a whole number, {least} or more; {otherwise}")
        return None

    def close(self) -> None:
        """Note every attribute that nobody asked for."""
        for name in sorted(self._unread):
            self.note(Code.SCHEMA, f"{self._element.tag!s} has no attribute {name}, names are case-sensitive; ignored")
