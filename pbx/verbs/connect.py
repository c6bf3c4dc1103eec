"""Connect: the call's sound, both ways, over a stream. Source: https://www.twilio.com/docs/voice/twiml/connect."""

from dataclasses import dataclass

from pbx.codes import Code
from pbx.leg import Listening
from pbx.reading import Attributes, Element, Reading
from pbx.request import Method, WebhookRequest
from pbx.scene import Outcome, Scene
from pbx.side_by_side import until_first
from pbx.verbs.stream import StreamTerms, streams_in

ONE_WAY_IN = {"inbound_track": ("inbound",)}
NOTHING = Listening(keys=False)


@dataclass(frozen=True, slots=True)
class Connect:
    """One stream, until the other side closes it. Without an action the next verb runs afterwards."""

    stream: StreamTerms | None
    action: str | None
    method: Method

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Connect":
        attributes = Attributes(element, reading)
        action, method = attributes.url("action"), attributes.method("method", Code.SCHEMA)
        attributes.close()
        streams = streams_in(element, reading, ONE_WAY_IN)
        if len(streams) > 1:
            reading.note(Code.SCHEMA, element, "Connect holds one Stream; the others are left out")
        return cls(streams[0] if streams else None, action, method)

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        if self.stream is not None:
            streaming, gone = self.stream.run(scene, two_way=True), scene.leg.next_input(NOTHING, None)
            async with until_first(streaming, gone) as (streamed, hung_up):
                (streamed if streamed.done() else hung_up).result()
        return WebhookRequest(self.action, self.method) if self.action else None
