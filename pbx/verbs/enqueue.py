"""Enqueue: the caller waits in a queue. Source: https://www.twilio.com/docs/voice/twiml/enqueue."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from pbx.call import Ending, Whereabouts
from pbx.codes import CallError, Code, DocumentError, Notice
from pbx.leg import HungUp
from pbx.meeting import Meeting
from pbx.reading import Attributes, Element, Reading, children
from pbx.request import Content, Method, WebhookRequest
from pbx.rooms.reception import Invitation, Visitor
from pbx.rounds import play_rounds
from pbx.scene import Departure, LeftQueue, Outcome, Part, Scene, Ticket
from pbx.side_by_side import until_first

MAXIMUM_NAME_CHARACTERS = 64
LARGEST_QUEUE = 5000


class QueueResult(StrEnum):
    """How a wait came out. Source: https://www.twilio.com/docs/voice/twiml/enqueue#attributes-action."""

    BRIDGED = "bridged"
    BRIDGING = "bridging-in-process"
    ERROR = "error"
    HANGUP = "hangup"
    LEAVE = "leave"
    REDIRECTED = "redirected"
    REDIRECTED_FROM_BRIDGED = "redirected-from-bridged"
    QUEUE_FULL = "queue-full"


@dataclass(slots=True)
class Wait:
    """One wait under way, and what its action is told if it is cut short now: by the caller, or from outside."""

    ticket: Ticket
    visitor: Visitor
    if_hung_up: QueueResult = QueueResult.HANGUP
    if_moved: QueueResult = QueueResult.REDIRECTED


@dataclass(frozen=True, slots=True)
class Enqueue:
    """A place in a queue. Without an action the next verb runs when the caller leaves it."""

    queue_name: str
    action: str | None
    method: Method
    wait: Content
    largest: int
    url: str
    line: int | None

    @classmethod
    def parse(cls, element: Element, reading: Reading) -> "Enqueue":
        """Raises DocumentError 14204 or 14205 for a queue name of no or more than 64 characters."""
        attributes = Attributes(element, reading)
        enqueue = cls(
            queue_name=_queue_name(element, reading, attributes),
            action=attributes.url("action"),
            method=attributes.method("method", Code.ENQUEUE_METHOD),
            wait=_wait(attributes),
            largest=attributes.whole_number("maxQueueSize", LARGEST_QUEUE, Code.SCHEMA, most=LARGEST_QUEUE),
            url=reading.url,
            line=element.sourceline,
        )
        attributes.close()
        return enqueue

    async def execute(self, scene: Scene) -> Outcome:
        await scene.pick_up()
        ticket = await scene.surroundings.queues.join(self.queue_name, scene.call)
        wait = Wait(ticket, Visitor(scene.call, ticket.queue_sid, lambda: ticket.waited_seconds))
        scene.call.whereabouts = Whereabouts.QUEUE
        try:
            return self._refuse(scene, ticket) if self._is_full(ticket) else await self._stay(scene, wait)
        except HungUp:
            await self._tell_hang_up(scene, wait)
            raise
        except asyncio.CancelledError:
            await self._tell_departure(scene, wait)
            raise
        finally:
            ticket.leave()

    def _is_full(self, ticket: Ticket) -> bool:
        """A queue is full when the place behind its last is taken."""
        place = ticket.parameters()
        return int(place["QueuePosition"]) > min(self.largest, int(place["MaxQueueSize"]))

    def _refuse(self, scene: Scene, ticket: Ticket) -> Outcome:
        ticket.leave()
        scene.call.whereabouts = None
        scene.note(Notice(Code.QUEUE_FULL, self.url, self.line, "the caller goes on without a place"))
        return self._report(None, QueueResult.QUEUE_FULL)

    async def _stay(self, scene: Scene, wait: Wait) -> Outcome:
        """Wait until something ends it; the answer is how the call goes on."""
        reception = scene.surroundings.reception
        with reception.waiting(self.queue_name, wait.visitor):
            while True:
                async with until_first(self._listen(scene, wait), wait.visitor.invited()) as (listening, invited):
                    if listening.done():
                        return await self._left(scene, wait, listening.result())
                    invitation = invited.result()
                if await self._met(scene, wait, invitation):
                    return self._leave(scene, wait, QueueResult.BRIDGED)
                reception.wait_again(self.queue_name, wait.visitor)

    async def _listen(self, scene: Scene, wait: Wait) -> LeftQueue | Ending | CallError:
        """What is heard while waiting, for ever; the failure of a wait document ends the wait."""
        try:
            return await play_rounds(scene, lambda: self._round(scene, wait.ticket))
        except CallError as error:
            return error

    async def _left(self, scene: Scene, wait: Wait, outcome: LeftQueue | Ending | CallError) -> Outcome:
        match outcome:
            case CallError():
                scene.note(outcome)
                return self._leave(scene, wait, QueueResult.ERROR)
            case LeftQueue():
                return self._leave(scene, wait, QueueResult.LEAVE)
        await self._tell_hang_up(scene, wait)
        return outcome

    async def _round(self, scene: Scene, ticket: Ticket) -> Outcome:
        if not self.wait.url:
            await scene.entertain(self.wait)
            return None
        return await scene.perform(WebhookRequest(self.wait.url, self.wait.method, ticket.parameters()), Part.WAIT)

    async def _met(self, scene: Scene, wait: Wait, invitation: Invitation) -> bool:
        """Hear the whisper, then talk with whoever dialled the queue; False when that one is gone before they met."""
        wait.if_moved = QueueResult.BRIDGING
        meeting = invitation.meeting
        try:
            async with until_first(self._whisper(scene, wait, invitation), meeting.over()) as (whispering, _):
                if whispering.done():
                    whispering.result()
            if meeting.is_over:
                wait.if_moved = QueueResult.REDIRECTED
                return False
            await self._talk(scene, wait, meeting)
        finally:
            meeting.part()
        return True

    async def _whisper(self, scene: Scene, wait: Wait, invitation: Invitation) -> None:
        """What cannot be had is not heard: the two are connected all the same."""
        request = invitation.whisper
        if request is None:
            return
        told = {
            "QueueSid": wait.ticket.queue_sid,
            "QueueTime": str(wait.ticket.waited_seconds),
            "DequeingCallSid": invitation.dequeued_by.sid,
        }
        try:
            await scene.perform(WebhookRequest(request.url, request.method, told), Part.HOLD)
        except CallError as error:
            scene.note(error)

    async def _talk(self, scene: Scene, wait: Wait, meeting: Meeting) -> None:
        wait.if_hung_up, wait.if_moved = QueueResult.BRIDGED, QueueResult.REDIRECTED_FROM_BRIDGED
        wait.ticket.leave()
        scene.call.whereabouts = None
        meeting.begin()
        await meeting.talk(scene.leg)

    def _leave(self, scene: Scene, wait: Wait, result: QueueResult) -> WebhookRequest | None:
        scene.call.whereabouts = None
        return self._report(wait.ticket, result)

    async def _tell_departure(self, scene: Scene, wait: Wait) -> None:
        """Somebody outside moved the caller: the action hears of it, and what it answers is not run."""
        match scene.departure:
            case Departure.REDIRECTED:
                await self._tell(scene, self._leave(scene, wait, wait.if_moved))
            case Departure.HUNG_UP:
                await self._tell_hang_up(scene, wait)

    async def _tell_hang_up(self, scene: Scene, wait: Wait) -> None:
        """The action hears of a hang-up too; what it answers cannot run any more."""
        scene.call.end()
        await self._tell(scene, self._report(wait.ticket, wait.if_hung_up))

    async def _tell(self, scene: Scene, report: WebhookRequest | None) -> None:
        if report is not None:
            await scene.tell(report)

    def _report(self, ticket: Ticket | None, result: QueueResult) -> WebhookRequest | None:
        """The queue and the time only when the caller had a place in it."""
        if self.action is None:
            return None
        place = {"QueueSid": ticket.queue_sid, "QueueTime": str(ticket.waited_seconds)} if ticket else {}
        return WebhookRequest(self.action, self.method, {"QueueResult": str(result), **place})


def _wait(attributes: Attributes) -> Content:
    """Without a waitUrl the exchange's own music; with an empty one silence."""
    given = attributes.has("waitUrl")
    url = attributes.url("waitUrl") or ""
    method = attributes.method("waitUrlMethod", Code.ENQUEUE_WAIT_METHOD)
    return Content(url if given else None, method)


def _queue_name(element: Element, reading: Reading, attributes: Attributes) -> str:
    """The text; where there is TaskRouter's workflow instead, which is not here, a queue of its sid."""
    name = (element.text or "").strip() or _workflow(element, reading, attributes)
    if not name:
        raise DocumentError(Code.QUEUE_NAME_TOO_SHORT, reading.url, "Enqueue names no queue", element.sourceline)
    if len(name) > MAXIMUM_NAME_CHARACTERS:
        detail = f"a queue name has at most {MAXIMUM_NAME_CHARACTERS} characters"
        raise DocumentError(Code.QUEUE_NAME_TOO_LONG, reading.url, detail, element.sourceline)
    return name


def _workflow(element: Element, reading: Reading, attributes: Attributes) -> str:
    workflow = attributes.text("workflowSid", "").strip()
    if workflow:
        reading.note(Code.NO_TASK_ROUTER, element, "no workflow runs here; the caller waits in a queue of that name")
    for child in children(element):
        if child.tag != "Task":
            reading.note(Code.SCHEMA, child, f"{child.tag!s} is skipped; Enqueue holds a name or a Task")
    return workflow
