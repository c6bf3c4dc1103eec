"""What a conference tells its status callback.

Source: https://www.twilio.com/docs/voice/twiml/conference#attributes-statusCallback.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum

from pbx.request import Content
from pbx.rooms.participant import Participant


class ConferenceStatus(StrEnum):
    """Where a conference stands. Source: /docs/voice/api/conference-resource."""

    INIT = "init"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"


class Reason(StrEnum):
    """Why a conference ended, with the words for people."""

    words: str

    def __new__(cls, value: str, words: str) -> "Reason":
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    BY_API = "conference-ended-via-api", "The conference was ended through the API"
    ENDING_PARTICIPANT_LEFT = "participant-with-end-conference-on-exit-left", "A participant who ends it on exit left"
    ENDING_PARTICIPANT_KICKED = (
        "participant-with-end-conference-on-exit-kicked",
        "A participant who ends it on exit was removed",
    )
    LAST_KICKED = "last-participant-kicked", "The last participant was removed"
    LAST_LEFT = "last-participant-left", "The last participant left"


class ReasonLeft(StrEnum):
    """Why somebody left. Source: https://www.twilio.com/docs/voice/twiml/conference, ReasonParticipantLeft."""

    HUNG_UP = "participant_hung_up"
    BY_API = "participant_updated_via_api"
    ENDED = "moderator_ended_conference"
    ENDED_BY_API = "conference_ended_via_api"
    NEVER_CAME = "participant_add_failed"


class RoomEvent(StrEnum):
    """What happens in a room, with the word that subscribes to it."""

    subscribed_by: str

    def __new__(cls, value: str, subscribed_by: str) -> "RoomEvent":
        member = str.__new__(cls, value)
        member._value_ = value
        member.subscribed_by = subscribed_by
        return member

    START = "conference-start", "start"
    END = "conference-end", "end"
    JOIN = "participant-join", "join"
    LEAVE = "participant-leave", "leave"
    MUTE = "participant-mute", "mute"
    UNMUTE = "participant-unmute", "mute"
    HOLD = "participant-hold", "hold"
    UNHOLD = "participant-unhold", "hold"
    MODIFY = "participant-modify", "modify"
    SPEECH_START = "participant-speech-start", "speaker"
    SPEECH_STOP = "participant-speech-stop", "speaker"
    ANNOUNCEMENT_END = "announcement-end", "announcement"
    ANNOUNCEMENT_FAIL = "announcement-fail", "announcement"


SUBSCRIPTIONS = frozenset(event.subscribed_by for event in RoomEvent)
"""Words of statusCallbackEvent; nothing is told of speakers where no sound is mixed."""


def room_parameters(sid: str, name: str, account_sid: str, at: datetime, event: RoomEvent, sequence: int) -> Mapping[str, str]:
    """What every event tells; SequenceNumber puts events that overtake one another back into order."""
    return {
        "ConferenceSid": sid,
        "FriendlyName": name,
        "AccountSid": account_sid,
        "Timestamp": format_datetime(at),
        "StatusCallbackEvent": event,
        "SequenceNumber": str(sequence),
    }


def participant_parameters(participant: Participant) -> Mapping[str, str]:
    """What an event about one participant tells beside."""
    terms = participant.terms
    parameters = {
        "CallSid": participant.call.sid,
        "Muted": _flag(terms.muted),
        "Hold": _flag(participant.held is not None),
        "Coaching": _flag(bool(terms.coaches)),
        "StartConferenceOnEnter": _flag(terms.starts_on_enter),
        "EndConferenceOnExit": _flag(terms.ends_on_exit),
    }
    if terms.label:
        parameters["ParticipantLabel"] = terms.label
    if terms.coaches:
        parameters["CallSidToCoach"] = terms.coaches
    return parameters


def left_parameters(participant: Participant, reason: ReasonLeft) -> Mapping[str, str]:
    """What it tells beside that when somebody left, or never came."""
    return {"ParticipantCallStatus": participant.call.status, "ReasonParticipantLeft": reason}


def announced_parameters(content: Content, failure: str) -> Mapping[str, str]:
    """What the end of an announcement tells beside, or that it could not be had."""
    failed = {"ReasonAnnouncementFailed": failure} if failure else {}
    return {"AnnounceUrl": content.url or "", **failed}


def ended_parameters(ended_by: Participant | None, reason: Reason) -> Mapping[str, str]:
    """What the end of a conference tells beside."""
    who = {}
    if ended_by is not None:
        who["CallSidEndingConference"] = ended_by.call.sid
        if ended_by.terms.label:
            who["ParticipantLabelEndingConference"] = ended_by.terms.label
    return {**who, "ReasonConferenceEnded": reason, "Reason": reason.words}


def _flag(value: bool) -> str:
    return "true" if value else "false"
