"""Leave: out of the queue, not off the phone. Source: https://www.twilio.com/docs/voice/twiml/leave."""

from dataclasses import dataclass

from pbx.reading import Attributes, Element, Reading
from pbx.scene import LeftQueue, Outcome, Scene


@dataclass(frozen=True, slots=True)
class Leave:
    """The end of the wait; the Enqueue that began it says how the call goes on."""

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Leave":
        Attributes(element, reading).close_leaf()
        return cls()

    async def execute(self, scene: Scene) -> Outcome:
        return LeftQueue()
