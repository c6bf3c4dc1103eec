"""What a verb is given to do its work, and what it answers.

A verb answers None to let the next verb run. Anything else is a decision about the call: another document, its end, or
leaving the queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pbx.call import Call, Ending
from pbx.leg import Leg
from pbx.request import Content, WebhookRequest
from pbx.seat import Seat, Terms


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


class Scene(Protocol):
    """The call under way, as a verb sees it."""

    leg: Leg
    call: Call
    queues: Queues
    conferences: Conferences

    @property
    def departure(self) -> Departure | None:
        """Why the verb that runs is being cancelled; None when nobody moved the call."""

    async def pick_up(self) -> None:
        """Answer the call if it still rings."""

    async def wait(self, request: WebhookRequest) -> Outcome:
        """Play one wait document of a queue to its end. Raises CallError when it cannot be had."""

    async def entertain(self, content: Content) -> None:
        """Play what someone in a conference hears while waiting or held, once."""

    async def tell(self, request: WebhookRequest) -> None:
        """Request a URL whose answer cannot matter any more."""


class Verb(Protocol):
    """A parsed verb: a value that knows Twilio's defaults, and the one coroutine that does it."""

    async def execute(self, scene: Scene) -> Outcome:
        """Do it; None goes on with the next verb."""
