"""The exchange's conferences: who is in the room, and what each of them hears.

Sources: https://www.twilio.com/docs/voice/twiml/conference and .../docs/voice/api/conference-resource. A conference
waits for a second participant and for one who may start it; once started it never waits again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pbx.call import Call
from pbx.request import Content, WebhookRequest
from pbx.rooms.events import ConferenceStatus, Reason, RoomEvent, ended_parameters, participant_parameters, room_parameters
from pbx.rooms.participant import Participant
from pbx.rooms.seat import Hearing, Hears, Terms
from pbx.rooms.sound import ENTERING, LEAVING, RoomSound

REMEMBERED = 500
"""Conferences that are over and can still be looked up."""


@dataclass(slots=True, eq=False)
class Conference:
    """One room, from its first participant to its last."""

    sid: str
    name: str
    account_sid: str
    clock: Callable[[], datetime]
    tell: Callable[[WebhookRequest], None]
    terms: Terms
    """Those of the first to arrive, who decides where the room's events are told."""
    created_at: datetime
    updated_at: datetime
    sound: RoomSound | None = None
    """None where every participant's phone is carried elsewhere, and nothing is mixed."""
    status: ConferenceStatus = ConferenceStatus.INIT
    participants: list[Participant] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)
    """The calls that were made to bring somebody in, and have not ended: the label of each by its sid."""
    reason: Reason | None = None
    ended_by: str | None = None
    """The sid of the call whose leaving ended it; None while it lives or when the API ended it."""
    _sequence: int = 0
    _announcements: int = 0

    @property
    def is_over(self) -> bool:
        return self.status is ConferenceStatus.COMPLETED

    def admit(self, participant: Participant) -> None:
        """One more in the room, or a seat that is over at once when the room is full."""
        if len(self.participants) >= participant.terms.maximum:
            participant.turn(Hearing(Hears.OVER, refused=True))
            return
        self._beep(participant, ENTERING)
        if self.sound is not None:
            participant.bridge = self.sound.bridge
        self.participants.append(participant)
        self._emit(RoomEvent.JOIN, participant)
        if self.status is ConferenceStatus.INIT and len(self.participants) > 1 and self._may_start():
            self.status = ConferenceStatus.IN_PROGRESS
            self._emit(RoomEvent.START)
        self._retune()

    def remove(self, participant: Participant, *, kicked: bool = False) -> None:
        """One fewer in the room; nothing for who has left already."""
        if participant not in self.participants:
            return
        self.participants.remove(participant)
        self._emit(RoomEvent.LEAVE, participant)
        participant.turn(Hearing(Hears.OVER))
        if participant.terms.ends_on_exit:
            self._end(Reason.ENDING_PARTICIPANT_KICKED if kicked else Reason.ENDING_PARTICIPANT_LEFT, participant.call.sid)
        elif not self.participants and not self.expected.keys() - {participant.call.sid}:
            self._end(Reason.LAST_KICKED if kicked else Reason.LAST_LEFT, participant.call.sid)
        else:
            self._beep(participant, LEAVING)
            self._retune()

    def expect(self, call_sid: str, label: str) -> None:
        """Somebody is being rung for this conference."""
        self.expected[call_sid] = label

    def expect_no_more(self, call_sid: str) -> None:
        """That call is over, answered or not; a conference without anybody does not wait for nobody."""
        self.expected.pop(call_sid, None)
        if not self.participants and not self.expected:
            self._end(Reason.LAST_LEFT, call_sid)

    def end(self) -> None:
        """Everybody out, by the API."""
        self._end(Reason.BY_API, None)

    def change(self, participant: Participant, event: RoomEvent) -> None:
        """Something about one participant has been set anew."""
        participant.updated_at = self.clock()
        self._emit(event, participant)
        self._retune()

    def announce(self, content: Content, listeners: list[Participant]) -> None:
        """Played to these once, over whatever they hear."""
        self._announcements += 1
        for participant in listeners:
            participant.announcement = content
            participant.announcement_number = self._announcements
        self._retune()

    def heard_out(self, participant: Participant, announcement: int) -> None:
        """An announcement is over for one listener; for the last of them it is over."""
        if participant.announcement is None or participant.announcement_number != announcement:
            return
        participant.announcement = None
        self._retune()
        if not any(other.announcement and other.announcement_number == announcement for other in self.participants):
            self._emit(RoomEvent.ANNOUNCEMENT_END, participant)

    def _beep(self, participant: Participant, tone: str) -> None:
        """Everybody else hears that somebody comes or goes, if that was wished."""
        if self.sound is not None and participant.terms.beep in ("true", tone):
            self.sound.beep(tone)

    def _may_start(self) -> bool:
        return any(participant.terms.starts_on_enter for participant in self.participants)

    def _end(self, reason: Reason, ended_by: str | None) -> None:
        if self.is_over:
            return
        self.status, self.reason, self.ended_by = ConferenceStatus.COMPLETED, reason, ended_by
        leaving, self.participants = self.participants, []
        for participant in leaving:
            self._emit(RoomEvent.LEAVE, participant)
            participant.turn(Hearing(Hears.OVER))
        self._emit(RoomEvent.END)

    def _retune(self) -> None:
        for participant in self.participants:
            participant.turn(participant.heard(len(self.participants) - 1, self.status is ConferenceStatus.INIT))

    def _emit(self, event: RoomEvent, participant: Participant | None = None) -> None:
        self.updated_at = self.clock()
        notification = self.terms.notification
        if notification is None or event.subscribed_by not in notification.events:
            return
        parameters = {
            **room_parameters(self.sid, self.name, self.account_sid, self.clock(), event, self._sequence),
            **(participant_parameters(participant, event) if participant else {}),
            **(ended_parameters(self.ended_by, self.reason) if self.reason and event is RoomEvent.END else {}),
        }
        self._sequence += 1
        self.tell(WebhookRequest(notification.url, notification.method, parameters))


class LocalConferences:
    """Every conference of one exchange: the live ones, one to a name, and the last that are over."""

    def __init__(
        self,
        new_sid: Callable[[str], str],
        clock: Callable[[], datetime],
        tell: Callable[[WebhookRequest], None],
        new_sound: Callable[[], RoomSound | None] = lambda: None,
    ) -> None:
        """`new_sound` gives each room its sound, where this process carries any."""
        self._new_sid = new_sid
        self._clock = clock
        self._tell = tell
        self._new_sound = new_sound
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
        """A seat in the room of that name, created for its first; `on_turn` is told of everything heard in it."""
        room = self.live(name) or self.open(name, call.account_sid, terms)
        participant = Participant(room, call, terms, self._clock(), on_turn)
        room.admit(participant)
        return participant

    def open(self, name: str, account_sid: str, terms: Terms) -> Conference:
        """A new room of that name, with nobody in it yet."""
        self._forget_the_oldest()
        now = self._clock()
        sid, sound = self._new_sid("CF"), self._new_sound()
        room = Conference(sid, name, account_sid, self._clock, self._tell, terms, now, now, sound)
        self._by_sid[room.sid] = room
        return room

    def _forget_the_oldest(self) -> None:
        over = [room.sid for room in self if room.is_over]
        for sid in over[: max(0, len(over) - REMEMBERED)]:
            del self._by_sid[sid]
