"""One participant of a conference, and what that one hears."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from pbx.call import Call
from pbx.request import Content
from pbx.rooms.seat import Hearing, Hears, Seat, Terms


class Room(Protocol):
    """The conference, as its participant needs it."""

    @property
    def sid(self) -> str: ...

    def remove(self, participant: "Participant", *, moved: bool = False) -> None: ...

    def heard_out(self, participant: "Participant", announcement: int, failure: str) -> None: ...


class Participant(Seat):
    """A caller in a conference: the `Seat` of a call that the exchange itself carries.

    `terms` change as the REST API changes them; `held` and `terms.muted` are apart, and changing one leaves the other.
    """

    def __init__(self, room: Room, call: Call, terms: Terms, joined_at: datetime, on_turn: Callable[[Hearing], None]) -> None:
        super().__init__()
        self.room = room
        self.call = call
        self.terms = terms
        self.joined_at = self.updated_at = joined_at
        self.held: Content | None = None
        self.announcement: Content | None = None
        self.announcement_number = 0
        self._on_turn = on_turn

    def turn(self, hearing: Hearing) -> None:
        super().turn(hearing)
        self._on_turn(hearing)

    def leave(self) -> None:
        self.room.remove(self)

    def move_out(self) -> None:
        """The call goes on elsewhere, because somebody outside says so."""
        self.room.remove(self, moved=True)

    def heard_out(self, announcement: int, failure: str = "") -> None:
        self.room.heard_out(self, announcement, failure)

    def heard(self, others: int, is_waiting: bool) -> Hearing:
        """What reaches this one's ear: an announcement before hold, hold before the room."""
        terms = self.terms
        if self.announcement is not None:
            what, content = Hears.ANNOUNCEMENT, self.announcement
        elif self.held is not None:
            what, content = Hears.HELD, self.held
        elif is_waiting:
            what, content = Hears.WAITING, terms.wait
        else:
            coached = terms.coaches
            return Hearing(Hears.TALKING, others=others, muted=terms.muted, coaching=bool(coached), coached=coached)
        return Hearing(what, content, announcement=self.announcement_number)
