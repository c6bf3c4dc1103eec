"""The interpreter: fetches a document, walks its verbs, follows what they decide, until the call has ended."""

import asyncio
from dataclasses import dataclass, replace

from pbx.call import Call, CallStatus, Ending, Whereabouts
from pbx.codes import CallError, Code, Notice
from pbx.document import Document, parse_twiml, read_answer
from pbx.fallback import Fallback
from pbx.leg import HungUp, Leg
from pbx.line import Carrier
from pbx.request import Content, Destination, Method, Twiml, WebhookRequest
from pbx.scene import Answered, Departure, Outcome, Part, Surroundings, Verb
from pbx.speech import Span, Speech
from pbx.streams.forks import Forks
from pbx.verbs.hangup import Hangup
from pbx.vocabulary import VERBS
from pbx.wire import Wire

INLINE_URL = "twiml:"
"""Where a document given in so many words comes from; nothing can be relative to it."""

SILENCE_SECONDS = 60.0
APOLOGY = Speech((Span("We are sorry, an application error has occurred. Goodbye."),))


@dataclass(frozen=True, slots=True)
class Number:
    """What a telephone number is configured with. Source: /docs/phone-numbers/api/incomingphonenumber-resource."""

    voice_url: str
    fallback_url: str | None = None
    status_callback: str | None = None
    fallback_method: Method = Method.POST
    status_callback_method: Method = Method.POST


NOWHERE = Number("")
"""What the call of a phone is configured with that another has rung: it has no document of its own."""


class Interpreter:
    """One call, from the first request to the status callback."""

    def __init__(self, number: Number, call: Call, leg: Leg, wire: Wire, surroundings: Surroundings) -> None:
        self.number = number
        self.call = call
        self.leg = leg
        self.wire = wire
        self.surroundings = surroundings
        self.forks = Forks()
        self.fallback = Fallback(number.fallback_url, number.fallback_method)
        self.failure: CallError | None = None
        """What first went wrong with a document of this call."""
        self.departure: Departure | None = None
        self._noted: set[tuple[Code, str]] = set()
        self._destination: Destination | None = None
        self._under_way: asyncio.Task[Ending] | None = None
        self._beside: list[asyncio.Task[Ending]] = []

    async def run(self, begins_with: Destination | Document | None = None) -> Ending:
        """Carry the call to its end, by default from the number's voice URL; the centre is told, whoever ends it."""
        try:
            ending = await self._be_moved_about(begins_with or WebhookRequest(self.number.voice_url))
        except HungUp:
            self.call.hang_up()
            ending = Ending.WAITING if self.call.whereabouts is Whereabouts.QUEUE else Ending.BY_CALLER
        finally:
            self.call.end()
            await self.forks.close()
            await self._report_completion()
        if self._beside:
            await asyncio.wait(self._beside)  # they share this call's wire
        return ending

    def redirect(self, destination: Destination, fallback: WebhookRequest | None = None) -> None:
        """Somebody outside moves the call: it drops whatever it does and goes on there. The latest such wish counts."""
        if fallback is not None:
            self.fallback = Fallback(fallback.url, fallback.method)
        self._depart(Departure.REDIRECTED, destination)

    def hang_up(self) -> None:
        """Somebody outside ends the call, whatever it does."""
        self._depart(Departure.HUNG_UP, None)

    async def pick_up(self) -> None:
        if self.call.status is CallStatus.RINGING:
            await self.leg.answer()
            self.call.answer()

    async def perform(self, request: WebhookRequest, part: Part) -> Outcome:
        return await self._follow(request, part)

    async def entertain(self, content: Content) -> None:
        if content.url is None:
            await self.leg.play(None)
        elif not content.url:
            await self.leg.pause(SILENCE_SECONDS)
        else:
            await self._play_content(WebhookRequest(content.url, content.method))

    async def tell(self, request: WebhookRequest) -> None:
        try:
            await self.wire.fetch(request, self.call.parameters())
        except CallError as error:
            self.note(error)

    def mention(self, request: WebhookRequest) -> None:
        told = {**self.call.parameters(), **request.parameters}
        self.surroundings.tell(replace(request, parameters=told))

    def note(self, trouble: Notice | CallError) -> None:
        self.surroundings.debugger.note(self.call.sid, trouble)

    def note_once(self, notice: Notice) -> None:
        said = (notice.code, notice.detail)
        if said not in self._noted:
            self._noted.add(said)
            self.note(notice)

    def beside(self, answered: Answered, begins_with: Verb) -> Carrier:
        surroundings = answered.surroundings or self.surroundings
        child = Interpreter(NOWHERE, answered.call, answered.leg, self.wire, surroundings)
        self._beside.append(asyncio.create_task(child.run(Document(INLINE_URL, (begins_with,)))))
        return child

    async def _report_completion(self) -> None:
        number = self.number
        if number.status_callback is not None:
            told = self.call.completion_parameters()
            await self.tell(WebhookRequest(number.status_callback, number.status_callback_method, told))

    async def _play_content(self, request: WebhookRequest) -> None:
        try:
            await self.perform(request, Part.HOLD)
        except CallError as error:
            self.note(error)
            await self.leg.pause(SILENCE_SECONDS)

    def _depart(self, departure: Departure, destination: Destination | None) -> None:
        self.departure, self._destination = departure, destination
        if self._under_way is not None:
            self._under_way.cancel()

    async def _be_moved_about(self, destination: Destination | Document) -> Ending:
        """The call from one destination to the next, as somebody outside says, until it ends at one of them."""
        while True:
            self._under_way = asyncio.create_task(self._converse(destination))
            if self.departure is not None:
                self._under_way.cancel()  # moved before it began
            try:
                return await self._under_way
            except asyncio.CancelledError:
                departure, self.departure = self.departure, None
                if departure is None or _is_cancelled_itself():
                    raise
            if self._destination is None:
                return await self._hang_up()
            destination = self._destination

    async def _converse(self, destination: Destination | Document) -> Ending:
        """The call's documents; one that fails gives way to the fallback URL, and to the apology when that cannot cover."""
        following: Destination | Document | None = destination
        while following is not None:
            try:
                outcome = await self._follow(following, Part.CALL)
                return outcome if isinstance(outcome, Ending) else await self._hang_up()
            except CallError as error:
                self.note(error)
                self.failure = self.failure or error
                following = self.fallback.cover(error)
        return await self._apologise()

    async def _follow(self, destination: Destination | Document, part: Part) -> Outcome:
        """Walk a document and those it leads to, until one ends otherwise than in a request."""
        while True:
            document = await self._document(destination, part)
            outcome = await self._walk(document)
            if not isinstance(outcome, WebhookRequest):
                return outcome
            destination = outcome

    async def _document(self, destination: Destination | Document, part: Part) -> Document:
        if self.leg.hung_up:
            raise HungUp
        match destination:
            case Document():
                document = destination
            case Twiml(text):
                document = parse_twiml(text.encode(), INLINE_URL, VERBS[part], "utf-8")
            case WebhookRequest():
                document = await self._fetch(destination, part)
        for notice in document.notices:
            self.note(notice)
        return document

    async def _fetch(self, request: WebhookRequest, part: Part) -> Document:
        if request.from_caller:
            self.fallback.caller_heard()
        document = read_answer(await self.wire.fetch(request, self.call.parameters()), VERBS[part])
        self.fallback.document_arrived(request.url)
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


def _is_cancelled_itself() -> bool:
    """Whether it is the whole program that ends, and not just what the call was doing."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
