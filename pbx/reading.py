"""Reading one document's elements: attributes with Twilio's defaults and limits, verbs by name.

A bad value is noted with Twilio's code and its default applies; an attribute nobody asks for is noted as 12200.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urljoin

from lxml import etree

from pbx.codes import Code, Notice
from pbx.request import Method, can_be_called_back
from pbx.scene import Verb

Element: TypeAlias = etree._Element

LARGEST_NUMBER = 999_999_999
"""No attribute means more than nine digits."""


@dataclass(slots=True)
class Reading:
    """One document being read: its URL, against which relative ones resolve, and what was noted on the way."""

    url: str
    notices: list[Notice] = field(default_factory=list)

    def note(self, code: Code, element: Element, detail: str) -> None:
        self.notices.append(Notice(code, self.url, element.sourceline or 1, detail))

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

    @property
    def place(self) -> tuple[str, int]:
        """The document's URL and the element's line, for what can only be said when the verb runs."""
        return self._reading.url, self._element.sourceline or 1

    def note(self, code: Code, detail: str) -> None:
        self._reading.note(code, self._element, detail)

    def has(self, name: str) -> bool:
        """Whether it is there, be it empty."""
        return name in self._element.attrib

    def text(self, name: str, default: str) -> str:
        self._unread.discard(name)
        return str(self._element.get(name, default))

    def url(self, name: str) -> str | None:
        """An absolute URL, or None when the attribute is missing or empty."""
        value = self.text(name, "").strip()
        return self._reading.absolute(value) if value else None

    def callback(self, name: str) -> str | None:
        """The URL of a status callback; None, noted as 11100, for a host that Twilio tells nothing."""
        url = self.url(name)
        if url is None or can_be_called_back(url):
            return url
        self.note(Code.BAD_URL, f"{name} has an underscore in its host's name; nothing is told")
        return None

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

    def whole_number(self, name: str, default: int, code: Code, least: int = 1, most: int = LARGEST_NUMBER) -> int:
        number = self.optional_number(name, code, least, most, f"{default} applies")
        return default if number is None else number

    def optional_number(
        self, name: str, code: Code, least: int = 1, most: int = LARGEST_NUMBER, otherwise: str = "ignored"
    ) -> int | None:
        """A whole number in ASCII digits, from `least` to `most`; None when missing, or noted as bad."""
        value = self.text(name, "").strip()
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 9 and least <= int(value) <= most:
            return int(value)
        bounds = f"from {least} to {most}" if most < LARGEST_NUMBER else f"{least} or more"
        self.note(code, f"{name} must be a whole number, {bounds}; {otherwise}")
        return None

    def close(self) -> None:
        """Note every attribute that nobody asked for; those of another namespace are none of TwiML's."""
        for name in sorted(self._unread):
            if not name.startswith("{"):
                self.note(Code.SCHEMA, f"{self._element.tag!s} has no attribute {name}, names are case-sensitive; ignored")

    def close_leaf(self) -> None:
        """Note that, and every element inside one that holds none."""
        self.close()
        for child in children(self._element):
            self._reading.note(Code.SCHEMA, child, f"{child.tag!s} is skipped; nothing can stand in {self._element.tag!s}")
