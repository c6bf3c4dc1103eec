"""How calls begin, pause and end over real SIP and RTP, whatever arrives on the way."""

import asyncio
from collections.abc import Callable

import pytest
from bare_phone import Refused
from stage import (
    HIGH,
    LOW,
    Stage,
    hears,
    response,
    wav,
)


def test_who_calls_hears_why_the_line_does_not_take_the_call(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        for user, verb, status in (("activate", '<Reject reason="busy"/>', 486), ("nobody-here", "<Hangup/>", 404)):
            stage.line.documents["/voice"] = response(verb)
            with pytest.raises(Refused) as refused:
                await stage.phones.call(user)
            assert refused.value.answer.status == status

    play({"/voice": response()}, scene)


def test_a_caller_who_gives_up_while_it_rings_ends_the_call(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        calling = asyncio.create_task(stage.phones.call("activate"))
        await stage.line.asked("/voice")
        call = next(iter(stage.phones.calls.values()))
        stage.phones.cancel(call)
        with pytest.raises(Refused) as refused:
            await calling
        assert refused.value.answer.status == 487
        assert (await stage.line.asked("/status"))["CallStatus"] == "canceled"

    play({"/voice": response('<Pause length="10"/>', "<Say>Too late.</Say>")}, scene)


def test_hanging_up_ends_the_call_from_either_side(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        await call.hang_up()
        assert (await stage.line.asked("/status"))["CallStatus"] == "completed"
        stage.line.documents["/voice"] = response("<Play>" + stage.site + "/low</Play>", "<Hangup/>")
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        await asyncio.wait_for(call.over.wait(), 5)

    play({"/voice": response("<Play>{site}/low</Play>", '<Pause length="30"/>'), "/low": wav(LOW)}, scene)


def test_a_call_on_hold_goes_on_when_it_is_taken_up(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        for direction, answer in (("sendonly", "recvonly"), ("inactive", "inactive"), ("sendrecv", "sendrecv")):
            taken = await call.turn(direction)
            assert taken.status == 200
            assert f"a={answer}" in taken.body or (answer == "sendrecv" and "a=inactive" not in taken.body)
        call.press("5")
        await hears(call, HIGH)

    gather = '<Gather timeout="30" numDigits="1" action="/next"><Play>{site}/low</Play></Gather>'
    documents = {"/voice": response(gather), "/next": response("<Play>{site}/high</Play>")}
    play({**documents, "/low": wav(LOW), "/high": wav(HIGH)}, scene)


MALFORMED = (
    *(b"", b"\x80", b"\x80\x00", bytes(12), b"\xff" * 12, b"\x80\x65" + bytes(10), b"\x80\xe5\x00\x01" + bytes(8) + b"\x05"),
    *(
        b"\xbf\x00\x00\x01" + bytes(8),
        b"\xb0\x00\x00\x01" + bytes(8) + b"\xff\xff\xff\xff",
        b"\xa0\x00\x00\x02" + bytes(8) + b"\xff",
    ),
    *(b"\x80\x65\x00\x03" + bytes(8) + b"\xff\x8a\x03\x20", b"\x80\x00" + bytes(1400)),
    *(b"INVITE sip:x SIP/2.0\r\n\r\n", b"\x40\x00\x00\x01" + bytes(168), b"\x80\x48" + bytes(40), b"\x80\x7f" + bytes(200)),
)
"""Short, of another version, with more sources or a longer extension or padding than there is, and keys that are none."""


def test_malformed_packets_and_events_disturb_neither_this_call_nor_the_next(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        for packet in MALFORMED * 20:
            call.sound.send_raw(packet)
        call.press("7")
        assert (await stage.line.asked("/keyed"))["Digits"] == "7"
        await call.hang_up()
        second = await stage.phones.call("activate")
        await hears(second, LOW)

    gather = '<Gather timeout="30" numDigits="1" action="/keyed"><Play>{site}/low</Play></Gather>'
    play({"/voice": response(gather), "/low": wav(LOW)}, scene)
