"""The exchange's conferences, by name and by sid.

Source: https://www.twilio.com/docs/voice/api/conference-resource.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from pbx.call import Call
from pbx.request import WebhookRequest
from pbx.rooms.conference import Conference
from pbx.rooms.events import ConferenceStatus
from pbx.rooms.participant import Participant
from pbx.rooms.seat import Hearing, Terms
from pbx.rooms.sound import RoomSound
from pbx.shelf import RecordingShelf

REMEMBERED = 500
"""Conferences that are over and can still be looked up."""
CONFERENCE_SID = re.compile(r"CF[0-9a-f]{32}", re.ASCII)


class LocalConferences:
    """Every conference of one exchange: the live ones, one to a name, and the last that are over."""

    def __init__(
        self,
        new_sid: Callable[[str], str],
        clock: Callable[[], datetime],
        tell: Callable[[WebhookRequest], None],
        new_sound: Callable[[], RoomSound | None] = lambda: None,
        shelf: RecordingShelf | None = None,
    ) -> None:
        """`new_sound` gives each room its sound, where this process carries any; `shelf` keeps what is recorded of it."""
        self._new_sid = new_sid
        self._clock = clock
        self._tell = tell
        self._new_sound = new_sound
        self._shelf = shelf
        self._by_sid: dict[str, Conference] = {}

    def __iter__(self) -> Iterator[Conference]:
        return iter(self._by_sid.values())

    def get(self, sid: str) -> Conference | None:
        return self._by_sid.get(sid)

    def live(self, name: str) -> Conference | None:
        """The conference under way that bears this name or, as TwiML allows, this sid."""
        return next((room for room in self if name in (room.name, room.sid) and not room.is_over), None)

    async def join(self, name: str, call: Call, terms: Terms) -> Participant:
        return self.admit(name, call, terms, lambda hearing: None)

    def admit(self, name: str, call: Call, terms: Terms, on_turn: Callable[[Hearing], None]) -> Participant:
        """A seat in the room of that name, created for its first; `on_turn` is told of everything heard in it.

        A sid creates no room: whoever names one that is over, or never was, has a seat that is over.
        """
        room = self.live(name)
        if room is None:
            room = self._over(name, call, terms) if CONFERENCE_SID.fullmatch(name) else self.open(name, call.account_sid, terms)
        participant = Participant(room, call, terms, self._clock(), on_turn)
        room.admit(participant)
        return participant

    def open(self, name: str, account_sid: str, terms: Terms) -> Conference:
        """A new room of that name, with nobody in it yet."""
        self._forget_the_oldest()
        now = self._clock()
        sid, sound = self._new_sid("CF"), self._new_sound()
        room = Conference(sid, name, account_sid, self._clock, self._tell, terms, now, now, sound, self._shelf)
        self._by_sid[room.sid] = room
        return room

    def _over(self, sid: str, call: Call, terms: Terms) -> Conference:
        """What stands for a room that nobody can enter."""
        now = self._clock()
        over = Conference(sid, sid, call.account_sid, self._clock, self._tell, terms, now, now)
        over.status = ConferenceStatus.COMPLETED
        return over

    def _forget_the_oldest(self) -> None:
        over = [room.sid for room in self if room.is_over]
        for sid in over[: max(0, len(over) - REMEMBERED)]:
            del self._by_sid[sid]
