"""Keys of phones that leave the tone in their sound and send INFO beside it: each counts once."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from stage import LOW, Stage, hears, perform, spoken, staged

from voices.sound import Sound
from voices.tones import key_wav

GATHER = '<Response><Gather timeout="1" action="/keyed"><Play>{site}/low</Play></Gather></Response>'


@pytest.mark.parametrize("kind", ["application/dtmf-relay", "application/dtmf"])
def test_a_key_that_is_heard_as_a_tone_and_told_by_info_counts_once(tmp_path: Path, kind: str) -> None:
    async def press_them(stage: Stage) -> None:
        stage.phones.knows_events = False
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        for key in "4471":
            call.say(Sound.of_wav(key_wav(key)).mulaw())
            await spoken(call)
            body = f"Signal={key}\r\nDuration=160\r\n" if kind.endswith("relay") else key
            assert (await call.ask("INFO", body, kind)).status == 200
        assert (await stage.line.asked("/keyed"))["Digits"] == "4471"

    played(tmp_path, press_them)


@pytest.mark.parametrize("tone_comes_first", [True, False])
def test_a_key_that_comes_as_tone_event_and_info_counts_once(tmp_path: Path, tone_comes_first: bool) -> None:
    async def press_them(stage: Stage) -> None:
        call = await stage.phones.call("activate")
        await hears(call, LOW)
        for key in "4471":
            call.say(Sound.of_wav(key_wav(key)).mulaw())
            if tone_comes_first:
                await spoken(call)
            call.press(key)
            await spoken(call)
            assert (await call.ask("INFO", f"Signal={key}\r\nDuration=160\r\n", "application/dtmf-relay")).status == 200
        assert (await stage.line.asked("/keyed"))["Digits"] == "4471"

    played(tmp_path, press_them)


def played(home: Path, press_them: Callable[[Stage], Coroutine[None, None, None]]) -> None:
    async def whole() -> None:
        async with asyncio.timeout(45), staged(home, {"/voice": GATHER, "/low": LOW.wav()}) as stage:
            await press_them(stage)

    perform(whole())
