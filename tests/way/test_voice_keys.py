"""Keys of phones that leave the tone in their sound and send INFO beside it: each counts once."""

import asyncio
from pathlib import Path

import pytest
from stage import LOW, Stage, hears, perform, staged

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
            while call.sound.is_busy:
                await asyncio.sleep(0.02)
            body = f"Signal={key}\r\nDuration=160\r\n" if kind.endswith("relay") else key
            assert (await call.ask("INFO", body, kind)).status == 200
        assert (await stage.line.asked("/keyed"))["Digits"] == "4471"

    async def whole() -> None:
        async with asyncio.timeout(45), staged(tmp_path, {"/voice": GATHER, "/low": LOW.wav()}) as stage:
            await press_them(stage)

    perform(whole())
