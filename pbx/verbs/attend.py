"""What a phone does that a Dial has rung. Source: https://www.twilio.com/docs/voice/twiml/number."""

from dataclasses import dataclass

from pbx.meeting import Meeting
from pbx.request import WebhookRequest
from pbx.scene import Outcome, Part, Scene
from pbx.side_by_side import until_first


@dataclass(frozen=True, slots=True)
class Attend:
    """Keys are sounded to it, the whisper is played, then it talks with the caller. Over when the caller is gone."""

    meeting: Meeting
    digits: str
    whisper: WebhookRequest | None

    async def execute(self, scene: Scene) -> Outcome:
        try:
            async with until_first(self._attend(scene), self.meeting.over()) as (attending, _):
                return attending.result() if attending.done() else None
        finally:
            self.meeting.part()

    async def _attend(self, scene: Scene) -> Outcome:
        if self.digits:
            await scene.leg.sound(self.digits)
        outcome = await scene.perform(self.whisper, Part.WHISPER) if self.whisper else None
        if outcome is None:
            self.meeting.begin()
            await self.meeting.talk(scene.leg)
        return outcome
