"""What our own commands ask and Twilio's API has no word for: sound, phones, and what is being said just now."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from aiohttp import web

from pbx.exchange.switchboard import Switchboard
from pbx.exchange.transcripts import Transcripts
from pbx.line import Line

STATE_PATH, CAPTIONS_PATH = "/exchange/state", "/exchange/captions"
HEARTBEAT_SECONDS = 20.0

Phones = Callable[[], Sequence[dict[str, Any]]]


class State:
    """The exchange as its commands see it."""

    def __init__(self, switchboard: Switchboard, transcripts: Transcripts, phones: Phones) -> None:
        """`phones` lists who has a phone that can be rung."""
        self._switchboard = switchboard
        self._transcripts = transcripts
        self._phones = phones

    def routes(self) -> Sequence[web.RouteDef]:
        return [web.get(STATE_PATH, self.fetch), web.get(CAPTIONS_PATH, self.captions)]

    async def fetch(self, request: web.Request) -> web.Response:
        legs = [_leg(line) for line in self._switchboard if line.figures is not None and not line.call.status.is_final]
        return web.json_response({"legs": legs, "phones": list(self._phones())})

    async def captions(self, request: web.Request) -> web.WebSocketResponse:
        """What is said from now on, as JSON objects; with `From` in calls of that caller only."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        await socket.prepare(request)
        sending = asyncio.create_task(self._send(socket, request.query.get("From")))
        try:
            async for _ in socket:
                pass  # who watches says nothing; this ends when the watcher goes
        finally:
            sending.cancel()
        return socket

    async def _send(self, socket: web.WebSocketResponse, caller: str | None) -> None:
        with self._transcripts.watched() as captions, suppress(ConnectionError):
            while True:
                caption = await captions.get()
                if caller in (None, caption.caller):
                    await socket.send_json(asdict(caption))


def _leg(line: Line) -> dict[str, Any]:
    assert line.figures is not None
    return {"call_sid": line.call.sid, "caller": line.call.caller, **asdict(line.figures())}
