"""Several phones in one call, over real SIP and RTP: who hears whom."""

import asyncio
from collections.abc import Callable

import pytest
from stage import (
    HIGH,
    LOW,
    MIDDLE,
    NOTHING,
    Document,
    Stage,
    heard_by,
    hears,
    likeness,
    response,
    wav,
)


def test_dial_lets_both_ends_hear_each_other_and_goes_on_when_one_hangs_up(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        stage.line.documents["/voice"] = response(f'<Dial action="/dialled"><Sip>{stage.phones.address}</Sip></Dial>')
        caller = await stage.phones.call("activate")
        callee = await asyncio.wait_for(stage.phones.taken.get(), 5)
        await asyncio.sleep(0.3)
        caller.say(LOW.mulaw())
        callee.say(HIGH.mulaw())
        await hears(callee, LOW)
        await hears(caller, HIGH)
        assert max(likeness(caller, LOW), likeness(callee, HIGH)) < NOTHING, "nobody hears their own voice"
        await callee.hang_up()
        assert (await stage.line.asked("/dialled"))["DialCallStatus"] == "completed"
        await hears(caller, MIDDLE)

    documents: dict[str, Document] = {"/voice": response(), "/middle": wav(MIDDLE)}
    play({**documents, "/dialled": response("<Play>{site}/middle</Play>")}, scene)


@pytest.mark.parametrize(("status", "told"), [(486, "busy"), (603, "busy"), (404, "failed"), (500, "failed")])
def test_dial_tells_how_the_other_phone_refused(play: Callable[..., None], status: int, told: str) -> None:
    async def scene(stage: Stage) -> None:
        stage.phones.answers = lambda _invitation: status
        stage.line.documents["/voice"] = response(f'<Dial action="/dialled"><Sip>{stage.phones.address}</Sip></Dial>')
        await stage.phones.call("activate")
        assert (await stage.line.asked("/dialled"))["DialCallStatus"] == told

    play({"/voice": response()}, scene)


def test_dials_timeout_gives_up_a_phone_that_only_rings(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        stage.phones.answers = lambda _invitation: 180
        stage.line.documents["/voice"] = response(
            f'<Dial timeout="5" action="/dialled"><Sip>{stage.phones.address}</Sip></Dial>'
        )
        call = await stage.phones.call("activate")
        assert (await stage.line.asked("/dialled"))["DialCallStatus"] == "no-answer"
        assert heard_by(call).peak > 500, "the caller hears it ring"

    play({"/voice": response()}, scene)


def test_a_whisper_is_heard_by_the_one_who_answers_before_the_two_are_joined(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        stage.line.documents["/voice"] = response(f'<Dial><Sip url="/whisper">{stage.phones.address}</Sip></Dial>')
        caller = await stage.phones.call("activate")
        callee = await asyncio.wait_for(stage.phones.taken.get(), 5)
        caller.say(LOW.mulaw())
        await hears(callee, MIDDLE)
        assert likeness(callee, LOW) < NOTHING, "not joined yet"
        await asyncio.sleep(0.5)
        caller.say(HIGH.mulaw())
        await hears(callee, HIGH)
        assert likeness(caller, MIDDLE) < NOTHING

    play({"/voice": response(), "/whisper": response("<Play>{site}/middle</Play>"), "/middle": wav(MIDDLE)}, scene)


def test_three_in_a_conference_hear_each_other_and_not_themselves(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        calls = [await stage.phones.call("activate") for _ in range(3)]
        await asyncio.sleep(1.0)
        voices = LOW, MIDDLE, HIGH
        for call, voice in zip(calls, voices, strict=True):
            call.say(voice.mulaw())
        for call, own in zip(calls, voices, strict=True):
            for other in voices:
                if other is not own:
                    await hears(call, other)
            assert likeness(call, own) < NOTHING

    play({"/voice": response('<Dial><Conference beep="false" waitUrl="">room</Conference></Dial>')}, scene)


def test_who_is_muted_hears_and_is_not_heard(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        talker = await stage.phones.call("activate")
        stage.line.documents["/voice"] = response(
            '<Dial><Conference beep="false" waitUrl="" muted="true">room</Conference></Dial>'
        )
        listener = await stage.phones.call("activate")
        await asyncio.sleep(0.5)
        talker.say(LOW.mulaw())
        listener.say(HIGH.mulaw())
        await hears(listener, LOW)
        await asyncio.sleep(0.5)
        assert likeness(talker, HIGH) < NOTHING

    play({"/voice": response('<Dial><Conference beep="false" waitUrl="">room</Conference></Dial>')}, scene)
