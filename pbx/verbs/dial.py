"""Dial: somebody else joins the call. Source: https://www.twilio.com/docs/voice/twiml/dial."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pbx.codes import Code, DocumentError
from pbx.leg import HungUp
from pbx.reading import Attributes, Element, Reading, children
from pbx.request import Method, WebhookRequest
from pbx.scene import Departure, Outcome, Scene
from pbx.verbs.conference import parse_conference
from pbx.verbs.dialled import Dialled
from pbx.verbs.fetch import parse_queue
from pbx.verbs.nouns import Noun, bare_number, parse_client, parse_number, parse_sip
from pbx.verbs.phones import Phones
from pbx.verbs.stay import Stay
from pbx.verbs.terms import DialTerms, parse_terms

MOST_PHONES = 10
PHONES: Mapping[str, Callable[[Element, Reading], Noun | None]] = {
    "Number": parse_number,
    "Client": parse_client,
    "Sip": parse_sip,
}

NOBODY = Phones(())


class Party(Protocol):
    """Whom a Dial brings the caller together with."""

    async def meet(self, scene: Scene, terms: DialTerms, dialled: Dialled) -> None:
        """Until they part; `dialled` says at every moment how it stands. Raises HungUp."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A talk with somebody else. Without an action the next verb runs afterwards."""

    party: Party
    terms: DialTerms
    action: str | None
    method: Method

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Dial":
        """Raises what `parse_conference` and `parse_queue` raise."""
        attributes = Attributes(element, reading)
        action, method = attributes.url("action"), attributes.method("method", Code.DIAL_METHOD)
        terms = parse_terms(attributes)
        attributes.close()
        return cls(_party(element, reading), terms, action, method)

    async def execute(self, scene: Scene) -> Outcome:
        dialled = Dialled()
        try:
            await self.party.meet(scene, self.terms, dialled)
        except HungUp:
            await self._tell_hang_up(scene, dialled)
            raise
        except asyncio.CancelledError:
            if scene.departure is Departure.HUNG_UP:
                await self._tell_hang_up(scene, dialled)
            raise
        return self._report(scene, dialled)

    async def _tell_hang_up(self, scene: Scene, dialled: Dialled) -> None:
        """The action hears of a hang-up too; what it answers cannot run any more."""
        scene.call.hang_up()
        report = self._report(scene, dialled)
        if report is not None:
            await scene.tell(report)

    def _report(self, scene: Scene, dialled: Dialled) -> WebhookRequest | None:
        if self.action is None:
            return None
        return WebhookRequest(self.action, self.method, dialled.parameters(scene.call.clock()))


def refuse_dial(element: Element, reading: Reading) -> Dial:
    """Who has been dialled cannot dial before the two have met. Raises DocumentError 13201."""
    detail = "a phone that has been rung hears only Say, Play, Pause and Gather before it is connected"
    raise DocumentError(Code.DIAL_FROM_DIALLED, reading.url, detail, element.sourceline)


def _party(element: Element, reading: Reading) -> Party:
    """A conference or a queue alone, or phones; what does not fit beside the first is noted and left out."""
    nouns = list(children(element))
    text = (element.text or "").strip()
    alone = next((noun for noun in nouns if noun.tag in ("Conference", "Queue")), None)
    if alone is not None:
        for other in nouns:
            if other is not alone:
                code = Code.DIAL_MIXED if alone.tag == "Conference" and other.tag in PHONES else Code.DIAL_NESTED
                reading.note(code, other, f"{other.tag!s} cannot stand beside {alone.tag!s}; it is left out")
        return parse_queue(alone, reading) if alone.tag == "Queue" else _stay(alone, reading)
    if nouns and text:
        reading.note(Code.DIAL_NESTED, element, "give a number or nouns, not both; the number is left out")
    return Phones(tuple(_phones(element, nouns, reading) if nouns else _bare(text, element, reading)))


def _stay(element: Element, reading: Reading) -> Party:
    conference = parse_conference(element, reading)
    return Stay(*conference, reading.url, element.sourceline) if conference is not None else NOBODY


def _bare(text: str, element: Element, reading: Reading) -> list[Noun]:
    noun = bare_number(text, element, reading)
    return [noun] if noun is not None else []


def _phones(element: Element, nouns: list[Element], reading: Reading) -> list[Noun]:
    phones = []
    for child in nouns:
        parse = PHONES.get(str(child.tag))
        if parse is None:
            allowed = "Number, Client, Sip, Queue and Conference can stand in Dial"
            reading.note(Code.DIAL_NESTED, child, f"{child.tag!s} is skipped; {allowed}")
        elif (noun := parse(child, reading)) is not None:
            phones.append(noun)
    if len(phones) > MOST_PHONES:
        reading.note(Code.DIAL_NESTED, element, f"at most {MOST_PHONES} phones can be rung; the others are left out")
    return phones[:MOST_PHONES]
