"""Reject: the call is not taken. Source: https://www.twilio.com/docs/voice/twiml/reject."""

from dataclasses import dataclass

from pbx.call import CallStatus, Ending
from pbx.codes import Code
from pbx.reading import Attributes, Element, Reading
from pbx.scene import Outcome, Scene

STATUS_BY_REASON = {"rejected": CallStatus.NO_ANSWER, "busy": CallStatus.BUSY}


@dataclass(frozen=True, slots=True)
class Reject:
    """A refusal. After another verb has answered there is nothing left to refuse, and it hangs up."""

    reason: str

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Reject":
        attributes = Attributes(element, reading)
        reason = attributes.one_of("reason", STATUS_BY_REASON, "rejected", Code.REJECT_REASON)
        attributes.close_leaf()
        return cls(reason)

    async def execute(self, scene: Scene) -> Outcome:
        if scene.call.status is not CallStatus.RINGING:
            await scene.leg.hang_up()
            return Ending.BY_LINE
        await scene.leg.reject(self.reason)
        scene.call.end(STATUS_BY_REASON[self.reason])
        return Ending.REJECTED
