"""What a line says: spoken spans and breaks, read from the text and SSML inside a Say.

SSML elements: https://www.twilio.com/docs/voice/twiml/say/text-speech#ssml. Tags this table does not know are noted by
the caller of `parts_in`; their words are still spoken.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

LONGEST_BREAK_SECONDS = 10.0
BREAK_SECONDS = {"none": 0.0, "x-weak": 0.0, "weak": 0.2, "medium": 0.2, "strong": 0.5, "x-strong": 1.0}
"""SSML leaves the lengths to the voice (W3C SSML 1.1, section 3.2.3): a comma, a full stop, a paragraph."""

BREAK_TIME = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(ms|s)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a span is to be spoken; empty means as the voice would by itself."""

    interpret_as: str = ""
    format: str = ""
    """Of a date: the order of its parts, as in mdy."""
    rate: str = ""
    pitch: str = ""
    volume: str = ""
    language: str = ""
    emphasis: str = ""
    phonemes: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Words spoken in one manner."""

    text: str
    manner: Manner = Manner()


@dataclass(frozen=True, slots=True)
class Break:
    """Silence inside speech."""

    seconds: float


Part = Span | Break


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said at one go, in one voice."""

    parts: tuple[Part, ...]
    voice: str = "man"
    language: str = "en-US"

    def __str__(self) -> str:
        """The words alone."""
        return " ".join("".join(part.text if isinstance(part, Span) else " " for part in self.parts).split())


def parts_in(element: etree._Element, unknown: Callable[[etree._Element], None]) -> tuple[Part, ...]:
    """The spans and breaks of an element's text and SSML; `unknown` is told of tags that are not SSML."""
    return tuple(_content(element, Manner(), unknown))


def _content(element: etree._Element, manner: Manner, unknown: Callable[[etree._Element], None]) -> Iterator[Part]:
    yield from _span(element.text, manner)
    for child in element:
        if isinstance(child.tag, str):
            yield from _element(child, manner, unknown)
        yield from _span(child.tail, manner)


def _element(element: etree._Element, manner: Manner, unknown: Callable[[etree._Element], None]) -> Iterator[Part]:
    match element.tag:
        case "break":
            yield Break(_break_seconds(element))
        case "s" | "p":
            yield from _content(element, manner, unknown)
            yield Break(BREAK_SECONDS["strong" if element.tag == "s" else "x-strong"])
        case "sub":
            yield from _span(element.get("alias", ""), manner)
        case "say-as" | "prosody" | "lang" | "emphasis" | "phoneme" | "w":
            yield from _content(element, _changed(manner, element), unknown)
        case _:
            unknown(element)
            yield from _content(element, manner, unknown)


def _span(text: str | None, manner: Manner) -> Iterator[Span]:
    if text:
        yield Span(re.sub(r"\s+", " ", text), manner)


def _changed(manner: Manner, element: etree._Element) -> Manner:
    """The manner inside an element: what it sets, over what surrounds it."""
    fields = {
        "say-as": {"interpret_as": "interpret-as", "format": "format"},
        "prosody": {"rate": "rate", "pitch": "pitch", "volume": "volume"},
        "lang": {"language": "{http://www.w3.org/XML/1998/namespace}lang"},
        "emphasis": {"emphasis": "level"},
        "phoneme": {"phonemes": "ph"},
        "w": {},
    }[str(element.tag)]
    given = {name: element.get(attribute) for name, attribute in fields.items()}
    return replace(manner, **{name: value for name, value in given.items() if value})


def _break_seconds(element: etree._Element) -> float:
    """The length of a break: its time, else its strength, else that of a comma."""
    time = BREAK_TIME.fullmatch(element.get("time", "").strip())
    if time is None:
        return BREAK_SECONDS.get(element.get("strength", "medium"), BREAK_SECONDS["medium"])
    seconds = float(time[1]) / (1000 if time[2] == "ms" else 1)
    return min(seconds, LONGEST_BREAK_SECONDS)
