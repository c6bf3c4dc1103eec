"""Stream inside Connect and Start. Source: https://www.twilio.com/docs/voice/twiml/stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import urlsplit

from pbx.codes import CallError, Code
from pbx.reading import Attributes, Element, Reading, children
from pbx.request import WebhookRequest
from pbx.scene import Scene
from pbx.streams.messages import INBOUND, OUTBOUND, StreamFacts
from pbx.streams.stream import Stream

TRACKS: Mapping[str, tuple[str, ...]] = {
    "inbound_track": (INBOUND,),
    "outbound_track": (OUTBOUND,),
    "both_tracks": (INBOUND, OUTBOUND),
}
LONGEST_PARAMETER_CHARACTERS = 500
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class StreamTerms:
    """Where the sound goes, which of it, and what the other side is told."""

    url: str
    name: str
    tracks: tuple[str, ...]
    parameters: Mapping[str, str]
    callback: WebhookRequest | None

    def fork(self, scene: Scene) -> str | None:
        """Have a copy of the sound leave the call while it goes on: the stream's sid, or None where there is no room for it."""
        name, tracks, streams = self.name or self.url, len(self.tracks), scene.surroundings.streams
        if not scene.forks.has_room_for(name, tracks):
            return None
        sid = streams.new_sid() if streams is not None else ""
        scene.forks.start(sid, name, tracks, self.run(scene, two_way=False, sid=sid))
        return sid

    async def run(self, scene: Scene, *, two_way: bool, sid: str = "") -> None:
        """Stream until the other side closes; what goes wrong is noted. Raises HungUp."""
        streams = scene.surroundings.streams
        if streams is None:
            scene.note(CallError(Code.STREAM_REFUSED, self.url, "no stream leaves this phone"))
            return
        sid, error = sid or streams.new_sid(), ""
        facts = StreamFacts(sid, scene.call.account_sid, scene.call.sid, self.tracks, self.parameters)
        try:
            async with streams.open(self.url) as socket:
                self._tell(scene, sid, "stream-started")
                stream = Stream(facts, socket, self.url)
                await (stream.converse(scene.leg) if two_way else stream.copy(scene.leg))
        except CallError as trouble:
            scene.note(trouble)
            error = trouble.code.words
        finally:
            self._tell(scene, sid, "stream-error" if error else "stream-stopped", error)

    def _tell(self, scene: Scene, sid: str, event: str, error: str = "") -> None:
        if self.callback is None:
            return
        told = {"StreamSid": sid, "StreamName": self.name, "StreamEvent": event}
        told["Timestamp"] = format_datetime(scene.call.clock())
        if error:
            told["StreamError"] = error
        scene.mention(WebhookRequest(self.callback.url, self.callback.method, told))


def parse_stream(element: Element, reading: Reading, allowed: Mapping[str, tuple[str, ...]]) -> StreamTerms | None:
    """None, with a warning, for a stream that leads nowhere."""
    attributes = Attributes(element, reading)
    url = _url(attributes)
    track = attributes.one_of("track", allowed, "inbound_track", Code.STREAM_TRACK)
    callback = attributes.callback("statusCallback")
    method = attributes.method("statusCallbackMethod", Code.SCHEMA)
    terms = StreamTerms(
        url or "",
        attributes.text("name", ""),
        TRACKS[track],
        _parameters(element, reading),
        WebhookRequest(callback, method) if callback else None,
    )
    attributes.close()
    return terms if url else None


def streams_in(element: Element, reading: Reading, allowed: Mapping[str, tuple[str, ...]]) -> tuple[StreamTerms, ...]:
    """The usable streams inside a verb; anything else is noted and skipped."""
    found = []
    for child in children(element):
        if child.tag != "Stream":
            reading.note(Code.SCHEMA, child, f"{child.tag!s} is skipped; only Stream can stand in {element.tag!s} here")
        elif (terms := parse_stream(child, reading, allowed)) is not None:
            found.append(terms)
    return tuple(found)


def _url(attributes: Attributes) -> str | None:
    """The address without its query, which is never sent. Unencrypted only to this machine itself."""
    given = attributes.text("url", "").strip()
    try:
        parts = urlsplit(given)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if not host:
        attributes.note(Code.STREAM_URL, "url must look like wss://example.com/audio; nothing is streamed")
        return None
    if parts.scheme != "wss" and not (parts.scheme == "ws" and host in LOOPBACK):
        attributes.note(Code.STREAM_SCHEMA, "url must begin with wss:// (ws:// to this machine itself); nothing is streamed")
        return None
    if parts.query:
        attributes.note(Code.SCHEMA, "the query of a stream's url is dropped; use Parameter")
    return parts._replace(query="", fragment="").geturl()


def _parameters(element: Element, reading: Reading) -> Mapping[str, str]:
    given = {}
    for child in children(element):
        name, value = child.get("name", ""), child.get("value", "")
        if child.tag != "Parameter" or not name:
            reading.note(Code.SCHEMA, child, "Stream holds Parameter with a name and a value; one is left out")
        elif len(name) + len(value) > LONGEST_PARAMETER_CHARACTERS:
            detail = f"a Parameter has at most {LONGEST_PARAMETER_CHARACTERS} characters; one is left out"
            reading.note(Code.SCHEMA, child, detail)
        else:
            given[name] = value
    return given
