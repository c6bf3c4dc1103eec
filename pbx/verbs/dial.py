"""Dial, to a conference. Source: https://www.twilio.com/docs/voice/twiml/dial."""

import asyncio
import logging
from dataclasses import dataclass

from pbx.call import Whereabouts
from pbx.codes import Code, DocumentError
from pbx.leg import HungUp
from pbx.reading import Attributes, Element, Reading, children
from pbx.request import Method, WebhookRequest
from pbx.rounds import play_rounds, until_first
from pbx.scene import Departure, Outcome, Scene
from pbx.seat import Hearing, Hears, Seat, Terms
from pbx.verbs.conference import parse_conference

log = logging.getLogger(__name__)

TIME_LIMIT_SECONDS = 14400
WITHOUT_EFFECT = (
    "timeout",
    "callerId",
    "record",
    "trim",
    "recordingStatusCallback",
    "recordingStatusCallbackMethod",
    "recordingStatusCallbackEvent",
    "recordingTrack",
    "answerOnBridge",
    "ringTone",
    "sequential",
    "referUrl",
    "referMethod",
)
"""Attributes that are Twilio's and mean nothing for a conference."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A stay in a conference. Without an action the next verb runs afterwards."""

    room: str
    terms: Terms
    action: str | None
    method: Method
    time_limit_seconds: int
    star_leaves: bool

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Dial":
        """Raises DocumentError 13215 for anything but one Conference, and what `parse_conference` raises."""
        attributes = Attributes(element, reading)
        room, terms = parse_conference(_conference(element, reading), reading)
        dial = cls(
            room=room,
            terms=terms,
            action=attributes.url("action"),
            method=attributes.method("method", Code.DIAL_METHOD),
            time_limit_seconds=attributes.whole_number("timeLimit", TIME_LIMIT_SECONDS, Code.DIAL_TIME_LIMIT),
            star_leaves=attributes.flag("hangupOnStar", False, Code.DIAL_STAR),
        )
        for without_effect in WITHOUT_EFFECT:
            attributes.text(without_effect, "")
        attributes.close()
        return dial

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        seat = await scene.conferences.join(self.room, scene.call, self.terms)
        scene.call.whereabouts = Whereabouts.CONFERENCE
        try:
            await self._stay(scene, seat)
        except HungUp:
            await self._tell_hang_up(scene)
            raise
        except asyncio.CancelledError:
            if scene.departure is Departure.HUNG_UP:
                await self._tell_hang_up(scene)
            raise
        finally:
            scene.call.whereabouts = None
            seat.leave()
        return self._report("failed" if seat.hearing.refused else "answered")

    async def _stay(self, scene: Scene, seat: Seat) -> None:
        """Until the seat is over, the time is up, or the caller presses the star."""
        try:
            async with asyncio.timeout(self.time_limit_seconds):
                while (hearing := seat.hearing).what is not Hears.OVER:
                    async with until_first(self._listen(scene, seat, hearing), seat.turned_from(hearing)) as (listening, _):
                        if listening.done():
                            listening.result()
                            return
        except TimeoutError:
            log.info("call %s has been in its conference for its time limit", scene.call.sid)
        if seat.hearing.refused:
            log.error("call %s: error %d: %s", scene.call.sid, Code.CONFERENCE_FULL, Code.CONFERENCE_FULL.words)

    async def _listen(self, scene: Scene, seat: Seat, hearing: Hearing) -> None:
        """Hear what there is to hear, for ever; return only when the caller presses the star to leave."""
        match hearing.what:
            case Hears.TALKING:
                await scene.leg.confer(hearing, self.star_leaves)
            case Hears.ANNOUNCEMENT:
                await scene.entertain(hearing.content)
                seat.heard_out(hearing.announcement)
                await asyncio.Future()  # what is heard next, the seat says
            case _:
                await play_rounds(scene, lambda: scene.entertain(hearing.content))

    async def _tell_hang_up(self, scene: Scene) -> None:
        """The action hears of a hang-up too; what it answers cannot run any more."""
        scene.call.end()
        report = self._report("answered")
        if report is not None:
            await scene.tell(report)

    def _report(self, status: str) -> WebhookRequest | None:
        """A conference is no child call: neither DialCallSid nor DialCallDuration."""
        if self.action is None:
            return None
        return WebhookRequest(self.action, self.method, {"DialCallStatus": status})


def _conference(element: Element, reading: Reading) -> Element:
    """The one Conference that may stand in a Dial."""
    match list(children(element)):
        case [noun] if noun.tag == "Conference" and not (element.text or "").strip():
            return noun
        case []:
            detail = "a number cannot be dialled from here; only a Conference can stand in Dial"
        case nouns:
            names = ", ".join(sorted({str(noun.tag) for noun in nouns}))
            detail = f"exactly one Conference can stand in Dial, and nothing beside it; here is {names}"
    raise DocumentError(Code.DIAL_NESTED, reading.url, detail, element.sourceline)
