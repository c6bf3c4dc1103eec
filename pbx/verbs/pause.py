"""Pause: silence. Source: https://www.twilio.com/docs/voice/twiml/pause."""

from dataclasses import dataclass

from pbx.codes import Code
from pbx.reading import Attributes, Element, Reading
from pbx.scene import Outcome, Scene


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence of whole seconds. As the first verb it leaves the phone ringing for that long."""

    length_seconds: int = 1

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Pause":
        attributes = Attributes(element, reading)
        length_seconds = attributes.whole_number("length", 1, Code.PAUSE_LENGTH)
        attributes.close_leaf()
        return cls(length_seconds)

    async def execute(self, scene: Scene) -> Outcome:
        await scene.leg.pause(self.length_seconds)
        return None
