"""One conference: who is in the room, and what each of them hears.

Sources: https://www.twilio.com/docs/voice/twiml/conference and .../docs/voice/api/conference-resource. A conference
waits for a second participant and for one who may start it; once started it never waits again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pbx.recording import RunningRecording
from pbx.request import Content, WebhookRequest
from pbx.rooms.events import (
    ConferenceStatus,
    Reason,
    ReasonLeft,
    RoomEvent,
    announced_parameters,
    ended_parameters,
    left_parameters,
    participant_parameters,
    room_parameters,
)
from pbx.rooms.participant import Participant
from pbx.rooms.seat import Hearing, Hears, Refusal, Terms
from pbx.rooms.sound import ENTERING, LEAVING, RoomSound
from pbx.shelf import RecordingShelf

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something made known to everybody, or to one participant alone."""

    content: Content
    listener: Participant | None


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
    shelf: RecordingShelf | None = None
    """None: nothing is recorded."""
    status: ConferenceStatus = ConferenceStatus.INIT
    participants: list[Participant] = field(default_factory=list)
    expected: dict[str, Participant] = field(default_factory=dict)
    """Those who are being rung to be brought in, by the sid of the call."""
    reason: Reason | None = None
    ended_by: Participant | None = None
    """Whose leaving ended it; None while it lives or when the API ended it."""
    recording: RunningRecording | None = None
    _stop_watching: Callable[[], None] = lambda: None
    _sequence: int = 0
    _announcements: list[Announcement] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.status is ConferenceStatus.COMPLETED

    def admit(self, participant: Participant) -> None:
        """One more in the room, or a seat that is over at once for who cannot be."""
        refusal = self._refusal(participant.terms)
        if refusal:
            participant.turn(Hearing(Hears.OVER, refused=refusal))
            return
        self._beep(participant, ENTERING)
        if self.sound is not None:
            participant.bridge = self.sound.bridge
        self.participants.append(participant)
        self._emit(RoomEvent.JOIN, participant)
        if self.status is ConferenceStatus.INIT and len(self.participants) > 1 and self._may_start():
            self.status = ConferenceStatus.IN_PROGRESS
            self._emit(RoomEvent.START)
            self._record()
            self._watch()
        self._retune()

    def remove(self, participant: Participant, *, kicked: bool = False, moved: bool = False) -> None:
        """One fewer in the room, by the API if `kicked` or `moved` elsewhere; nothing for who has left already."""
        if participant not in self.participants:
            return
        self._let_go(participant, ReasonLeft.BY_API if kicked or moved else ReasonLeft.HUNG_UP)
        if participant.terms.ends_on_exit:
            self._end(Reason.ENDING_PARTICIPANT_KICKED if kicked else Reason.ENDING_PARTICIPANT_LEFT, participant)
        elif not self.participants and not self.expected.keys() - {participant.call.sid}:
            self._end(Reason.LAST_KICKED if kicked else Reason.LAST_LEFT, participant)
        else:
            self._beep(participant, LEAVING)
            self._retune()

    def expect(self, participant: Participant) -> None:
        """Somebody is being rung for this conference."""
        self.expected[participant.call.sid] = participant

    def expect_no_more(self, participant: Participant) -> None:
        """That call is over, answered or not; a conference without anybody does not wait for nobody."""
        if self.is_over or self.expected.pop(participant.call.sid, None) is None:
            return
        if participant.call.answered_at is None:
            self._emit(RoomEvent.LEAVE, participant, left_parameters(participant, ReasonLeft.NEVER_CAME))
        if not self.participants and not self.expected:
            self._end(Reason.LAST_LEFT, participant)

    def end(self) -> None:
        """Everybody out, by the API."""
        self._end(Reason.BY_API, None)

    def change(self, participant: Participant, event: RoomEvent) -> None:
        """Something about one participant has been set anew."""
        participant.updated_at = self.clock()
        self._emit(event, participant)
        self._retune()

    def announce(self, content: Content, listener: Participant | None = None) -> None:
        """Played once, over whatever is heard, to everybody or to that one."""
        self._announcements.append(Announcement(content, listener))
        for participant in self.participants if listener is None else [listener]:
            participant.announcement = content
            participant.announcement_number = len(self._announcements)
        self._retune()

    def heard_out(self, participant: Participant, announcement: int, failure: str) -> None:
        """An announcement is over for one listener, or could not be had; for the last of them it is over."""
        if participant.announcement is None or participant.announcement_number != announcement:
            return
        participant.announcement = None
        self._retune()
        self._close_announcement(announcement, failure)

    def _close_announcement(self, number: int, failure: str = "") -> None:
        if any(other.announcement and other.announcement_number == number for other in self.participants):
            return
        announcement = self._announcements[number - 1]
        listener = announcement.listener if announcement.listener in self.participants else None
        event = RoomEvent.ANNOUNCEMENT_FAIL if failure else RoomEvent.ANNOUNCEMENT_END
        self._emit(event, listener, announced_parameters(announcement.content, failure))

    def _beep(self, participant: Participant, tone: str) -> None:
        """Everybody else hears that somebody comes or goes, if that was wished."""
        if self.sound is not None and participant.terms.beep in ("true", tone):
            self.sound.beep(tone)

    def _refusal(self, terms: Terms) -> Refusal:
        if self.is_over:
            return Refusal.NO_ROOM
        if len(self.participants) >= terms.maximum:
            return Refusal.FULL
        if terms.label and any(other.terms.label == terms.label for other in self.participants):
            return Refusal.LABEL_TAKEN
        if terms.coaches and all(other.call.sid != terms.coaches for other in self.participants):
            return Refusal.NOBODY_TO_COACH
        return Refusal.NONE

    def _may_start(self) -> bool:
        return any(participant.terms.starts_on_enter for participant in self.participants)

    def _record(self) -> None:
        """From the start on, if anybody who is there wished it; what is heard before is never recorded."""
        wishes = (terms.recording for terms in (self.terms, *(one.terms for one in self.participants)))
        plan = next((wish for wish in wishes if wish is not None), None)
        if plan is not None and self.sound is not None and self.shelf is not None:
            begun = self.shelf.begin(self.participants[0].call, plan.source, self.clock(), conference_sid=self.sid)
            self.recording = RunningRecording(self.shelf, begun, plan, self.sound.tap, self.tell)

    def _watch(self) -> None:
        """Have it told who speaks, where somebody wants to know."""
        notification = self.terms.notification
        if self.sound is not None and notification is not None and RoomEvent.SPEECH_START.subscribed_by in notification.events:
            self._stop_watching = self.sound.watch(self._note_speaker)

    def _note_speaker(self, call_sid: str, speaks: bool) -> None:
        participant = next((one for one in self.participants if one.call.sid == call_sid), None)
        if participant is not None:
            self._emit(RoomEvent.SPEECH_START if speaks else RoomEvent.SPEECH_STOP, participant)

    def _end(self, reason: Reason, ended_by: Participant | None) -> None:
        if self.is_over:
            return
        self.status, self.reason, self.ended_by = ConferenceStatus.COMPLETED, reason, ended_by
        for participant in tuple(self.participants):
            self._let_go(participant, ReasonLeft.ENDED_BY_API if reason is Reason.BY_API else ReasonLeft.ENDED)
        if self.recording is not None:
            self.recording.stop()
        self._stop_watching()
        self._emit(RoomEvent.END, beyond=ended_parameters(ended_by, reason))

    def _let_go(self, participant: Participant, reason: ReasonLeft) -> None:
        self.participants.remove(participant)
        self._emit(RoomEvent.LEAVE, participant, left_parameters(participant, reason))
        participant.turn(Hearing(Hears.OVER))
        if participant.announcement is not None:
            participant.announcement = None
            self._close_announcement(participant.announcement_number)

    def _retune(self) -> None:
        for participant in self.participants:
            participant.turn(participant.heard(len(self.participants) - 1, self.status is ConferenceStatus.INIT))

    def _emit(self, event: RoomEvent, participant: Participant | None = None, beyond: Mapping[str, str] = NOTHING) -> None:
        self.updated_at = self.clock()
        notification = self.terms.notification
        if notification is None or event.subscribed_by not in notification.events:
            return
        parameters = {
            **room_parameters(self.sid, self.name, self.account_sid, self.clock(), event, self._sequence),
            **(participant_parameters(participant) if participant else {}),
            **beyond,
        }
        self._sequence += 1
        self.tell(WebhookRequest(notification.url, notification.method, parameters))
