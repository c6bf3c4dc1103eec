"""The sentences of Twilio's manual that only sound can show, over real SIP and RTP: what one caller hears, and when."""

import asyncio
import time
from collections.abc import Callable

import pytest
from ear import best_match
from stage import (
    FRAME_SECONDS,
    HIGH,
    LOW,
    MIDDLE,
    Stage,
    chirp,
    heard_by,
    hears,
    loud_until,
    response,
    spoken,
    starts_to_hear,
    tones_in,
    wav,
)

from voices.sound import RATE_HZ, Sound, joined, silence

LONG = chirp(500, 3000, 8.0)


def test_the_first_key_stops_the_prompt_within_five_frames(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await starts_to_hear(call, LONG)
        call.press("5")
        await spoken(call)
        await asyncio.sleep(0.5)
        assert loud_until(call) - call.sound.last_key_at <= 5 * FRAME_SECONDS
        call.press("6")
        assert (await stage.line.asked("/keyed"))["Digits"] == "56"

    gather = '<Gather numDigits="2" action="/keyed"><Play>{site}/long</Play></Gather>'
    play({"/voice": response(gather), "/long": wav(LONG)}, scene)


def test_a_gathers_timeout_begins_when_its_prompt_has_ended(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        prompt, after = await hears(call, LOW), await hears(call, HIGH)
        assert 1.0 <= after - (prompt + LOW.seconds) <= 1.3

    gather = '<Gather timeout="1"><Play>{site}/low</Play></Gather>'
    play({"/voice": response(gather, "<Play>{site}/high</Play>"), "/low": wav(LOW), "/high": wav(HIGH)}, scene)


def test_a_finish_key_sends_the_digits_at_once_without_itself(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        call.press("112*#")
        assert (await stage.line.asked("/keyed"))["Digits"] == "112*"
        assert time.time() - call.sound.last_key_at < 1.0

    gather = '<Gather timeout="30" action="/keyed"><Play>{site}/low</Play></Gather>'
    play({"/voice": response(gather), "/low": wav(LOW)}, scene)


@pytest.mark.parametrize("kind", ["application/dtmf-relay", "application/dtmf"])
def test_a_key_that_comes_both_as_info_and_as_event_counts_once(play: Callable[..., None], kind: str) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        for key in "4471":
            call.press(key)
            body = f"Signal={key}\r\nDuration=160\r\n" if kind.endswith("relay") else key
            assert (await call.ask("INFO", body, kind)).status == 200
            await asyncio.sleep(0.25)
        assert (await stage.line.asked("/keyed"))["Digits"] == "4471"

    gather = '<Gather timeout="1" action="/keyed"><Play>{site}/low</Play></Gather>'
    play({"/voice": response(gather), "/low": wav(LOW)}, scene)


@pytest.mark.parametrize("kind", ["application/dtmf-relay", "application/dtmf"])
def test_keys_may_come_as_info_alone(play: Callable[..., None], kind: str) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        for key in "112":
            body = f"Signal={key}\r\nDuration=160\r\n" if kind.endswith("relay") else key
            assert (await call.ask("INFO", body, kind)).status == 200
        assert (await stage.line.asked("/keyed"))["Digits"] == "112"

    gather = '<Gather timeout="1" action="/keyed"><Play>{site}/low</Play></Gather>'
    play({"/voice": response(gather), "/low": wav(LOW)}, scene)


def test_play_digits_are_events_to_a_phone_that_takes_them(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, HIGH)
        (first, one), (second, hash_key) = call.sound.heard.events
        assert one + hash_key == "1#"
        assert 0.5 <= (second - first) / RATE_HZ <= 1.0

    play({"/voice": response('<Play digits="1w#"/>', "<Play>{site}/high</Play>"), "/high": wav(HIGH)}, scene)


def test_play_digits_are_tones_to_any_other_phone(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        stage.phones.knows_events = False
        call = await stage.phones.call("activate")
        end = round(await hears(call, HIGH) * RATE_HZ)
        heard = heard_by(call).samples[:end]
        loud = [at for at in range(0, end - 640, 160) if abs(heard[at : at + 160].astype(int)).max() > 500]
        first, second = loud[0], next(at for at in loud if at > loud[0] + 0.4 * RATE_HZ)
        assert tones_in(Sound(heard[first + 160 : first + 560].copy())) == {697, 1209}
        assert tones_in(Sound(heard[second + 160 : second + 560].copy())) == {941, 1477}

    play({"/voice": response('<Play digits="1w#"/>', "<Play>{site}/high</Play>"), "/high": wav(HIGH)}, scene)


def test_say_is_the_houses_voice_and_pause_is_silence(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        welcome = stage.voices.sentence("Welcome to the line.", "en")
        goodbye = stage.voices.sentence("And goodbye.", "en")
        first, second = await hears(call, welcome), await hears(call, goodbye)
        assert abs(second - first - welcome.seconds - 1.0) < 0.2
        await asyncio.wait_for(call.over.wait(), 5)

    play({"/voice": response("<Say>Welcome to the line.</Say>", "<Pause/>", "<Say>And goodbye.</Say>")}, scene)


def test_a_recording_is_what_the_caller_said(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        await asyncio.sleep(0.2)
        call.say(joined((MIDDLE, silence(0.2), HIGH, silence(0.1))).mulaw())
        await spoken(call)
        call.press("#")
        told = await stage.line.asked("/recorded")
        assert told["Digits"] == "#"
        recorded = await stage.recording(told["RecordingUrl"] + ".wav")
        first, middle = best_match(recorded, MIDDLE)
        second, high = best_match(recorded, HIGH)
        assert min(middle, high) > 0.9
        assert abs(second - first - MIDDLE.seconds - 0.2) < 0.03

    verbs = "<Play>{site}/low</Play>", '<Record playBeep="false" action="/recorded" finishOnKey="#"/>'
    play({"/voice": response(*verbs), "/low": wav(LOW)}, scene)


def test_spoken_digits_are_understood(play: Callable[..., None]) -> None:
    async def scene(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        call.say(joined((silence(0.3), stage.voices.characters("604189", "en", 0.5), silence(0.5))).mulaw())
        told = await stage.line.asked("/heard")
        assert told["SpeechResult"].rstrip(".").split() in (
            ["six", "zero", "four", "one", "eight", "nine"],
            ["604189"],
            list("604189"),
        )
        assert 0.0 <= float(told["Confidence"]) <= 1.0

    gather = '<Gather input="dtmf speech" action="/heard" speechTimeout="1" hints="zero,one,two,three"><Play>{site}/low</Play></Gather>'
    play({"/voice": response(gather), "/low": wav(LOW)}, scene)
