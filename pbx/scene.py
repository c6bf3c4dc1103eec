"""What a verb is given to do its work, and what it answers.

A verb answers None to let the next verb run. Anything else is a decision about the call: another document, its end, or
leaving the queue.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pbx.audio.bridge import Bridge
from pbx.audio.port import Unanswered
from pbx.call import Call, Ending
from pbx.codes import CallError, Notice
from pbx.debugger import Debugger
from pbx.leg import Leg
from pbx.line import Carrier, ProgressReport
from pbx.request import Content, WebhookRequest
from pbx.rooms.reception import Reception
from pbx.rooms.seat import Seat, Terms
from pbx.shelf import RecordingShelf
from pbx.streams.forks import Forks
from pbx.streams.socket import Streams


@dataclass(frozen=True, slots=True)
class LeftQueue:
    """The caller leaves the queue without hanging up."""


Outcome = WebhookRequest | Ending | LeftQueue | None


class Departure(StrEnum):
    """Why somebody outside cuts short what a call is doing, in the words of Enqueue's QueueResult."""

    REDIRECTED = "redirected"
    HUNG_UP = "hangup"


class Ticket(Protocol):
    """One caller's place in a queue."""

    @property
    def queue_sid(self) -> str: ...

    @property
    def waited_seconds(self) -> int: ...

    def parameters(self) -> Mapping[str, str]:
        """What the wait URL is told. Source: https://www.twilio.com/docs/voice/twiml/enqueue#waiturl."""

    def leave(self) -> None:
        """Give the place up; who has left already stays away."""


class Queues(Protocol):
    """The queues a call can be sent to."""

    async def join(self, name: str, call: Call) -> Ticket:
        """A place at the end of the queue of that name."""


class Conferences(Protocol):
    """The conferences a call can be sent to."""

    async def join(self, name: str, call: Call, terms: Terms) -> Seat:
        """A seat in the conference of that name; in a full one it is a seat that is over."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A phone that took the call: the child call and its leg, which is spoken to like any other."""

    call: Call
    leg: Leg
    surroundings: "Surroundings | None" = None
    """What the child call finds at its exchange; None: what its parent does."""


class Attempt(Protocol):
    """One phone being rung for a Dial, with the child call it makes."""

    call: Call

    async def answered(self) -> Answered | Unanswered:
        """How it came out; cancelling gives the attempt up, and the child call is over."""

    def carried_by(self, carrier: Carrier) -> None:
        """The child has been answered: from now on this moves or ends it when somebody outside says so."""

    def end(self) -> None:
        """Hang the child up, answered or not; it tells its own status callback."""


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to be rung by a Dial: `+1206…`, `client:amira` or `sip:bob@host`, and who is told how it goes."""

    address: str
    report: ProgressReport | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class Dialler(Protocol):
    """Rings phones for a call under way."""

    def ring(self, parent: Call, target: Target, caller: str) -> Attempt:
        """Ring that phone, showing `caller` there. A phone nobody knows comes out as Unanswered("failed")."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a call finds at its exchange. The defaults are those of a phone without sound, in a process of its own."""

    queues: Queues
    conferences: Conferences
    debugger: Debugger
    tell: Callable[[WebhookRequest], None]
    """Sends a request whose answer cannot matter, while the call goes on."""
    dialler: Dialler | None = None
    """None: there is nobody to be rung."""
    new_bridge: Callable[[], Bridge | None] = lambda: None
    """The sound of two who talk."""
    reception: Reception = field(default_factory=Reception)
    recordings: RecordingShelf | None = None
    """None: what is recorded is not kept."""
    streams: Streams | None = None
    """None: no sound leaves this process."""


class Part(StrEnum):
    """Which part a document plays, and with it which verbs may stand in it."""

    CALL = "call"
    WAIT = "wait"
    HOLD = "hold"
    WHISPER = "whisper"


class Scene(Protocol):
    """The call under way, as a verb sees it."""

    leg: Leg
    call: Call
    surroundings: Surroundings
    forks: Forks

    @property
    def departure(self) -> Departure | None:
        """Why the verb that runs is being cancelled; None when nobody moved the call."""

    async def pick_up(self) -> None:
        """Answer the call if it still rings."""

    async def perform(self, request: WebhookRequest, part: Part) -> Outcome:
        """Play a document of that part to its end. Raises CallError when it cannot be had."""

    async def entertain(self, content: Content) -> None:
        """Play what someone in a conference or a queue hears while waiting or held, once."""

    async def tell(self, request: WebhookRequest) -> None:
        """Request a URL whose answer cannot matter any more, and wait until it has been told."""

    def mention(self, request: WebhookRequest) -> None:
        """Tell a callback how it goes, while the call goes on."""

    def note(self, trouble: Notice | CallError) -> None:
        """Something went wrong that the call survives: for the debugger."""

    def note_once(self, notice: Notice) -> None:
        """As `note`, but nothing when this call has been told the same before, at whatever place."""

    def beside(self, answered: Answered, begins_with: "Verb") -> Carrier:
        """The call of a phone that this one has rung goes its own way from now on: first it does this verb."""


class Verb(Protocol):
    """A parsed verb: a value that knows Twilio's defaults, and the one coroutine that does it."""

    async def execute(self, scene: Scene) -> Outcome:
        """Do it; None goes on with the next verb."""
