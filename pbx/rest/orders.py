"""Calls to be made, as forms ask for them. Source: https://www.twilio.com/docs/voice/api/call-resource#create-a-call."""

import re

from lxml import etree

from pbx.exchange.switchboard import LONGEST_CALL_SECONDS, CallOrder
from pbx.recording import EVENTS, TRIMMED, TRIMS, RecordingPlan, RecordingReport, Source
from pbx.request import Destination, Twiml, WebhookRequest
from pbx.rest.answers import Problem
from pbx.rest.form import Form
from pbx.tape import BOTH, TRACKS

NO_RECIPIENT, NO_SENDER, BAD_RECIPIENT = 21201, 21213, 21211
BAD_DIGITS, BAD_TIMEOUT = 21206, 21208
RING_SECONDS = range(1, 601)
LIMIT_SECONDS = range(1, LONGEST_CALL_SECONDS + 1)
RECIPIENT = re.compile(r"\+?[0-9][0-9 ().-]{0,30}|client:\S+|sips?:\S+", re.ASCII | re.IGNORECASE)
DIGITS = re.compile(r"[0-9A-D*#wW]{0,32}", re.ASCII)
MONO, DUAL = CHANNELS = ("mono", "dual")


def parties(form: Form) -> tuple[str, str]:
    """Who calls whom. Raises Problem 21201, 21211 or 21213."""
    called, caller = form.required("To", NO_RECIPIENT), form.required("From", NO_SENDER)
    if not RECIPIENT.fullmatch(called):
        raise Problem(400, BAD_RECIPIENT, "To must be a number such as +12065550100, client:NAME or sip:USER@HOST")
    return caller, called


def ordered(form: Form, destination: Destination) -> CallOrder:
    """The call that a form asks for, and what it begins with."""
    caller, called = parties(form)
    digits = form.text("SendDigits").strip()
    if not DIGITS.fullmatch(digits):
        raise Problem(400, BAD_DIGITS, "SendDigits has at most 32 of 0-9, A-D, *, #, w and W")
    return CallOrder(
        caller=caller,
        called=called,
        destination=keyed_first(digits, destination),
        timeout_seconds=form.number("Timeout", 60, RING_SECONDS, BAD_TIMEOUT),
        limit_seconds=form.number("TimeLimit", LONGEST_CALL_SECONDS, LIMIT_SECONDS),
        report=form.report(),
        fallback=form.fallback(),
        username=form.text("SipAuthUsername"),
        password=form.text("SipAuthPassword"),
        recording=recording_plan(form, Source.ORDERED_CALL) if form.flag("Record") else None,
        shown_caller=form.text("CallerId").strip(),
        shown_name=form.text("CallerDisplayName").strip(),
    )


def recording_plan(form: Form, source: Source) -> RecordingPlan:
    """How a call is recorded that a form wants recorded."""
    return RecordingPlan(
        source,
        form.one_of("RecordingChannels", CHANNELS, MONO) == DUAL,
        form.one_of("RecordingTrack", TRACKS, BOTH),
        form.one_of("Trim", TRIMS, TRIMMED) == TRIMMED,
        recording_report(form, "RecordingStatusCallback"),
    )


def recording_report(form: Form, name: str) -> RecordingReport | None:
    """The callback of that name, its method and its events."""
    events = form.words(f"{name}Event", "completed", EVENTS)
    return RecordingReport(form.callback(name), form.method(f"{name}Method"), events) if form.has(name) else None


def keyed_first(digits: str, destination: Destination) -> Destination:
    """A document that sounds the keys to whoever answers and goes on to the destination; that itself without any."""
    if not digits:
        return destination
    response = etree.Element("Response")
    match destination:
        case Twiml(text):
            try:
                response = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
            except etree.XMLSyntaxError:
                return destination  # whoever runs it says what is wrong
        case WebhookRequest(url, method):
            etree.SubElement(response, "Redirect", method=method).text = url
    response.insert(0, etree.Element("Play", digits=digits))
    return Twiml(etree.tostring(response, encoding="unicode"))
