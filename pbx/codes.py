"""Twilio's error and warning codes, and the two ways they travel.

A `Notice` is mostly a warning: the default applies and the call goes on. An error is a `CallError`: the document cannot be
used, and the fallback URL or the recorded apology follows. Neither quotes what a document or a caller said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from urllib.parse import urlsplit, urlunsplit


class Code(IntEnum):
    """A code of Twilio's debugger with its words. Source: https://www.twilio.com/docs/api/errors."""

    words: str

    def __new__(cls, number: int, words: str) -> "Code":
        member = int.__new__(cls, number)
        member._value_ = number
        member.words = words
        return member

    BAD_URL = 11100, "Invalid URL format"
    RETRIEVAL_FAILED = 11200, "HTTP retrieval failure"
    CONNECTION_TIMED_OUT = 11201, "TCP connection timed out"
    CONNECTION_REFUSED = 11202, "TCP connection refused"
    OUT_OF_TIME = 11203, "HTTP communication total time out"
    CONNECTION_FAILED = 11205, "HTTP connection failure"
    BAD_HOST = 11210, "HTTP bad host name"
    TOO_MANY_REDIRECTS = 11215, "HTTP too many redirects"
    BAD_REDIRECT = 11216, "HTTP invalid redirect"
    TLS_FAILED = 11220, "SSL/TLS handshake error"
    BAD_CERTIFICATE = 11237, "Certificate invalid"
    BAD_RETRY_POLICY = 11243, "HTTP retry policy is invalid"
    TOO_LARGE = 11750, "TwiML response body too large"
    EMPTY_BODY = 11770, "Empty response body"

    NOT_XML = 12100, "Document parse failure"
    XML_VERSION = 12101, "Invalid Twilio Markup XML version"
    NOT_A_RESPONSE = 12102, "The root element is not Response"
    SCHEMA = 12200, "Schema validation warning"
    BAD_CONTENT_TYPE = 12300, "Invalid Content-Type"
    INTERNAL = 12400, "Internal Failure"

    DIAL_MIXED = 13000, "Conference Noun cannot be mixed with Number nouns"
    DIAL_FROM_DIALLED = 13201, "Dial: Cannot Dial out from a Dial Call Segment"
    DIAL_METHOD = 13210, "Dial: Invalid method value"
    DIAL_TIMEOUT = 13212, "Dial: Invalid timeout value"
    DIAL_STAR = 13213, "Dial: Invalid hangupOnStar value"
    DIAL_CALLER_ID = 13214, "Dial: Invalid callerId value"
    DIAL_NESTED = 13215, "Dial: Invalid nested element"
    DIAL_TIME_LIMIT = 13216, "Dial: Invalid timeLimit value"
    DIAL_RECORD = 13217, "Dial: Invalid record value"
    DIAL_SEQUENTIAL = 13218, "Dial: Invalid sequential value"
    DIAL_ANSWER_ON_BRIDGE = 13219, "Dial: Invalid answerOnBridge value"
    DIAL_RING_TONE = 13220, "Dial: Invalid ringTone value"
    NUMBER_METHOD = 13221, "Dial->Number: Invalid method value"
    NUMBER_SEND_DIGITS = 13222, "Dial->Number: Invalid sendDigits value"
    NUMBER_FORMAT = 13223, "Dial: Invalid phone number format"
    NUMBER_UNKNOWN = 13224, "Dial: this number cannot be called or is invalid"
    CONFERENCE_MUTED = 13230, "Dial->Conference: Invalid muted value"
    CONFERENCE_END = 13231, "Dial->Conference: Invalid endConferenceOnExit value"
    CONFERENCE_START = 13232, "Dial->Conference: Invalid startConferenceOnEnter value"
    CONFERENCE_WAIT = 13233, "Dial->Conference: Invalid waitUrl"
    CONFERENCE_WAIT_METHOD = 13234, "Dial->Conference: Invalid waitMethod value"
    CONFERENCE_BEEP = 13235, "Dial->Conference: Invalid beep value"
    CONFERENCE_SID = 13236, "Dial->Conference: Invalid Conference Sid"
    CONFERENCE_NAME = 13237, "Dial->Conference: Invalid Conference Name"
    CONFERENCE_COACH = 13240, "Dial->Conference: Invalid coach value"
    SIP_METHOD = 13241, "Dial->SIP: Invalid method value"
    SIP_URI = 13243, "Dial->SIP: Invalid SIP URI"
    SIP_HEADER_NAME = 13252, "Dial: Invalid header name"
    SIP_HEADER_TOO_LONG = 13253, "Dial: Header is too long"
    RECORDING_CALLBACK = 13256, "Invalid recordingStatusCallback URL"

    GATHER_FINISH_ON_KEY = 13310, "Gather: Invalid finishOnKey value"
    GATHER_METHOD = 13312, "Gather: Invalid method value"
    GATHER_TIMEOUT = 13313, "Gather: Invalid timeout value"
    GATHER_NUM_DIGITS = 13314, "Gather: Invalid numDigits value"
    GATHER_NESTED_VERB = 13320, "Gather: Invalid nested verb"
    GATHER_PLAY_TYPE = 13325, "Gather->Play: Invalid Content-Type"
    GATHER_INPUT = 13326, "Gather: Invalid input value"
    GATHER_SPEECH_TIMEOUT = 13327, "Gather: Invalid speechTimeout value"
    GATHER_MAX_SPEECH_TIME = 13328, "Gather: Invalid maxSpeechTime value"
    GATHER_PARTIAL_METHOD = 13329, "Gather: Invalid partialResultCallbackMethod value"
    GATHER_HINTS = 13330, "Gather: Invalid hints value"
    GATHER_LANGUAGE = 13331, "Gather: Invalid language value"
    GATHER_BARGE_IN = 13332, "Gather: Invalid bargeIn value"
    GATHER_PROFANITY_FILTER = 13333, "Gather: Invalid profanityFilter value"
    GATHER_MODEL = 13334, "Gather: Invalid speechModel value"
    GATHER_MODEL_TIMEOUT = 13335, "Gather: speechTimeout auto cannot be used with this speechModel"
    GATHER_ACTION_ON_EMPTY = 13338, "Gather: Invalid actionOnEmptyResult value"
    PLAY_LOOP = 13410, "Play: Invalid loop value"
    PLAY_CONTENT_TYPE = 13420, "Play: Invalid Content-Type"
    PLAY_DIGITS = 13430, "Play: Invalid digits value"
    SAY_LOOP = 13510, "Say: Invalid loop value"
    SAY_VOICE = 13511, "Say: Invalid voice value"
    SAY_LANGUAGE = 13512, "Say: Invalid language value"
    SAY_EMPTY = 13520, "Say: Invalid text"
    SAY_TOO_LONG = 13521, "Say: character limit exceeded"
    RECORD_METHOD = 13610, "Record: Invalid method value"
    RECORD_TIMEOUT = 13611, "Record: Invalid timeout value"
    RECORD_MAX_LENGTH = 13612, "Record: Invalid maxLength value"
    RECORD_FINISH_ON_KEY = 13613, "Record: Invalid finishOnKey value"
    RECORD_TRANSCRIBE = 13614, "Record: Invalid transcribe value"
    RECORD_PLAY_BEEP = 13616, "Record: playBeep must be true or false"
    RECORD_NO_TRANSCRIPTION = 13619, "Record: Transcription feature not available for this type of recording"
    RECORDING_EVENTS = 13621, "Invalid recordingStatusCallbackEvent"
    RECORDING_TRACK = 13622, "Record: invalid recordingTrack value"
    RECORD_TRIM = 13699, "Record: Invalid trim value"
    REDIRECT_METHOD = 13710, "Redirect: Invalid method value"
    REJECT_REASON = 13810, "Reject: Invalid reason"
    PAUSE_LENGTH = 13910, "Pause: Invalid length value"
    ENQUEUE_METHOD = 14201, "Enqueue: Invalid method value"
    QUEUE_NAME_TOO_SHORT = 14204, "Enqueue: Queue name too short"
    QUEUE_NAME_TOO_LONG = 14205, "Enqueue: Queue name too long"
    ENQUEUE_WAIT_METHOD = 14206, "Enqueue: Invalid waitUrlMethod value"
    QUEUE_FULL = 14207, "Enqueue: The targeted queue reached max queue size"
    WHISPER_METHOD = 14210, "Dial->Queue: Invalid whisper method"
    WHISPER_URL = 14211, "Dial->Queue: Invalid whisper url"
    DIALLED_QUEUE_TOO_SHORT = 14212, "Dial->Queue: queue name too short"
    DIALLED_QUEUE_TOO_LONG = 14213, "Dial->Queue: queue name too long"
    NO_TASK_ROUTER = 14226, "TaskRouter Enqueue not supported in this realm"

    CONFERENCE_FULL = 16020, "Conference: no more participants are admitted"
    PARTICIPANT_LABEL = 16023, "Conference: invalid participant label"
    LABEL_TAKEN = 16025, "Conference: a participant of that label is in it already"

    STREAM_TIMEOUT = 31901, "Stream - WebSocket - Connection Timeout"
    STREAM_REFUSED = 31902, "Stream - WebSocket - Connection Refused"
    STREAM_HANDSHAKE = 31920, "Stream - WebSocket - Handshake Error"
    STREAM_SCHEMA = 31922, "Stream - WebSocket - URL Schema Not Supported"
    STREAM_URL = 31923, "Stream - WebSocket - Malformed URL"
    STREAM_PROTOCOL = 31924, "Stream - Websocket - Protocol Error"
    STREAM_TRACK = 31941, "Stream - Invalid Track configuration"


class Level(StrEnum):
    """A warning leaves the call going on with the default; an error mostly ends what it was about."""

    WARNING = "warning"
    ERROR = "error"


SURVIVED_ERRORS = frozenset({Code.GATHER_ACTION_ON_EMPTY, Code.ENQUEUE_METHOD, Code.ENQUEUE_WAIT_METHOD})
"""What Twilio calls errors, though the default applies and the call goes on. Source: /docs/api/errors/13338 and the others."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Word of one element of a document: what is wrong there and what applies instead."""

    code: Code
    url: str
    line: int | None
    detail: str

    def __str__(self) -> str:
        return f"{self.level} {self.code.value}, {_place(self.url, self.line)}: {self.code.words}: {self.detail}"

    @property
    def level(self) -> Level:
        return Level.ERROR if self.code in SURVIVED_ERRORS else Level.WARNING


class CallError(Exception):
    """A document that cannot be had or cannot be used: Twilio's code, the document and, inside one, the line."""

    def __init__(self, code: Code, url: str, detail: str, line: int | None = None) -> None:
        super().__init__(code, url, detail, line)
        self.code = code
        self.url = url
        self.detail = detail
        self.line = line

    def __str__(self) -> str:
        return f"error {self.code.value}, {_place(self.url, self.line)}: {self.code.words}: {self.detail}"

    @property
    def fallback_parameters(self) -> Mapping[str, str]:
        """What the fallback URL is told about it. Source: /docs/availability-reliability."""
        return {"ErrorCode": str(self.code.value), "ErrorUrl": self.url}


class DocumentError(CallError):
    """The document arrived and is not usable TwiML."""


def presentable(url: str) -> str:
    """The URL as it may be shown: without credentials, query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an unreadable URL"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _place(url: str, line: int | None) -> str:
    return presentable(url) + (f", line {line}" if line else "")
