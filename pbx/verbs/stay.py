"""A Dial to a conference: a stay in its room. Source: https://www.twilio.com/docs/voice/twiml/conference."""

import asyncio
from dataclasses import dataclass

from pbx.call import Whereabouts
from pbx.codes import CallError, Code
from pbx.rooms.seat import Hearing, Hears, Seat, Terms
from pbx.rounds import play_rounds
from pbx.scene import Scene
from pbx.side_by_side import until_first
from pbx.verbs.dialled import Dialled, DialStatus
from pbx.verbs.terms import DialTerms


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
            scene.note(CallError(Code.CONFERENCE_FULL, self.url, "maxParticipants are in it already", self.line))


async def _listen(scene: Scene, seat: Seat, hearing: Hearing, star_leaves: bool) -> None:
    """Hear what there is to hear, for ever; return only when the caller presses the star to leave."""
    match hearing.what:
        case Hears.TALKING:
            await scene.leg.confer(seat.bridge, hearing, star_leaves)
        case Hears.ANNOUNCEMENT:
            await scene.entertain(hearing.content)
            seat.heard_out(hearing.announcement)
            await asyncio.Future()  # what is heard next, the seat says
        case _:
            await play_rounds(scene, lambda: scene.entertain(hearing.content))
