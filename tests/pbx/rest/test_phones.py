"""Phones and the exchange, when one of them goes away, makes no sense, or comes back."""

import asyncio

import aiohttp
import pytest

from pbx.phones import messages

ACCOUNT_SID, AUTH_TOKEN = "AC" + "2" * 32, "not-a-secret"
STANDING = messages.Standing(
    sid="CA" + "7" * 32,
    caller="+12065550161",
    called="+12065550100",
    direction="inbound",
    status="in-progress",
)
PAGES = {"/voice": '<Enqueue action="/dequeued" waitUrl="/wait">restarted</Enqueue>', "/wait": "<Pause/>"}


def attach(floor, *frames, token=AUTH_TOKEN):
    """A phone that says this and is gone; what it was answered."""

    async def talk():
        headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT_SID, token)}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.ws_connect(f"{floor.exchange.url}/phones") as socket,
        ):
            for frame in frames:
                await socket.send_bytes(frame)
            return await socket.receive(timeout=10)

    return asyncio.run(talk())


def test_the_end_of_a_phone_ends_its_call_and_its_place_in_the_queue(floor):
    queue = messages.InQueue("visit-1", "dying", joined_at=floor_time())
    answer = attach(floor, messages.write(STANDING), messages.write(standing(stay=queue)))
    assert messages.read_to_phone(answer.data).place.position == 1
    completed(floor, STANDING.sid)
    assert next(queue.current_size for queue in floor.client.queues.list() if queue.friendly_name == "dying") == 0


NO_CODE = b'{"type":"trouble","sid":"CA1","at":"2026-01-01T00:00:00Z","level":"error","code":1,"url":"","detail":""}'


@pytest.mark.parametrize("frame", [b"not json", b'{"type":"unknown"}', b'{"type":"standing"}', b"\xff", NO_CODE])
def test_a_phone_that_makes_no_sense_is_let_go_and_the_exchange_lives_on(floor, frame):
    assert attach(floor, frame).type is aiohttp.WSMsgType.CLOSE
    assert floor.client.calls.list(limit=1) is not None


def test_what_goes_wrong_in_the_call_of_a_phone_is_in_the_exchanges_log(floor):
    floor.centre.pages["/voice"] = '<Pause length="long"/>\n<Say>Still here.</Say>'
    floor.call('hear "Still here"\nend hung-up-by-line').result(20)
    sid = floor.centre.forms("/voice")[0]["CallSid"]
    (told,) = floor.client.calls(sid).notifications.list()
    assert (told.error_code, told.log) == ("13910", "1")


def test_a_phone_needs_the_token(floor):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        attach(floor, token="wrong")
    assert refused.value.status == 401


def test_a_call_goes_on_while_the_exchange_is_away_and_is_found_again_when_it_is_back(floor):
    floor.centre.pages.update(PAGES)
    call = floor.call("wait\nend hung-up-by-line")
    sid = floor.centre.hears("/wait")["CallSid"]
    floor.exchange.stop()
    rounds = len(floor.centre.forms("/wait"))
    floor.centre.hears("/wait", times=rounds + 2)
    floor.exchange.start()
    while not floor.client.calls.list(status="in-progress"):
        floor.centre.hears("/wait", times=len(floor.centre.forms("/wait")) + 1)
    member = floor.client.queues.list()[0]
    assert (member.friendly_name, member.current_size) == ("restarted", 1)
    floor.client.calls(sid).update(status="completed")
    call.result(20)
    assert floor.centre.forms("/dequeued")[0]["QueueResult"] == "hangup"


def test_a_call_without_an_exchange_has_queues_of_its_own(floor):
    floor.centre.pages.update({**PAGES, "/wait": "<Leave/>", "/dequeued": "<Say>Left.</Say>"})
    floor.exchange.stop()
    try:
        floor.call('hear "left"\nend hung-up-by-line').result(20)
    finally:
        floor.exchange.start()
    assert floor.centre.forms("/wait")[0]["QueuePosition"] == "1"


def standing(**changes):
    return messages.msgspec.structs.replace(STANDING, **changes)


def completed(floor, sid):
    """The exchange sees the end of a connection on its own time; it has when it answers so."""
    for _ in range(200):
        if floor.client.calls(sid).fetch().status == "completed":
            return
    raise AssertionError("the call is still there")


def floor_time():
    return messages.datetime.fromisoformat("2026-01-01T00:00:00+00:00")
