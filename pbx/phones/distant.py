"""Queues and conferences that the exchange keeps, as a phone in another process uses them."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from pbx.phones.messages import HearingTold, InConference, InQueue, PlaceTold
from pbx.rooms.queues import Place
from pbx.rooms.seat import Hearing, Hears, Seat, Terms

ANSWER_SECONDS = 2.0
"""How long a phone waits to be told its place or its seat; after that it goes on with what it knows itself."""

Stay = InQueue | InConference


class DistantTicket:
    """A place in a queue of the exchange; the last place told counts, and until then the caller is alone in it."""

    def __init__(self, stay: InQueue, queue_sid: str, clock: Callable[[], datetime], leave: Callable[[], None]) -> None:
        self._stay = stay
        self._clock = clock
        self._leave = leave
        self._place = Place(queue_sid, 1, 1, stay.joined_at)
        self.is_placed = asyncio.Event()

    @property
    def queue_sid(self) -> str:
        return self._place.queue_sid

    @property
    def waited_seconds(self) -> int:
        return max(0, int((self._clock() - self._stay.joined_at).total_seconds()))

    def parameters(self) -> Mapping[str, str]:
        return self._place.parameters(self.waited_seconds, self._clock())

    def move(self, place: Place) -> None:
        self._place = place
        self.is_placed.set()

    def leave(self) -> None:
        self._leave()


class DistantSeat(Seat):
    """A seat in a conference of the exchange."""

    def __init__(self, stay: InConference, tell: Callable[[InConference | None], None]) -> None:
        super().__init__()
        self._stay = stay
        self._tell = tell
        self.is_placed = asyncio.Event()
        super().turn(Hearing(Hears.WAITING, stay.terms.wait))

    def turn(self, hearing: Hearing) -> None:
        super().turn(hearing)
        self.is_placed.set()

    def leave(self) -> None:
        self._tell(None)

    def heard_out(self, announcement: int, failure: str = "") -> None:
        self._stay = InConference(self._stay.visit, self._stay.conference, self._stay.terms, announcement, failure)
        self._tell(self._stay)


class DistantRooms:
    """Where a phone's one call stays: in a queue or a conference of the exchange, or in neither."""

    def __init__(self, new_sid: Callable[[str], str], clock: Callable[[], datetime], tell: Callable[[], None]) -> None:
        """`tell` is called when the stay has changed."""
        self.stay: Stay | None = None
        self._new_sid = new_sid
        self._clock = clock
        self._tell = tell
        self._place: DistantTicket | DistantSeat | None = None

    async def enter_queue(self, name: str) -> DistantTicket:
        stay = InQueue(self._new_sid("visit-"), name, self._clock())
        ticket = DistantTicket(stay, self._new_sid("QU"), self._clock, lambda: self._set(stay.visit, None))
        await self._enter(stay, ticket)
        return ticket

    async def enter_conference(self, name: str, terms: Terms) -> DistantSeat:
        stay = InConference(self._new_sid("visit-"), name, terms)
        seat = DistantSeat(stay, lambda stay_now: self._set(stay.visit, stay_now))
        await self._enter(stay, seat)
        return seat

    def learn(self, told: PlaceTold | HearingTold) -> None:
        """What the exchange says of a stay; of one that is over it does not matter any more."""
        if self.stay is None or told.visit != self.stay.visit:
            return
        match told, self._place:
            case PlaceTold(place=place), DistantTicket() as ticket:
                ticket.move(place)
            case HearingTold(hearing=hearing), DistantSeat() as seat:
                seat.turn(hearing)

    async def _enter(self, stay: Stay, place: DistantTicket | DistantSeat) -> None:
        self.stay, self._place = stay, place
        self._tell()
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await place.is_placed.wait()

    def _set(self, visit: str, stay: Stay | None) -> None:
        if self.stay is not None and self.stay.visit == visit:
            self.stay = stay
            self._tell()
