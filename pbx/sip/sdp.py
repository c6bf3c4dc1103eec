"""What two phones say to each other about sound: SDP, as much of it as two ways of G.711 and keys need.

An offer is read whole, and one line of it is taken: the first of audio over plain RTP with a codec of ours. Source: RFC 4566
for the words, RFC 3264 for offer and answer, RFC 4733 for keys.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address

HIGHEST_PORT = 65535
EVENT_PAYLOAD_TYPE = 101
CODECS = ("PCMU", "PCMA")
"""Ours, the better first: µ-law is passed on as it comes."""

_STATIC = {0: "PCMU", 8: "PCMA"}
_PROTOCOLS = ("RTP/AVP", "RTP/AVPF")
_MEDIA = re.compile(r"(\S+) (\d{1,10})(?:/\d{1,10})? (\S+) (\S+(?: \S+)*) *", re.ASCII)
_MAP = re.compile(r"rtpmap:(\d{1,3}) +([\w.-]+)/(\d{1,6})(?:/1)? *", re.ASCII)
_EVENT = "telephone-event"


class Direction(StrEnum):
    """Who sends, as whoever writes it sees it."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"

    @property
    def mirrored(self) -> "Direction":
        """The same, as the other side sees it."""
        return _MIRROR.get(self, self)


_MIRROR = {Direction.SENDONLY: Direction.RECVONLY, Direction.RECVONLY: Direction.SENDONLY}


@dataclass(frozen=True, slots=True)
class Incompatible:
    """Why there is no sound to be agreed on: a warning code (RFC 3261, section 20.43) and a sentence."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Stream:
    """One m= line, with the a= and c= lines below it."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    attributes: tuple[str, ...] = ()
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What the other side said, and the stream of it that is taken: where it wants its sound, and how."""

    streams: tuple[Stream, ...]
    taken: int
    codec: str
    payload_type: int
    event_payload_type: int | None
    direction: Direction
    address: str

    @property
    def port(self) -> int:
        return self.streams[self.taken].port

    @property
    def is_held(self) -> bool:
        """Whether the other side does not listen: RFC 3264, section 8.4, the new way and the old."""
        return self.direction in (Direction.SENDONLY, Direction.INACTIVE) or ip_address(self.address).is_unspecified


@dataclass(frozen=True, slots=True)
class Local:
    """Where we want our sound; a higher version of the same session replaces a lower."""

    host: str
    port: int
    session: int
    version: int = field(default=1)


@dataclass(slots=True)
class _Reading:
    """What has been read so far: streams, and what was said before the first of them."""

    streams: list[Stream]
    attributes: list[str]
    address: str | None = None


def read(text: str) -> Session | Incompatible:
    """What a phone offers or answers, or why that is nothing to us."""
    if not text.startswith("v="):
        return Incompatible(399, "The session description cannot be read: it does not begin with v=")
    reading = _Reading([], [])
    for line in text.splitlines():
        problem = _read_line(line, reading)
        if problem is not None:
            return problem
    return _take(reading)


def _read_line(line: str, reading: _Reading) -> Incompatible | None:
    kind, value = line[:2], line[2:].strip()
    if kind == "m=":
        return _begin_stream(value, reading)
    if kind == "c=":
        _note_address(value, reading)
    elif kind == "a=" and reading.streams:
        last = reading.streams[-1]
        reading.streams[-1] = Stream(last.kind, last.port, last.protocol, last.formats, (*last.attributes, value), last.address)
    elif kind == "a=":
        reading.attributes.append(value)
    return None


def _begin_stream(value: str, reading: _Reading) -> Incompatible | None:
    media = _MEDIA.fullmatch(value)
    if media is None or int(media[2]) > HIGHEST_PORT:
        return Incompatible(399, "The session description cannot be read: an m= line is malformed or names no port that exists")
    reading.streams.append(Stream(media[1].lower(), int(media[2]), media[3].upper(), tuple(media[4].split())))
    return None


def _note_address(value: str, reading: _Reading) -> None:
    address = value.split()[-1].partition("/")[0] if value else ""
    if not reading.streams:
        reading.address = address
        return
    last = reading.streams[-1]
    reading.streams[-1] = Stream(last.kind, last.port, last.protocol, last.formats, last.attributes, address)


def _take(reading: _Reading) -> Session | Incompatible:
    audio = [index for index, stream in enumerate(reading.streams) if stream.kind == "audio" and stream.port]
    if not audio:
        return Incompatible(304, "This line needs an audio stream")
    plain = [index for index in audio if reading.streams[index].protocol in _PROTOCOLS]
    if not plain:
        return Incompatible(302, "This line speaks RTP/AVP, not encrypted sound")
    index = next((index for index in plain if _codec(_maps(reading.streams[index]))), None)
    if index is None:
        return Incompatible(305, "This line speaks PCMU and PCMA (G.711) at 8000 Hz")
    return _session(reading, index)


def _session(reading: _Reading, index: int) -> Session | Incompatible:
    stream = reading.streams[index]
    address = reading.address if stream.address is None else stream.address
    if not _is_unicast(address):
        return Incompatible(301, "Sound goes to one IP address, written in numbers")
    maps = _maps(stream)
    codec = _codec(maps)
    events = next((number for number, name in maps.items() if name == _EVENT), None)
    direction = _direction(stream.attributes) or _direction(tuple(reading.attributes)) or Direction.SENDRECV
    payload_type = next(number for number, name in maps.items() if name == codec)
    return Session(tuple(reading.streams), index, codec, payload_type, events, direction, str(address))


def _maps(stream: Stream) -> dict[int, str]:
    """The payload types offered that mean something to us, in the order of preference they were given in."""
    named = {}
    for attribute in stream.attributes:
        if mapping := _MAP.fullmatch(attribute):
            named[int(mapping[1])] = _meaning(mapping[2], mapping[3])
    offered = [int(number) for number in stream.formats if number.isascii() and number.isdigit() and len(number) <= 3]
    return {number: name for number in offered if number < 128 and (name := named.get(number, _STATIC.get(number, "")))}


def _meaning(encoding: str, rate: str) -> str:
    name = encoding.lower() if encoding.lower() == _EVENT else encoding.upper()
    return name if rate == "8000" and name in (*CODECS, _EVENT) else ""


def _codec(maps: dict[int, str]) -> str:
    return next((codec for codec in CODECS if codec in maps.values()), "")


def _direction(attributes: tuple[str, ...]) -> Direction | None:
    return next((Direction(attribute) for attribute in attributes if attribute in set(Direction)), None)


def _is_unicast(address: str | None) -> bool:
    try:
        return not ip_address(address or "").is_multicast
    except ValueError:
        return False


def offer(local: Local) -> str:
    """Our offer: both codecs, and keys as telephone-events."""
    maps = {0: "PCMU", 8: "PCMA", EVENT_PAYLOAD_TYPE: _EVENT}
    return _description(local, _audio(local.port, "RTP/AVP", maps, Direction.SENDRECV))


def answer(session: Session, local: Local) -> str:
    """Our answer: the stream we take with its own payload types, every other one declined in its place."""
    lines: list[str] = []
    for index, stream in enumerate(session.streams):
        if index == session.taken:
            maps = {session.payload_type: session.codec}
            if session.event_payload_type is not None:
                maps[session.event_payload_type] = _EVENT
            lines += _audio(local.port, stream.protocol, maps, session.direction.mirrored)
        else:
            lines.append(f"m={stream.kind} 0 {stream.protocol} {' '.join(stream.formats)}")
    return _description(local, lines)


def _audio(port: int, protocol: str, maps: dict[int, str], direction: Direction) -> list[str]:
    lines = [f"m=audio {port} {protocol} {' '.join(map(str, maps))}"]
    lines += [f"a=rtpmap:{number} {name}/8000" for number, name in maps.items()]
    lines += [f"a=fmtp:{number} 0-15" for number, name in maps.items() if name == _EVENT]
    return [*lines, "a=ptime:20", f"a={direction}"]


def _description(local: Local, lines: list[str]) -> str:
    family = "IP6" if ":" in local.host else "IP4"
    origin = f"o=- {local.session} {local.version} IN {family} {local.host}"
    head = ["v=0", origin, "s=-", f"c=IN {family} {local.host}", "t=0 0"]
    return "".join(f"{line}\r\n" for line in [*head, *lines])
