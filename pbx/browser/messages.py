"""What a browser and the exchange tell each other, as JSON objects with an `event`.

Sound and keys are Twilio's messages (https://www.twilio.com/docs/voice/media-streams/websocket-messages), the browser being
the end that has the phone. Every message about a call names it by its `streamSid`.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

MAXIMUM_MESSAGE_BYTES = 16 * 1024

Sid = Annotated[str, Meta(max_length=40)]
Count = Annotated[str, Meta(pattern=r"^[0-9]{1,12}\Z")]
"""Twilio writes its counters as strings."""
Address = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[!-~]+( [!-~]+)*\Z")]


class Closing(StrEnum):
    """Why a call is over, or never was one."""

    HUNG_UP = "hung-up"
    REJECTED = "rejected"
    BUSY = "busy"
    UNKNOWN = "unknown"
    """Nobody has the number or name that was dialled."""
    CANCELED = "canceled"


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", rename="camel"):
    """Anything told."""


class Connected(Message, frozen=True, tag="connected"):
    """From a browser, first: Twilio's greeting, and the token that says whose phone this is."""

    token: Annotated[str, Meta(max_length=4096)]
    protocol: str = "Call"
    version: str = "1.0.0"


class Dial(Message, frozen=True, tag="call"):
    """From a browser: call this number or address."""

    to: Address


class AboutCall(Message, frozen=True):
    """Anything told about one call."""

    stream_sid: Sid


class IsRinging(AboutCall, frozen=True, tag="ringing"):
    """From a browser: it rings."""


class Answer(AboutCall, frozen=True, tag="answer"):
    """From a browser: its owner takes the call."""


class HangUp(AboutCall, frozen=True, tag="hang-up"):
    """From a browser: its owner hangs up, or does not take the call."""


class Hold(AboutCall, frozen=True, tag="hold"):
    """From a browser: the call is held there (no sound either way), or goes on."""

    on: bool


class Format(msgspec.Struct, frozen=True, rename="camel"):
    """The one format there is."""

    encoding: Annotated[str, Meta(pattern=r"^audio/x-mulaw\Z")]
    sample_rate: Annotated[int, Meta(ge=8000, le=8000)]
    channels: Annotated[int, Meta(ge=1, le=1)]


class Start(msgspec.Struct, frozen=True, rename="camel"):
    """What Twilio tells when a stream begins."""

    media_format: Format


class Started(AboutCall, frozen=True, tag="start"):
    """From a browser: it can play sound from now on."""

    start: Start


class Media(msgspec.Struct, frozen=True):
    """µ-law of any length, as base64; `timestamp` counts the milliseconds of the stream."""

    payload: bytes
    timestamp: Count = "0"


class Sound(AboutCall, frozen=True, tag="media"):
    """Both ways: sound."""

    media: Media


class Pressed(msgspec.Struct, frozen=True):
    """One key."""

    digit: Annotated[str, Meta(pattern=r"^[0-9A-D*#]\Z")]


class Dtmf(AboutCall, frozen=True, tag="dtmf"):
    """From a browser: a key was pressed."""

    dtmf: Pressed


class Registered(Message, frozen=True, tag="registered"):
    """From the exchange: the token is good, and this is the phone's address."""

    address: str


class Calling(AboutCall, frozen=True, tag="calling"):
    """From the exchange: the call that was asked for is being made."""

    to: str


class Ring(AboutCall, frozen=True, tag="ring"):
    """From the exchange: somebody calls."""

    caller: str
    caller_name: str
    call_sid: str


class Answered(AboutCall, frozen=True, tag="answered"):
    """From the exchange: the call is through."""


class Ended(AboutCall, frozen=True, tag="ended"):
    """From the exchange: the call is over."""

    reason: Closing


class Caption(AboutCall, frozen=True, tag="caption"):
    """From the exchange: what somebody in the call says, in words."""

    speaker: str
    words: str


class TextMessage(Message, frozen=True, tag="text"):
    """From the exchange: a text message for this phone."""

    sender: str
    body: str


FromBrowser = Dial | IsRinging | Answer | HangUp | Hold | Started | Sound | Dtmf
ToBrowser = Registered | Calling | Ring | Answered | Ended | Sound | Caption | TextMessage

write = msgspec.json.Encoder().encode
read_from_browser = msgspec.json.Decoder(FromBrowser).decode
read_greeting = msgspec.json.Decoder(Connected).decode
