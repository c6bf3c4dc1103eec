"""The terms of a Dial: its attributes. Source: https://www.twilio.com/docs/voice/twiml/dial#attributes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pbx.codes import Code
from pbx.reading import Attributes
from pbx.recording import TRIMMED, TRIMS, WHOLE, RecordingPlan, Source
from pbx.tape import BOTH, TRACKS
from pbx.verbs.recording_report import parse_report

TIMEOUT_SECONDS, SHORTEST_TIMEOUT_SECONDS, LONGEST_TIMEOUT_SECONDS = 30, 5, 600
BUFFER_SECONDS = 5
"""What Twilio adds to the timeout."""
TIME_LIMIT_SECONDS = 14400
CALLER_ID = re.compile(r"(?:client:|sips?:)?[\w+.@:-]{1,250}")
EUROPE = "at be bg ch cz de dk ee es fi fr gr hu it lt nl no pl pt ru se uk"
BEYOND = "au br cl cn il in jp mx my nz ph sg th tw us us-old ve za"
RING_TONES = ("automatic", *EUROPE.split(), *BEYOND.split())


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of a Dial: from the answer or the ringing on, mixed or a channel for each."""

    from_ringing: bool = False
    dual: bool = False


RECORDED: Mapping[str, Recorded | None] = {
    "do-not-record": None,
    "false": None,
    "record-from-answer": Recorded(),
    "true": Recorded(),
    "record-from-ringing": Recorded(from_ringing=True),
    "record-from-answer-dual": Recorded(dual=True),
    "record-from-ringing-dual": Recorded(from_ringing=True, dual=True),
}


@dataclass(frozen=True, slots=True)
class DialTerms:
    """How long it rings, how long it may last, what the two hear, and what is recorded of it."""

    timeout_seconds: int
    time_limit_seconds: int
    star_leaves: bool
    caller_id: str
    answers_on_bridge: bool
    in_turn: bool
    ring_tone: str
    recording: RecordingPlan | None
    records_ringing: bool
    url: str
    line: int | None


def parse_terms(attributes: Attributes) -> DialTerms:
    url, line = attributes.place
    recorded = RECORDED[attributes.one_of("record", RECORDED, "do-not-record", Code.DIAL_RECORD)]
    plan = _plan(attributes, is_dual=recorded is not None and recorded.dual)
    terms = DialTerms(
        timeout_seconds=_timeout_seconds(attributes) + BUFFER_SECONDS,
        time_limit_seconds=attributes.whole_number(
            "timeLimit", TIME_LIMIT_SECONDS, Code.DIAL_TIME_LIMIT, most=TIME_LIMIT_SECONDS
        ),
        star_leaves=attributes.flag("hangupOnStar", False, Code.DIAL_STAR),
        caller_id=_caller_id(attributes),
        answers_on_bridge=attributes.flag("answerOnBridge", False, Code.DIAL_ANSWER_ON_BRIDGE),
        in_turn=attributes.flag("sequential", False, Code.DIAL_SEQUENTIAL),
        ring_tone=_ring_tone(attributes),
        recording=plan if recorded is not None else None,
        records_ringing=recorded is not None and recorded.from_ringing,
        url=url,
        line=line,
    )
    for without_effect in ("referUrl", "referMethod", "events"):
        attributes.text(without_effect, "")
    return terms


def _plan(attributes: Attributes, *, is_dual: bool) -> RecordingPlan:
    return RecordingPlan(
        Source.DIAL,
        is_dual,
        attributes.one_of("recordingTrack", TRACKS, BOTH, Code.RECORDING_TRACK),
        attributes.one_of("trim", TRIMS, WHOLE, Code.RECORD_TRIM) == TRIMMED,
        parse_report(attributes),
    )


def _timeout_seconds(attributes: Attributes) -> int:
    return attributes.whole_number(
        "timeout", TIMEOUT_SECONDS, Code.DIAL_TIMEOUT, least=SHORTEST_TIMEOUT_SECONDS, most=LONGEST_TIMEOUT_SECONDS
    )


def _caller_id(attributes: Attributes) -> str:
    """Empty: the caller's own."""
    caller_id = attributes.text("callerId", "").strip()
    if not caller_id or CALLER_ID.fullmatch(caller_id):
        return caller_id
    attributes.note(
        Code.DIAL_CALLER_ID, "write a number as +12065550100, client:name or a SIP address; the caller's own is shown"
    )
    return ""


def _ring_tone(attributes: Attributes) -> str:
    """Empty: whichever the exchange thinks right."""
    tone = attributes.one_of("ringTone", RING_TONES, "automatic", Code.DIAL_RING_TONE)
    return "" if tone == "automatic" else tone
