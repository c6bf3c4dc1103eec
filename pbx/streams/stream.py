"""One stream: what the phone says and hears goes to a WebSocket; what comes from it may be played to the phone."""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

import msgspec

from pbx.audio.frame import Frame
from pbx.codes import CallError, Code
from pbx.leg import Leg
from pbx.side_by_side import until_first
from pbx.streams import messages
from pbx.streams.messages import INBOUND, OUTBOUND, Clear, Mark, Sound, StreamFacts
from pbx.streams.playing import Playing
from pbx.streams.socket import Socket

MOST_UNSENT = 1000
"""Messages the other side has not taken yet: about ten seconds of both tracks. What comes after is lost, not kept."""


class Stream:
    """A `Tap` on a leg, and the WebSocket it goes to."""

    def __init__(self, facts: StreamFacts, socket: Socket, url: str) -> None:
        self._facts = facts
        self._socket = socket
        self._url = url
        self._unsent: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_UNSENT)
        self._chunks: Counter[str] = Counter()
        self._sequence = 0
        self._began_at_seconds = asyncio.get_running_loop().time()
        self._playing: Playing | None = None

    def heard(self, frame: Frame) -> None:
        self._media(INBOUND, frame)

    def said(self, frame: Frame) -> None:
        self._media(OUTBOUND, frame)

    def pressed(self, digit: str) -> None:
        if self._playing is not None:
            self._enqueue(messages.dtmf(digit))

    async def copy(self, leg: Leg) -> None:
        """Send the sound until the other side closes. Raises CallError for what it cannot mean."""
        await self._run(leg, self._until_closed())

    async def converse(self, leg: Leg) -> None:
        """Send what the phone says, play what comes back, until the other side closes. Raises CallError and HungUp."""
        self._playing = Playing(leg, lambda name: self._enqueue(messages.mark(name)))
        async with until_first(self._run(leg, self._obey(self._playing)), self._playing.run()) as (running, playing):
            (running if running.done() else playing).result()

    async def _run(self, leg: Leg, receive: Any) -> None:
        await self._socket.send(_json(messages.connected()))
        await self._send(messages.start(self._facts))
        remove = leg.tap(self)
        try:
            async with until_first(receive, self._send_all()) as (receiving, sending):
                (receiving if receiving.done() else sending).result()
        finally:
            remove()
            with suppress(CallError):
                await self._send(messages.stop(self._facts))

    async def _until_closed(self) -> None:
        """Whatever a one-way stream is sent does not matter."""
        while await self._socket.receive() is not None:
            pass

    async def _obey(self, playing: Playing) -> None:
        while (text := await self._socket.receive()) is not None:
            try:
                match messages.read(text):
                    case Sound(mulaw):
                        playing.append(mulaw)
                    case Mark(name):
                        playing.append(name)
                    case Clear():
                        playing.clear()
            except ValueError as error:
                raise CallError(Code.STREAM_PROTOCOL, self._url, str(error)) from None

    def _media(self, track: str, frame: Frame) -> None:
        if track in self._facts.tracks:
            self._chunks[track] += 1
            milliseconds = round((asyncio.get_running_loop().time() - self._began_at_seconds) * 1000)
            self._enqueue(messages.media(track, self._chunks[track], milliseconds, frame))

    def _enqueue(self, message: dict[str, Any]) -> None:
        with suppress(asyncio.QueueFull):
            self._unsent.put_nowait(message)

    async def _send_all(self) -> None:
        while True:
            await self._send(await self._unsent.get())

    async def _send(self, message: dict[str, Any]) -> None:
        self._sequence += 1
        numbered = {**message, "sequenceNumber": str(self._sequence), "streamSid": self._facts.stream_sid}
        await self._socket.send(_json(numbered))


def _json(message: dict[str, Any]) -> str:
    return msgspec.json.encode(message).decode()
