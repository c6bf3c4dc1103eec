"""The way to the web, as those see it who ask it for documents."""

from collections.abc import Mapping
from typing import Protocol

from pbx.document import Answer
from pbx.request import WebhookRequest


class Wire(Protocol):
    """Signed requests in, answers out."""

    async def fetch(self, request: WebhookRequest, standing: Mapping[str, str]) -> Answer:
        """The answer to a request. Raises CallError."""
