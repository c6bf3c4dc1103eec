"""Start: a copy of the call's sound goes to a stream, and the document goes on.

Source: https://www.twilio.com/docs/voice/twiml/stream#start.
"""

from dataclasses import dataclass

from pbx.codes import Code, Notice
from pbx.reading import Attributes, Element, Reading
from pbx.scene import Outcome, Scene
from pbx.streams.forks import MOST_TRACKS
from pbx.verbs.stream import TRACKS, StreamTerms, streams_in


@dataclass(frozen=True, slots=True)
class Start:
    """Streams that run until they are stopped or the call ends."""

    streams: tuple[StreamTerms, ...]
    url: str
    line: int | None

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Start":
        Attributes(element, reading).close()
        return cls(streams_in(element, reading, TRACKS), reading.url, element.sourceline)

    async def execute(self, scene: Scene) -> Outcome:
        for stream in self.streams:
            if stream.fork(scene) is None:
                detail = f"at most {MOST_TRACKS} tracks leave a call at once, each stream of another name; one is not started"
                scene.note(Notice(Code.SCHEMA, self.url, self.line, detail))
        return None
