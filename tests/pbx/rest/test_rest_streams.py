"""Streams of a call by REST: https://www.twilio.com/docs/voice/api/stream-resource, to a WebSocket that listens."""

import asyncio
import json
import queue
import threading

import pytest
from aiohttp import web
from twilio.base.exceptions import TwilioRestException


class Listener:
    """A server that keeps every message of every stream."""

    def __init__(self):
        self.messages = queue.Queue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.url = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(20)

    def hears(self, event):
        """The next message of that kind."""
        while (message := self.messages.get(timeout=20))["event"] != event:
            pass
        return message

    def close(self):
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self):
        application = web.Application()
        application.add_routes([web.get("/audio", self._listen)])
        self._runner = web.AppRunner(application, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"ws://127.0.0.1:{self._runner.addresses[0][1]}/audio"

    async def _listen(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            self.messages.put(json.loads(message.data))
        return socket


@pytest.fixture
def listener():
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def call(softphones):
    """A call on a line that listens, by REST."""
    floor = softphones.floor
    floor.centre.pages["/voice"] = "<Gather timeout='60'/>"
    softphones.dial("activate")
    sid = floor.centre.hears("/voice")["CallSid"]
    while floor.client.calls(sid).fetch().status != "in-progress":
        pass
    return floor.client.calls(sid)


@pytest.mark.parametrize("named_by", ["sid", "name"])
def test_a_stream_is_begun_and_ended_from_outside(call, listener, named_by):
    stream = call.streams.create(
        url=listener.url, name="ear", track="both_tracks", parameter1_name="case", parameter1_value="7"
    )
    assert (stream.status, stream.name, stream.sid[:2]) == ("in-progress", "ear", "MZ")
    start = listener.hears("start")
    assert (start["streamSid"], start["start"]["tracks"]) == (stream.sid, ["inbound", "outbound"])
    assert start["start"]["customParameters"] == {"case": "7"}
    assert call.streams(getattr(stream, named_by)).update(status="stopped").status == "stopped"
    listener.hears("stop")


def test_a_stream_that_does_not_run_is_not_found(call):
    with pytest.raises(TwilioRestException) as refused:
        call.streams("nothing").update(status="stopped")
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_stream_to_nowhere_is_refused_in_a_sentence(call):
    with pytest.raises(TwilioRestException) as refused:
        call.streams.create(url="https://listener.test/audio")
    assert (refused.value.status, refused.value.code) == (400, 20001)
    assert "wss://" in refused.value.msg


def test_a_call_that_is_over_cannot_be_streamed(softphones, call):
    sid = call.fetch().sid
    call.update(status="completed")
    softphones.floor.centre.hears("/status", CallSid=sid)
    with pytest.raises(TwilioRestException) as refused:
        call.streams.create(url="wss://listener.test/audio")
    assert (refused.value.status, refused.value.code) == (400, 21220)
