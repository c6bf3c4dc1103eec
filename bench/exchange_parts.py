"""The processes that `exchange.py` measures and needs: the exchange, the line behind it, and the floor beside it.

Each prints one line of JSON when it is ready, and runs until its standard input ends.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from aiortp import RTPSession
from bare_rtp import FRAME_SECONDS, SILENCE

from pbx.exchange.numbers import IncomingNumber, Numbers
from pbx.exchange.pace import collect_in_small_steps, new_event_loop
from pbx.exchange.plan import Account, Places, Plan
from pbx.exchange.process import open_exchange
from voices.music import SAMPLE_RATE_HZ, wav_of
from voices.room import open_voices
from voices.vosk_listener import VoskListener

ACCOUNT = Account("AC" + "0" * 32, "a token")
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
RTP_PORTS, FLOOR_PORT = (20000, 29999), 30000
NUMBERS = {"prompt": "+12065550101", "speech": "+12065550102", "answer": "+12065550103", "room": "+12065550104"}
"""What is dialled for each measure, by the name of its first document."""
TONE_SECONDS, PROMPT_SECONDS = 0.3, 20.0
QUIET_PROMPT = 12000
KEYS_A_TURN = 3


async def exchange(web_url: str) -> None:
    """Our exchange, in the pace that `serve` gives it."""
    numbers = [IncomingNumber(number, name, f"{web_url}/{name}", MOMENT, MOMENT) for name, number in NUMBERS.items()]
    with TemporaryDirectory(prefix="activation-center-bench-") as home:
        plan = Plan(
            account=ACCOUNT,
            redact=str,
            open_voices=lambda: open_voices(Path(home), {"en": "en-us"}, 160, {"en": {}}),
            open_listeners=lambda: {"en": VoskListener()},
            numbers=Numbers(numbers, dict(NUMBERS)),
            rtp_ports=RTP_PORTS,
        )
        async with open_exchange(plan, Places("127.0.0.1", 0, 0)) as running:
            assert running.sip_address is not None
            collect_in_small_steps()
            await _run(sip_port=int(running.sip_address.rpartition(":")[2]))


async def line() -> None:
    """The webhooks and the sounds that calls ask for."""
    tone, prompt = _wav(TONE_SECONDS, QUIET_PROMPT), _wav(PROMPT_SECONDS, QUIET_PROMPT)
    sounds = {"/tone.wav": tone, "/prompt.wav": prompt}
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", lambda request: _answer(request, sounds))
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await _run(url=f"http://127.0.0.1:{runner.addresses[0][1]}")
    await runner.cleanup()


async def floor(count: str) -> None:
    """Bare aiortp: so many sessions that send silence on one clock and receive whatever comes; no call around them."""
    ports = [FLOOR_PORT + 2 * number for number in range(int(count))]
    sessions = [await RTPSession.create(("127.0.0.1", port), ("127.0.0.1", 9), 0, symmetric_rtp=True) for port in ports]
    ticking = asyncio.create_task(_tick(sessions))
    await _run(ports=ports)
    ticking.cancel()


async def _tick(sessions: list[RTPSession]) -> None:
    """To where packets come from, every 20 ms by absolute times."""
    clock = asyncio.get_running_loop()
    due = clock.time()
    while True:
        due = max(due + FRAME_SECONDS, clock.time() - 5 * FRAME_SECONDS)
        await asyncio.sleep(max(0.0, due - clock.time()))
        for session in sessions:
            session.send_audio_auto(SILENCE)


async def _answer(request: web.Request, sounds: Mapping[str, bytes]) -> web.Response:
    if sound := sounds.get(request.path):
        return web.Response(body=sound, content_type="audio/wav", headers={"Cache-Control": "max-age=3600"})
    base = f"http://{request.host}"
    documents = {
        "/prompt": f'<Gather numDigits="{KEYS_A_TURN}" timeout="60"><Play loop="0">{base}/prompt.wav</Play></Gather>',
        "/speech": f'<Gather input="dtmf speech" numDigits="{KEYS_A_TURN}" timeout="60" speechTimeout="2">'
        f'<Play loop="0">{base}/prompt.wav</Play></Gather>',
        "/answer": f'<Gather numDigits="1" timeout="60"><Play>{base}/tone.wav</Play></Gather>',
        "/room": '<Dial><Conference beep="false" waitUrl="">room</Conference></Dial>',
    }
    return web.Response(text=f"<Response>{documents[request.path]}</Response>", content_type="text/xml")


def _wav(seconds: float, level: int) -> bytes:
    """A square wave of 500 Hz: loud from its first sample on."""
    half = SAMPLE_RATE_HZ // 1000
    count = round(seconds * SAMPLE_RATE_HZ)
    return wav_of([level / 32768 * (1 if at // half % 2 else -1) for at in range(count)])


async def _run(**ready: Any) -> None:
    print(json.dumps(ready), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@asynccontextmanager
async def started(*arguments: str, core: int | None = None) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """One of these processes, on one core if told so: its process id, and what it printed when it was ready."""
    pinned = ("taskset", "--cpu-list", str(core)) if core is not None else ()
    process = await asyncio.create_subprocess_exec(
        *pinned,
        sys.executable,
        __file__,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        ready = await process.stdout.readline()
        if not ready:
            raise RuntimeError(f"The {arguments[0]} did not start; its own words are above.")
        yield process.pid, json.loads(ready)
    finally:
        process.stdin.close()
        await process.wait()


def main(part: str, *arguments: str) -> None:
    """Runs one of them."""
    parts = {"exchange": exchange, "line": line, "floor": floor}
    with asyncio.Runner(loop_factory=new_event_loop if part == "exchange" else None) as runner:
        runner.run(parts[part](*arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
