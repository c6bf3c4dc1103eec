"""The last exchange of a computer with the activation service, kept so that its user can see what was sent (rows 20 to 22).

Of the product key only the last block is kept, of the confirmation ID nothing. Every field is held against the list of what may
travel when it is shown, not when it was written: what is shown is what was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.activating.connection import fit_to_show
from workstation.activating.internet import Attempt, Granted, Problem
from workstation.activating.request import Field, Value, not_listed
from workstation.computer.machine import Machine
from workstation.computer.traits import Moment
from workstation.words import say

_KEPT_OF_KEY = 5


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was sent and answered at a moment of the computer's own time. `status` 0: nothing came back."""

    at: Moment
    generation: str
    headers: Mapping[str, str]
    fields: Mapping[str, Value]
    status: int
    answered: Mapping[str, Value]
    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One field as the viewer shows it: its name, what was sent and what it is for (empty for one that is not listed)."""

    name: str
    value: str
    purpose: str


def exchange_of(attempt: Attempt, machine: Machine, now: Moment) -> Exchange | None:
    """What there is to keep of an attempt; None where nothing was sent."""
    if attempt.request is None:
        return None
    fields = {name: _masked(name, value) for name, value in attempt.request.body.items()}
    trace = tuple(f"{step.code.label}: {step.words}" for step in attempt.steps)
    generation = machine.media.product.generation
    return Exchange(now, generation, attempt.request.headers, fields, attempt.status, _answered(attempt), trace)


def shown_fields(exchange: Exchange, language: str) -> tuple[Shown, ...]:
    """Every field that was sent, in the order of the list."""
    unlisted = not_listed(exchange.fields, exchange.generation)
    return tuple(
        Shown(name, said(value, language), "" if name in unlisted else say(f"request.field.{name}", language))
        for name, value in exchange.fields.items()
    )


def said(value: Value, language: str) -> str:
    """A value as people read it."""
    return say("request.yes" if value else "request.no", language) if isinstance(value, bool) else str(value)


def statement(exchange: Exchange, language: str) -> str:
    """Whether anything was sent that is not on the list: found out from what was sent."""
    if unlisted := not_listed(exchange.fields, exchange.generation):
        return say("request.not_listed", language, names=", ".join(unlisted))
    return say("request.nothing_personal", language, count=len(exchange.fields))


def _masked(name: str, value: Value) -> Value:
    return f"…-{str(value)[-_KEPT_OF_KEY:]}" if name == Field.PRODUCT_KEY else value


def _answered(attempt: Attempt) -> Mapping[str, Value]:
    match attempt.answer:
        case Granted(counted=counted, key=key, remaining=remaining):
            answered: dict[str, Value] = {"counted": counted, "key": fit_to_show(key)}
            return answered | ({"remaining": remaining} if remaining is not None else {})
        case Problem(code=code):
            return {"code": fit_to_show(code), "detail": attempt.sentence}
        case None:
            return {}
