"""The document that brings a phone which is rung into a conference."""

from lxml import etree

from pbx.recording import TRIMMED, TRIMS, RecordingPlan, Source
from pbx.request import Method, Twiml
from pbx.rest.answers import BAD_PARAMETER, Problem
from pbx.rest.form import Form
from pbx.rest.orders import recording_report
from pbx.rooms.events import SUBSCRIPTIONS
from pbx.rooms.seat import MAXIMUM_PARTICIPANTS, Notification, Terms
from pbx.verbs.conference import BEEPS, RECORDED, label_is_usable

BAD_LABEL = 16023


def room_terms(form: Form) -> Terms:
    """The terms of a participant made by REST. Raises Problem for values that will not do."""
    label, coached = form.text("Label"), form.text("CallSidToCoach").strip()
    if not label_is_usable(label):
        raise Problem(400, BAD_LABEL, "Label has at most 128 characters, no slash, and is unlike a call's sid")
    if form.flag("Coaching") and not coached:
        raise Problem(400, BAD_PARAMETER, "CallSidToCoach is required with Coaching=true")
    return Terms(
        muted=form.flag("Muted"),
        beep=form.one_of("Beep", BEEPS, "true"),
        starts_on_enter=form.flag("StartConferenceOnEnter", True),
        ends_on_exit=form.flag("EndConferenceOnExit"),
        wait=form.content("WaitUrl", "WaitMethod", Method.POST),
        maximum=form.number("MaxParticipants", MAXIMUM_PARTICIPANTS, range(2, MAXIMUM_PARTICIPANTS + 1)),
        label=label,
        coaches="" if form.has("Coaching") and not form.flag("Coaching") else coached,
        notification=_notification(form),
        recording=_recording(form),
    )


def _notification(form: Form) -> Notification | None:
    events = form.words("ConferenceStatusCallbackEvent", "start end", SUBSCRIPTIONS)
    if not form.has("ConferenceStatusCallback"):
        return None
    return Notification(form.callback("ConferenceStatusCallback"), form.method("ConferenceStatusCallbackMethod"), events)


def _recording(form: Form) -> RecordingPlan | None:
    """How the whole conference is recorded, if this participant's wish is the one that counts."""
    report = recording_report(form, "ConferenceRecordingStatusCallback")
    is_trimmed = form.one_of("ConferenceTrim", TRIMS, TRIMMED) == TRIMMED
    if form.one_of("ConferenceRecord", RECORDED, RECORDED[0]) not in ("record-from-start", "true"):
        return None
    return RecordingPlan(Source.CONFERENCE, is_trimmed=is_trimmed, report=report)


def invitation(room: str, terms: Terms) -> Twiml:
    """Dial the conference on these terms; `room` is its name or sid. The conference knows its own status callback."""
    response = etree.Element("Response")
    conference = etree.SubElement(etree.SubElement(response, "Dial"), "Conference")
    conference.text = room
    attributes = {
        "muted": _flag(terms.muted),
        "beep": terms.beep,
        "startConferenceOnEnter": _flag(terms.starts_on_enter),
        "endConferenceOnExit": _flag(terms.ends_on_exit),
        "waitUrl": terms.wait.url,
        "waitMethod": terms.wait.method,
        "maxParticipants": str(terms.maximum),
        "participantLabel": terms.label or None,
        "coach": terms.coaches or None,
    }
    for name, value in attributes.items():
        if value is not None:
            conference.set(name, value)
    return Twiml(etree.tostring(response, encoding="unicode"))


def _flag(value: bool) -> str:
    return "true" if value else "false"
