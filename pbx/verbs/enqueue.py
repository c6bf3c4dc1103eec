"""Enqueue: the caller waits in a queue. Source: https://www.twilio.com/docs/voice/twiml/enqueue."""

import asyncio
from dataclasses import dataclass

from pbx.call import Whereabouts
from pbx.codes import CallError, Code, DocumentError
from pbx.leg import HungUp
from pbx.reading import Attributes, Element, Reading
from pbx.request import Method, WebhookRequest
from pbx.rounds import play_rounds
from pbx.scene import Departure, LeftQueue, Outcome, Scene, Ticket

MAXIMUM_NAME_CHARACTERS = 64
SILENCE_SECONDS = 60.0
"""Without a wait URL the caller hears nothing; the silence is only cut into pieces of this length."""


@dataclass(frozen=True, slots=True)
class Enqueue:
    """A place in a queue. Without an action the next verb runs when the caller leaves it."""

    queue_name: str
    action: str | None
    method: Method
    wait_url: str | None
    wait_method: Method

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Enqueue":
        """Raises DocumentError 14204 or 14205 for a queue name of no or more than 64 characters."""
        attributes = Attributes(element, reading)
        enqueue = cls(
            queue_name=_queue_name(element, reading),
            action=attributes.url("action"),
            method=attributes.method("method", Code.ENQUEUE_METHOD),
            wait_url=attributes.url("waitUrl"),
            wait_method=attributes.method("waitUrlMethod", Code.ENQUEUE_WAIT_METHOD),
        )
        attributes.close()
        return enqueue

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        ticket = await scene.queues.join(self.queue_name, scene.call)
        scene.call.whereabouts = Whereabouts.QUEUE
        try:
            return await self._wait(scene, ticket)
        except HungUp:
            await self._tell_hang_up(scene, ticket)
            raise
        except asyncio.CancelledError:
            await self._tell_departure(scene, ticket)
            raise
        finally:
            ticket.leave()

    async def _wait(self, scene: Scene, ticket: Ticket) -> Outcome:
        """Wait until something ends it; the answer is how the call goes on."""
        try:
            outcome = await play_rounds(scene, lambda: self._round(scene, ticket))
        except CallError:
            return self._leave(scene, ticket, "error")
        if isinstance(outcome, LeftQueue):
            return self._leave(scene, ticket, "leave")
        await self._tell_hang_up(scene, ticket)
        return outcome

    async def _round(self, scene: Scene, ticket: Ticket) -> Outcome:
        if self.wait_url is None:
            await scene.leg.pause(SILENCE_SECONDS)
            return None
        return await scene.wait(WebhookRequest(self.wait_url, self.wait_method, ticket.parameters()))

    def _leave(self, scene: Scene, ticket: Ticket, result: str) -> WebhookRequest | None:
        scene.call.whereabouts = None
        return self._report(ticket, result)

    async def _tell_departure(self, scene: Scene, ticket: Ticket) -> None:
        """Somebody outside moved the caller: the action hears of it, and what it answers is not run."""
        match scene.departure:
            case Departure.REDIRECTED:
                await self._tell(scene, self._leave(scene, ticket, Departure.REDIRECTED))
            case Departure.HUNG_UP:
                await self._tell_hang_up(scene, ticket)

    async def _tell_hang_up(self, scene: Scene, ticket: Ticket) -> None:
        """The action hears of a hang-up too; what it answers cannot run any more."""
        scene.call.end()
        await self._tell(scene, self._report(ticket, "hangup"))

    async def _tell(self, scene: Scene, report: WebhookRequest | None) -> None:
        if report is not None:
            await scene.tell(report)

    def _report(self, ticket: Ticket, result: str) -> WebhookRequest | None:
        if self.action is None:
            return None
        told = {"QueueResult": result, "QueueSid": ticket.queue_sid, "QueueTime": str(ticket.waited_seconds)}
        return WebhookRequest(self.action, self.method, told)


def _queue_name(element: Element, reading: Reading) -> str:
    name = (element.text or "").strip()
    if not name:
        raise DocumentError(Code.QUEUE_NAME_TOO_SHORT, reading.url, "Enqueue names no queue", element.sourceline)
    if len(name) > MAXIMUM_NAME_CHARACTERS:
        detail = f"a queue name has at most {MAXIMUM_NAME_CHARACTERS} characters"
        raise DocumentError(Code.QUEUE_NAME_TOO_LONG, reading.url, detail, element.sourceline)
    return name
