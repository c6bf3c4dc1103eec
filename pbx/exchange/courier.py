"""Requests whose answers cannot matter, sent while the sender goes on."""

import asyncio
import logging

from pbx.codes import CallError
from pbx.request import WebhookRequest
from pbx.wire import Wire

log = logging.getLogger(__name__)


class Courier:
    """Carries status callbacks. What overtakes what is not promised: SequenceNumber puts them back into order."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, request: WebhookRequest) -> None:
        task = asyncio.create_task(self._carry(request))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Wait until everything has been delivered or has failed."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _carry(self, request: WebhookRequest) -> None:
        try:
            await self._wire.fetch(request, {})
        except CallError as error:
            log.warning("a status callback was not taken: %s", error)
