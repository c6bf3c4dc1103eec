"""The timeline of a call in plain words: what was heard and said on the line, what people did. No digit of an ID is in it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callcenter.console.reasons import reason_for
from callcenter.console.words import clock_words, place_words
from callcenter.floor.audit import Act
from callcenter.floor.calls import Happening
from ivr.account import CALLER, LINE, Event
from ivr.script import load_scripts

_PLACEHOLDER = re.compile(r"\{\w+\}\.?")
_VERDICTS: Mapping[str, str] = {
    "granted": "a confirmation ID was issued",
    "asked first": "the number of computers has to be asked",
    "caller gone": "the caller was gone already, so none was issued",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline: when, who, what happened, and what the line said then."""

    at: datetime
    who: str
    words: str
    said: tuple[str, ...]
    is_person: bool


def tell(happening: Happening) -> Told:
    """A happening in words; one of a kind unknown here is told by its name."""
    detail = happening.detail
    is_line = happening.actor in (CALLER, LINE)
    words = _on_line(happening) if is_line else _by_person(happening.kind, detail)
    said = tuple(_sentence(key) for key in detail.get("said", ()))
    return Told(happening.at, happening.actor, words, said, is_person=not is_line)


def _sentence(key: str) -> str:
    """A sentence of the line as it is written, with a gap where something is filled in."""
    return _PLACEHOLDER.sub("…", load_scripts()["en"].sentences.get(key, key))


def _on_line(happening: Happening) -> str:
    detail = happening.detail
    match happening.kind:
        case Event.STARTED:
            return "The call began"
        case Event.ENDED:
            return f"Hung up while {place_words(detail.get('place', ''))}"
        case Event.MOVED:
            return f"Now {place_words(detail.get('to', ''))}"
        case Event.CALLBACK_BOOKED:
            return "Asked to be called back, and keeps the place in the queue"
        case Event.CALLBACK_NOT_REACHED:
            return "Was not reached by the callback"
        case Event.TURN:
            return ". ".join((_heard(detail), *_judged(detail)))
    return happening.kind[:1].upper() + happening.kind[1:]


def _heard(detail: Mapping[str, Any]) -> str:
    match detail.get("heard"):
        case "key":
            return f"Pressed {detail.get('key')}"
        case "digits":
            return f"Keyed {detail.get('count')} digits"
        case "speech":
            meant = f", taken as key {detail['key']}" if "key" in detail else ""
            return f"Said {detail.get('words')} words{meant}"
        case "silence":
            return "Said nothing"
        case "unclear":
            return "Was not understood"
    return f"Now {place_words(detail.get('to', ''))}"


def _judged(detail: Mapping[str, Any]) -> Iterator[str]:
    if group := detail.get("failed_group"):
        yield f"Group {group} did not come right"
    for verdict in detail.get("verdicts", ()):
        yield f"Decision: {_verdict(verdict)}"


def _verdict(code: str) -> str:
    if code in _VERDICTS:
        return _VERDICTS[code]
    if code.startswith("refused."):
        return f"refused ({code.removeprefix('refused.').replace('_', ' ')})"
    return reason_for(code).short if code.startswith("agent.") else code


def _by_person(kind: str, detail: Mapping[str, Any]) -> str:
    words = kind[:1].upper() + kind[1:]
    told = _ACTS.get(kind)
    more = told(detail) if told else ""
    return f"{words}{more}"


def _groups(detail: Mapping[str, Any]) -> str:
    taken, refused = detail.get("taken"), detail.get("refused")
    parts = [f"taken {taken}" if taken else "", f"refused {refused}" if refused else ""]
    return f": {', '.join(filter(None, parts))}"


def _change(detail: Mapping[str, Any]) -> str:
    amount = f" {detail['amount']}" if detail.get("amount") else ""
    return f": {detail.get('change')}{amount}, key number {detail.get('serial')}"


def _named(name: str, before: str = ": ") -> Callable[[Mapping[str, Any]], str]:
    return lambda detail: f"{before}{detail[name]}" if detail.get(name) else ""


_ACTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    Act.ANSWERED: lambda detail: f", after {clock_words(detail.get('waited_seconds', 0))} in the queue",
    Act.TRANSFERRED: _named("to", " to "),
    Act.TRANSFER_COMPLETED: _named("to", " to "),
    Act.CONSULTED: _named("colleague"),
    Act.CONSULTATION_ENDED: _named("colleague", " with "),
    Act.CALLER_GONE: _named("parting"),
    Act.WRAPPED_UP: _named("outcome"),
    Act.GROUPS_ENTERED: _groups,
    Act.DECIDED: lambda detail: f": {_verdict(str(detail.get('verdict', '')))}",
    Act.ANSWERS_KEPT: lambda detail: f": {', '.join(f'{question} {answer}' for question, answer in detail.items())}",
    Act.REVEALED: _named("what"),
    Act.AGREEMENT_FOUND: _named("agreement", " "),
    Act.VERIFIED: _named("method", ": "),
    Act.KEY_TOLD: _named("key", ", number "),
    Act.KEY_RETRIEVED: _named("key", ", number "),
    **dict.fromkeys((Act.ASKED, Act.APPLIED, Act.APPROVED, Act.REFUSED, Act.WITHDREW, Act.FAILED, Act.KEY_ISSUED), _change),
}
