"""What the REST API changes about one participant, each change told as its own event."""

from dataclasses import replace

from pbx.request import Method
from pbx.rest.answers import BAD_PARAMETER, Problem
from pbx.rest.form import Form
from pbx.rooms.conference import Conference
from pbx.rooms.events import RoomEvent
from pbx.rooms.participant import Participant
from pbx.rooms.sound import LEAVING


def change_participant(room: Conference, participant: Participant, form: Form) -> None:
    """Do what the form says; what it does not name stays as it is. Raises Problem before anything has changed."""
    hold_content = form.content("HoldUrl", "HoldMethod", Method.GET)
    announcement = form.content("AnnounceUrl", "AnnounceMethod", Method.POST)
    wait_content = form.content("WaitUrl", "WaitMethod", Method.POST)
    coached = _coached(form, participant.terms.coaches)
    if form.has("Muted"):
        participant.terms = replace(participant.terms, muted=form.flag("Muted"))
        room.change(participant, RoomEvent.MUTE if participant.terms.muted else RoomEvent.UNMUTE)
    if form.has("Hold"):
        participant.held = hold_content if form.flag("Hold") else None
        room.change(participant, RoomEvent.HOLD if participant.held else RoomEvent.UNHOLD)
    if form.has("EndConferenceOnExit"):
        participant.terms = replace(participant.terms, ends_on_exit=form.flag("EndConferenceOnExit"))
        room.change(participant, RoomEvent.MODIFY)
    if form.has("BeepOnExit"):
        participant.terms = replace(participant.terms, beep=LEAVING if form.flag("BeepOnExit") else "false")
        room.change(participant, RoomEvent.MODIFY)
    if form.has("WaitUrl"):
        participant.terms = replace(participant.terms, wait=wait_content)
        room.change(participant, RoomEvent.MODIFY)
    if coached != participant.terms.coaches:
        participant.terms = replace(participant.terms, coaches=coached)
        room.change(participant, RoomEvent.MODIFY)
    if form.has("AnnounceUrl"):
        room.announce(announcement, participant)


def _coached(form: Form, coached_now: str) -> str:
    """Whom the participant coaches then: coaching begins with a sid, and ends with Coaching=false."""
    sid = form.text("CallSidToCoach").strip()
    if form.has("Coaching") and not form.flag("Coaching"):
        return ""
    if form.has("Coaching") and not (sid or coached_now):
        raise Problem(400, BAD_PARAMETER, "CallSidToCoach is required with Coaching=true")
    return sid or coached_now
