"""Hangup: the line ends the call. Source: https://www.twilio.com/docs/voice/twiml/hangup."""

from dataclasses import dataclass

from pbx.call import Ending
from pbx.reading import Attributes, Element, Reading
from pbx.scene import Outcome, Scene


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end of the call. A phone that still rings is answered first; only Reject does not answer."""

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Hangup":
        Attributes(element, reading).close()
        return cls()

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        await scene.leg.hang_up()
        return Ending.BY_LINE
