"""What is asked of the web: a document, or something to listen to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit


class Method(StrEnum):
    """How a URL is requested."""

    GET = "GET"
    POST = "POST"


def can_be_called_back(url: str) -> bool:
    """Whether a status callback may go there: no underscore in its host.

    Source: https://www.twilio.com/docs/usage/webhooks/getting-started-twilio-webhooks.
    """
    try:
        return "_" not in (urlsplit(url).hostname or "")
    except ValueError:
        return True  # whoever requests it says what is wrong


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
class Twiml:
    """A document given in so many words instead of a URL. Source: /docs/voice/api/call-resource, Twiml."""

    text: str


Destination = WebhookRequest | Twiml
"""Where a call goes on: at a URL, or with a document in so many words."""


@dataclass(frozen=True, slots=True)
class Content:
    """What someone who waits or is held listens to. No URL at all is the exchange's own music, an empty one silence."""

    url: str | None = None
    method: Method = Method.POST
