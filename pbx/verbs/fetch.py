"""A Dial to a queue: whoever waits first in it is fetched. Source: https://www.twilio.com/docs/voice/twiml/queue."""

import asyncio
from dataclasses import dataclass

from pbx.codes import Code, DocumentError
from pbx.meeting import Meeting
from pbx.reading import Attributes, Element, Reading
from pbx.request import Method, WebhookRequest
from pbx.rooms.reception import Invitation, Visitor
from pbx.scene import Scene
from pbx.verbs.connection import connect
from pbx.verbs.dialled import Dialled, DialStatus
from pbx.verbs.enqueue import MAXIMUM_NAME_CHARACTERS
from pbx.verbs.terms import DialTerms

SILENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Fetch:
    """The next in the queue of that name, who hears the whisper before the two are connected."""

    queue_name: str
    whisper: WebhookRequest | None

    async def meet(self, scene: Scene, terms: DialTerms, dialled: Dialled) -> None:
        if not scene.surroundings.reception.knows(self.queue_name):
            await scene.pick_up()
            dialled.status = DialStatus.FAILED
            dialled.beyond["QueueResult"] = "error"
            return
        await connect(
            scene,
            terms,
            dialled,
            lambda: self._reach(scene, terms, dialled),
            lambda: scene.leg.pause(SILENCE_SECONDS),
        )

    async def _reach(self, scene: Scene, terms: DialTerms, dialled: Dialled) -> Meeting | None:
        """Where the caller meets the one who waited; None when nobody came in time."""
        reception = scene.surroundings.reception
        while True:
            try:
                visitor = await asyncio.wait_for(reception.fetch(self.queue_name), terms.timeout_seconds)
            except TimeoutError:
                dialled.status = DialStatus.NO_ANSWER
                return None
            meeting = Meeting(scene.surroundings.new_bridge())
            visitor.invite(Invitation(meeting, scene.call, self.whisper))
            if await meeting.begun():
                _note(dialled, visitor, scene)
                return meeting  # otherwise gone before they met: the next, please


def parse_queue(element: Element, reading: Reading) -> Fetch:
    """Raises DocumentError 14210 to 14213: a caller who waits must not be lost to a slip."""
    attributes = Attributes(element, reading)
    name = (element.text or "").strip()
    if not name:
        raise DocumentError(Code.DIALLED_QUEUE_TOO_SHORT, reading.url, "Queue names no queue", element.sourceline)
    if len(name) > MAXIMUM_NAME_CHARACTERS:
        detail = f"a queue name has at most {MAXIMUM_NAME_CHARACTERS} characters"
        raise DocumentError(Code.DIALLED_QUEUE_TOO_LONG, reading.url, detail, element.sourceline)
    fetch = Fetch(name, _whisper(attributes, element, reading))
    for without_effect in ("reservationSid", "postWorkActivitySid"):
        attributes.text(without_effect, "")
    attributes.close()
    return fetch


def _whisper(attributes: Attributes, element: Element, reading: Reading) -> WebhookRequest | None:
    method = attributes.text("method", Method.POST).upper()
    if method not in Method.__members__:
        raise DocumentError(Code.WHISPER_METHOD, reading.url, "write GET or POST", element.sourceline)
    url = attributes.url("url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise DocumentError(Code.WHISPER_URL, reading.url, "url must begin with http:// or https://", element.sourceline)
    return WebhookRequest(url, Method[method]) if url else None


def _note(dialled: Dialled, visitor: Visitor, scene: Scene) -> None:
    dialled.connected(visitor.call, scene.call.clock())
    dialled.beyond["QueueSid"] = visitor.queue_sid
    dialled.beyond["QueueTime"] = str(visitor.waited_seconds())
