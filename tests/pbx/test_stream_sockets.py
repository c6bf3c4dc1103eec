"""Streams over a real WebSocket on this machine."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from pbx.codes import CallError
from pbx.streams.socket import StreamSockets

TOKEN = "12345"


async def served(handler, talk):
    """What `talk` makes of the sockets while the handler serves at /audio."""
    application = web.Application()
    application.router.add_get("/audio", handler)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession() as session:
            url = f"ws://127.0.0.1:{runner.addresses[0][1]}/audio"
            return await talk(StreamSockets(session, TOKEN, lambda prefix: prefix + "1"), url)
    finally:
        await runner.cleanup()


async def echo(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.data == "binary":
            await socket.send_bytes(b"\x00")
        elif message.data == "bye":
            await socket.close()
        else:
            await socket.send_str(message.data)
    return socket


async def converse(sockets, url, *said):
    async with sockets.open(url) as socket:
        answers = []
        for words in said:
            await socket.send(words)
            answers.append(await socket.receive())
        return answers


def run(handler, talk):
    return asyncio.run(asyncio.wait_for(served(handler, talk), 10))


def test_messages_go_both_ways_until_the_other_side_closes():
    assert run(echo, lambda sockets, url: converse(sockets, url, "one", "two", "bye")) == ["one", "two", None]


def test_the_handshake_is_signed_with_the_account_s_token():
    signed = []

    async def note(request):
        signed.append((str(request.url.with_scheme("ws")), request.headers["X-Twilio-Signature"]))
        return await echo(request)

    run(note, lambda sockets, url: converse(sockets, url, "bye"))
    ((url, signature),) = signed
    assert RequestValidator(TOKEN).compute_signature(url, {}) == signature


async def refuse(request):
    return web.Response(status=403)


def test_a_server_that_opens_no_websocket_is_31920():
    with pytest.raises(CallError) as caught:
        run(refuse, lambda sockets, url: converse(sockets, url, "hello"))
    assert (caught.value.code, "403" in caught.value.detail) == (31920, True)


def test_nobody_there_is_31902():
    with pytest.raises(CallError) as caught:
        run(echo, lambda sockets, url: converse(sockets, "ws://127.0.0.1:1/audio", "hello"))
    assert caught.value.code == 31902


def test_a_binary_message_is_31924():
    with pytest.raises(CallError) as caught:
        run(echo, lambda sockets, url: converse(sockets, url, "binary"))
    assert caught.value.code == 31924
