"""The interpreter: fetches a document, walks its verbs, follows what they decide, until the call has ended."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pbx.call import Call, CallStatus, Ending
from pbx.codes import CallError
from pbx.document import Answer, Document, read_answer
from pbx.fallback import Fallback
from pbx.leg import HungUp, Leg
from pbx.queues import Queues
from pbx.reading import Vocabulary
from pbx.scene import Outcome, WebhookRequest
from pbx.speech import Span, Speech
from pbx.verbs.hangup import Hangup
from pbx.vocabulary import CALL_VERBS, WAIT_VERBS

log = logging.getLogger(__name__)

APOLOGY = Speech((Span("We are sorry, an application error has occurred. Goodbye."),))


class Wire(Protocol):
    """The way to the web: signed requests in, answers out."""

    async def fetch(self, request: WebhookRequest, standing: Mapping[str, str]) -> Answer:
        """The answer to a request. Raises CallError."""


@dataclass(frozen=True, slots=True)
class Number:
    """What a telephone number is configured with. Source: /docs/phone-numbers/api/incomingphonenumber-resource."""

    voice_url: str
    fallback_url: str | None = None
    status_callback: str | None = None


class Interpreter:
    """One call, from the first request to the status callback."""

    def __init__(self, number: Number, call: Call, leg: Leg, wire: Wire, queues: Queues) -> None:
        self.number = number
        self.call = call
        self.leg = leg
        self.wire = wire
        self.queues = queues
        self.fallback = Fallback(number.fallback_url)
        self.failure: CallError | None = None
        """What first went wrong with a document of this call."""

    async def run(self) -> Ending:
        """Carry the call to its end; the centre is told, whoever ends it."""
        try:
            return await self._converse()
        except HungUp:
            return Ending.WAITING if self.call.ticket else Ending.BY_CALLER
        finally:
            self.call.end()
            await self._report_completion()

    async def pick_up(self) -> None:
        if self.call.status is CallStatus.RINGING:
            await self.leg.answer()
            self.call.answer()

    async def wait(self, request: WebhookRequest) -> Outcome:
        try:
            return await self._follow(request, WAIT_VERBS)
        except CallError as error:
            log.warning("call %s, while waiting: %s", self.call.sid, error)
            raise

    async def tell(self, request: WebhookRequest) -> None:
        try:
            await self.wire.fetch(request, self.call.parameters())
        except CallError as error:
            log.warning("call %s: %s", self.call.sid, error)

    async def _report_completion(self) -> None:
        url = self.number.status_callback
        if url is not None:
            await self.tell(WebhookRequest(url, parameters=self.call.completion_parameters()))

    async def _converse(self) -> Ending:
        """The call's documents; one that fails gives way to the fallback URL, and to the apology when that cannot cover."""
        request: WebhookRequest | None = WebhookRequest(self.number.voice_url)
        while request is not None:
            try:
                outcome = await self._follow(request, CALL_VERBS)
                return outcome if isinstance(outcome, Ending) else await self._hang_up()
            except CallError as error:
                log.error("call %s: %s", self.call.sid, error)
                self.failure = self.failure or error
                request = self.fallback.cover(error)
        return await self._apologise()

    async def _follow(self, request: WebhookRequest, vocabulary: Vocabulary) -> Outcome:
        """Walk a document and those it leads to, until one ends otherwise than in a request."""
        while True:
            if request.from_caller:
                self.fallback.caller_heard()
            document = await self._document(request, vocabulary)
            self.fallback.document_arrived(request.url)
            outcome = await self._walk(document)
            if not isinstance(outcome, WebhookRequest):
                return outcome
            request = outcome

    async def _document(self, request: WebhookRequest, vocabulary: Vocabulary) -> Document:
        if self.leg.hung_up:
            raise HungUp
        answer = await self.wire.fetch(request, self.call.parameters())
        document = read_answer(answer, vocabulary)
        for notice in document.notices:
            log.warning("call %s: %s", self.call.sid, notice)
        return document

    async def _walk(self, document: Document) -> Outcome:
        for verb in document.verbs:
            outcome = await verb.execute(self)
            if outcome is not None:
                return outcome
        return None

    async def _hang_up(self) -> Ending:
        """The end of a document with nothing more to do."""
        await Hangup().execute(self)
        return Ending.BY_LINE

    async def _apologise(self) -> Ending:
        await self.pick_up()
        await self.leg.say(APOLOGY)
        await self.leg.hang_up()
        return Ending.FAILED
