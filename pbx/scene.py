"""What a verb is given to do its work, and what it answers.

A verb answers None to let the next verb run. Anything else is a decision about the call: another document, its end, or
leaving the queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pbx.call import Call, Ending
from pbx.leg import Leg
from pbx.queues import Queues


class Method(StrEnum):
    """How a URL is requested."""

    GET = "GET"
    POST = "POST"


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A URL to be asked for TwiML, with what it is told beyond the standard parameters."""

    url: str
    method: Method = Method.POST
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def from_caller(self) -> bool:
        """Whether it carries what the caller keyed in or said."""
        return not self.parameters.keys().isdisjoint(("Digits", "SpeechResult"))


@dataclass(frozen=True, slots=True)
class LeftQueue:
    """The caller leaves the queue without hanging up."""


Outcome = WebhookRequest | Ending | LeftQueue | None


class Scene(Protocol):
    """The call under way, as a verb sees it."""

    leg: Leg
    call: Call
    queues: Queues

    async def pick_up(self) -> None:
        """Answer the call if it still rings."""

    async def wait(self, request: WebhookRequest) -> Outcome:
        """Play one wait document to its end. Raises CallError when it cannot be had."""

    async def tell(self, request: WebhookRequest) -> None:
        """Request a URL whose answer cannot matter any more."""


class Verb(Protocol):
    """A parsed verb: a value that knows Twilio's defaults, and the one coroutine that does it."""

    async def execute(self, scene: Scene) -> Outcome:
        """Do it; None goes on with the next verb."""
