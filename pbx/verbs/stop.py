"""Stop: a stream that Start began ends. Source: https://www.twilio.com/docs/voice/twiml/stream#stop."""

from dataclasses import dataclass

from pbx.codes import Code, Notice
from pbx.reading import Attributes, Element, Reading, children
from pbx.scene import Outcome, Scene


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of the streams of these names."""

    names: tuple[str, ...]
    url: str
    line: int | None

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Stop":
        Attributes(element, reading).close()
        names = []
        for child in children(element):
            if child.tag == "Stream" and child.get("name"):
                names.append(child.get("name", ""))
            else:
                reading.note(Code.SCHEMA, child, "Stop holds Stream with the name it was started with; one is skipped")
        return cls(tuple(names), reading.url, element.sourceline)

    async def execute(self, scene: Scene) -> Outcome:
        for name in self.names:
            if scene.forks.stop(name) is None:
                scene.note(Notice(Code.SCHEMA, self.url, self.line, "no stream of that name runs"))
        return None
