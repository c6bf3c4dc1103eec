"""Conference inside Dial: the room and the terms. Source: https://www.twilio.com/docs/voice/twiml/conference."""

import re

from pbx.codes import Code, DocumentError
from pbx.reading import Attributes, Element, Reading
from pbx.recording import TRIMMED, TRIMS, RecordingPlan, RecordingReport, Source
from pbx.request import Content, Method
from pbx.rooms.events import SUBSCRIPTIONS
from pbx.rooms.seat import MAXIMUM_PARTICIPANTS, Notification, Terms
from pbx.verbs.recording_report import parse_report

RECORDED = ("do-not-record", "record-from-start", "true", "false")
BEEPS = ("true", "false", "onEnter", "onExit")
MAXIMUM_NAME_CHARACTERS = MAXIMUM_LABEL_CHARACTERS = 128
CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}", re.ASCII)
WITHOUT_EFFECT = (
    "jitterBufferSize",
    "region",
    "recordingConfigurationId",
)
"""Attributes that are Twilio's and change nothing in rooms that one exchange mixes."""


def parse_conference(element: Element, reading: Reading) -> tuple[str, Terms] | None:
    """The room's name and the terms; None, noted as 13237, without a usable name. Raises DocumentError 13231."""
    name = (element.text or "").strip()
    if not 0 < len(name) <= MAXIMUM_NAME_CHARACTERS:
        detail = f"write the name of the room between the tags, of at most {MAXIMUM_NAME_CHARACTERS} characters"
        reading.note(Code.CONFERENCE_NAME, element, detail)
        return None
    attributes = Attributes(element, reading)
    terms = Terms(
        muted=attributes.flag("muted", False, Code.CONFERENCE_MUTED),
        beep=attributes.one_of("beep", BEEPS, "true", Code.CONFERENCE_BEEP),
        starts_on_enter=attributes.flag("startConferenceOnEnter", True, Code.CONFERENCE_START),
        ends_on_exit=_ends_on_exit(attributes, reading, element),
        wait=_wait(attributes),
        maximum=_maximum(attributes),
        label=_label(attributes),
        coaches=_coached(attributes),
        notification=_notification(attributes),
        recording=_recording(attributes),
    )
    for without_effect in WITHOUT_EFFECT:
        attributes.text(without_effect, "")
    attributes.close()
    return name, terms


def _recording(attributes: Attributes) -> RecordingPlan | None:
    """Of the whole room, from its start, on one channel."""
    report, legacy_report = parse_report(attributes), _legacy_report(attributes)
    is_trimmed = attributes.one_of("trim", TRIMS, TRIMMED, Code.RECORD_TRIM) == TRIMMED
    if attributes.one_of("record", RECORDED, RECORDED[0], Code.DIAL_RECORD) not in ("record-from-start", "true"):
        return None
    return RecordingPlan(Source.CONFERENCE, is_trimmed=is_trimmed, report=report or legacy_report)


def _legacy_report(attributes: Attributes) -> RecordingReport | None:
    url = attributes.callback("eventCallbackUrl")
    return RecordingReport(url, Method.POST, is_legacy=True) if url else None


def label_is_usable(label: str) -> bool:
    """At most 128 characters, no slash, and not to be taken for a call's sid. Source: /docs/api/errors/16023."""
    return len(label) <= MAXIMUM_LABEL_CHARACTERS and "/" not in label and not CALL_SID.fullmatch(label)


def _ends_on_exit(attributes: Attributes, reading: Reading, element: Element) -> bool:
    """The one flag whose bad value is an error: a room that does not end would keep a caller for ever."""
    value = attributes.text("endConferenceOnExit", "false")
    if value not in ("true", "false"):
        raise DocumentError(Code.CONFERENCE_END, reading.url, "write true or false", element.sourceline)
    return value == "true"


def _wait(attributes: Attributes) -> Content:
    """Without a waitUrl the exchange's own music; with an empty one silence."""
    given = attributes.text("waitUrl", "music")
    url = attributes.url("waitUrl") or ""
    method = attributes.method("waitMethod", Code.CONFERENCE_WAIT_METHOD)
    if given == "music":
        return Content(None, method)
    if url and not url.startswith(("http://", "https://")):
        attributes.note(Code.CONFERENCE_WAIT, "waitUrl must begin with http:// or https://; music is played")
        return Content(None, method)
    return Content(url, method)


def _maximum(attributes: Attributes) -> int:
    number = attributes.whole_number("maxParticipants", MAXIMUM_PARTICIPANTS, Code.SCHEMA)
    if number <= MAXIMUM_PARTICIPANTS:
        return number
    attributes.note(Code.SCHEMA, f"maxParticipants is at most {MAXIMUM_PARTICIPANTS}, which applies")
    return MAXIMUM_PARTICIPANTS


def _label(attributes: Attributes) -> str:
    label = attributes.text("participantLabel", "")
    if label_is_usable(label):
        return label
    attributes.note(Code.PARTICIPANT_LABEL, "at most 128 characters, no slash, unlike a call's sid; left out")
    return ""


def _coached(attributes: Attributes) -> str:
    sid = attributes.text("coach", "")
    if not sid or CALL_SID.fullmatch(sid):
        return sid
    attributes.note(Code.SCHEMA, "coach is the sid of a call; left out")
    return ""


def _notification(attributes: Attributes) -> Notification | None:
    url = attributes.callback("statusCallback")
    method = attributes.method("statusCallbackMethod", Code.SCHEMA)
    events = frozenset(attributes.text("statusCallbackEvent", "").split())
    if not events <= SUBSCRIPTIONS:
        attributes.note(Code.SCHEMA, f"statusCallbackEvent lists {', '.join(sorted(SUBSCRIPTIONS))}; others are ignored")
    return Notification(url, method, events & SUBSCRIPTIONS) if url else None
