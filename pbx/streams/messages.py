"""Media Streams' messages, both ways. Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages.

Numbers that count are JSON strings, as Twilio writes them.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from pbx.audio.frame import RATE_HZ, Frame

INBOUND, OUTBOUND = "inbound", "outbound"


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What a stream tells of itself when it starts."""

    stream_sid: str
    account_sid: str
    call_sid: str
    tracks: tuple[str, ...]
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sound:
    """µ-law to be played to the phone."""

    mulaw: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A name that comes back when everything before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Nothing of what is still to be played is played."""


class _Media(msgspec.Struct):
    payload: str


class _Mark(msgspec.Struct):
    name: str


class _Incoming(msgspec.Struct):
    event: str
    media: _Media | None = None
    mark: _Mark | None = None


def connected() -> dict[str, Any]:
    return {"event": "connected", "protocol": "Call", "version": "1.0.0"}


def start(facts: StreamFacts) -> dict[str, Any]:
    return {
        "event": "start",
        "start": {
            "streamSid": facts.stream_sid,
            "accountSid": facts.account_sid,
            "callSid": facts.call_sid,
            "tracks": list(facts.tracks),
            "customParameters": dict(facts.parameters),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": RATE_HZ, "channels": 1},
        },
    }


def media(track: str, chunk: int, milliseconds: int, frame: Frame) -> dict[str, Any]:
    payload = b64encode(frame).decode()
    return {
        "event": "media",
        "media": {"track": track, "chunk": str(chunk), "timestamp": str(milliseconds), "payload": payload},
    }


def dtmf(digit: str) -> dict[str, Any]:
    return {"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": digit}}


def mark(name: str) -> dict[str, Any]:
    return {"event": "mark", "mark": {"name": name}}


def stop(facts: StreamFacts) -> dict[str, Any]:
    return {"event": "stop", "stop": {"accountSid": facts.account_sid, "callSid": facts.call_sid}}


def read(text: str) -> Sound | Mark | Clear:
    """What the other side wants. Raises ValueError, in words, for what is no message of Media Streams."""
    try:
        message = msgspec.json.decode(text.encode("utf-8", "replace"), type=_Incoming)
    except msgspec.DecodeError:
        raise ValueError("a message is not JSON of an event with its media or mark") from None
    match message:
        case _Incoming("media", _Media(payload)):
            return Sound(_decoded(payload))
        case _Incoming("mark", _, _Mark(name)):
            return Mark(name)
        case _Incoming("clear"):
            return Clear()
    raise ValueError("an event is media, mark or clear, with what belongs to it")


def _decoded(payload: str) -> bytes:
    try:
        return b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a payload is not Base64") from None
