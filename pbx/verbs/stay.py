"""A Dial to a conference: a stay in its room. Source: https://www.twilio.com/docs/voice/twiml/conference."""

import asyncio
from dataclasses import dataclass

from pbx.call import Whereabouts
from pbx.codes import CallError, Code
from pbx.request import Content, WebhookRequest
from pbx.rooms.seat import Hearing, Hears, Refusal, Seat, Terms
from pbx.rounds import play_rounds
from pbx.scene import Part, Scene
from pbx.side_by_side import until_first
from pbx.verbs.dialled import Dialled, DialStatus
from pbx.verbs.terms import DialTerms

REFUSALS = {
    Refusal.FULL: (Code.CONFERENCE_FULL, "maxParticipants are in it already"),
    Refusal.LABEL_TAKEN: (Code.LABEL_TAKEN, "somebody of that participantLabel is in it already"),
    Refusal.NOBODY_TO_COACH: (Code.CONFERENCE_COACH, "the call to be coached is not in it"),
    Refusal.NO_ROOM: (Code.CONFERENCE_SID, "the conference of that sid is over, or never was"),
}


@dataclass(frozen=True, slots=True)
class Stay:
    """In the room of that name until it is over, the time is up, or the caller leaves by the star."""

    room: str
    seating: Terms
    url: str
    line: int | None

    async def meet(self, scene: Scene, terms: DialTerms, dialled: Dialled) -> None:
        await scene.pick_up()
        dialled.status = DialStatus.ANSWERED
        seat = await scene.surroundings.conferences.join(self.room, scene.call, self.seating)
        scene.call.whereabouts = Whereabouts.CONFERENCE
        try:
            async with asyncio.timeout(terms.time_limit_seconds):
                await self._sit(scene, seat, terms.star_leaves)
        except TimeoutError:
            pass  # the time limit
        finally:
            self._judge(scene, seat, dialled)
            seat.leave()

    async def _sit(self, scene: Scene, seat: Seat, star_leaves: bool) -> None:
        while (hearing := seat.hearing).what is not Hears.OVER:
            async with until_first(_listen(scene, seat, hearing, star_leaves), seat.turned_from(hearing)) as (listening, _):
                if listening.done():
                    listening.result()
                    return

    def _judge(self, scene: Scene, seat: Seat, dialled: Dialled) -> None:
        scene.call.whereabouts = None
        if seat.hearing.refused:
            dialled.status = DialStatus.FAILED
            code, detail = REFUSALS[seat.hearing.refused]
            scene.note(CallError(code, self.url, detail, self.line))


async def _listen(scene: Scene, seat: Seat, hearing: Hearing, star_leaves: bool) -> None:
    """Hear what there is to hear, for ever; return only when the caller presses the star to leave."""
    match hearing.what:
        case Hears.TALKING:
            await scene.leg.confer(seat.bridge, hearing, star_leaves)
        case Hears.ANNOUNCEMENT:
            seat.heard_out(hearing.announcement, await _announced(scene, hearing.content))
            await asyncio.Future()  # what is heard next, the seat says
        case _:
            await play_rounds(scene, lambda: scene.entertain(hearing.content))


async def _announced(scene: Scene, content: Content) -> str:
    """Play an announcement; the answer is why it could not be had, or nothing."""
    try:
        await scene.perform(WebhookRequest(content.url or "", content.method), Part.HOLD)
    except CallError as error:
        scene.note(error)
        return error.code.words
    return ""
