"""The document that brings a phone which is rung into a conference."""

from lxml import etree

from pbx.request import Method, Twiml
from pbx.rest.answers import Problem
from pbx.rest.form import BAD_PARAMETER, Form
from pbx.rooms.events import SUBSCRIPTIONS
from pbx.rooms.seat import MAXIMUM_PARTICIPANTS, Notification, Terms
from pbx.verbs.conference import BEEPS, label_is_usable

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
    )


def _notification(form: Form) -> Notification | None:
    events = form.words("ConferenceStatusCallbackEvent", "start end", SUBSCRIPTIONS)
    if not form.has("ConferenceStatusCallback"):
        return None
    return Notification(form.callback("ConferenceStatusCallback"), form.method("ConferenceStatusCallbackMethod"), events)


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
