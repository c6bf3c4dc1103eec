"""The demo from its beginning to its end: a telephone of its own, the call, and what is left of it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass

from pbx.audio.clock import Clock
from pbx.audio.port import Unanswered
from pbx.demo.caller import Caller, GiveGroup, Show, by_keys, by_voice
from pbx.demo.computer import Computer, DemoFailed
from pbx.demo.cues import Cues
from pbx.demo.ear import Ear
from pbx.demo.phone import DemoPhone
from pbx.demo.tape import Tape
from pbx.exchange.client import AccountSettings, FindExchange, Row, ask_exchange
from pbx.rest.state import CAPTIONS_PATH
from pbx.rtp.ports import MediaPorts
from pbx.sip.call import SipCall
from pbx.sip.connection import SipConnection
from pbx.sip.exchange import SipAccount, SipExchange
from voices.listening import Listener
from voices.speaking import Voices

HOST = "127.0.0.1"
RTP_PORTS = (17000, 17099)
SPEAKING_PACE_SECONDS = 0.6
"""From one digit to the next, said for a machine to hear."""
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo is made with. `pace_seconds` is the line's, from digit to digit of a block."""

    settings: AccountSettings
    find_exchange: FindExchange
    sip_address: str
    computer: Computer
    cues: Cues
    open_voices: Callable[[], Voices]
    open_listener: Callable[[], Listener]
    pace_seconds: float
    speaks: bool
    show: Show


async def demonstrate(demo: Demo, tape: Tape) -> None:
    """The whole call. Raises DemoFailed, and ClickException when no exchange answers."""
    shown = demo.computer.look()
    demo.show(f"✓ {shown.name} shows its installation ID: {' '.join(shown.groups)}")
    user = f"demo-{secrets.token_hex(3)}"
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(2, "demo"))
        exchange = await stack.enter_async_context(ask_exchange(demo.settings, demo.find_exchange))
        captions = await stack.enter_async_context(exchange.stream(CAPTIONS_PATH))
        ear = Ear(demo.open_listener(), threads)
        await ear.wake()
        phone = await _dial(demo, stack, user, tape)
        demo.show(f"✓ Calling {demo.sip_address} over SIP; the sound comes over RTP.")
        caller = Caller(phone, _of_caller(captions, user), ear, demo.computer, demo.cues, shown, demo.show)
        await caller.call(_way(demo, caller, phone, threads), demo.pace_seconds)
        demo.show("✓ The line hung up. Done.")


async def _dial(demo: Demo, stack: AsyncExitStack, user: str, tape: Tape) -> DemoPhone:
    """The telephone, once the line has answered."""
    account = SipAccount(HOST, lambda name: None)
    sip = SipExchange(account, MediaPorts(*RTP_PORTS, HOST), _refuse, lambda name: False)
    await sip.start(HOST, 0)
    stack.push_async_callback(sip.close)
    clock = Clock()
    clock.start()
    stack.push_async_callback(clock.stop)
    answer = await sip.station_at(demo.sip_address).ring(f"sip:{user}@{HOST}", "Demo", "").answered()
    if isinstance(answer, Unanswered):
        raise DemoFailed(f"{demo.sip_address} did not take the call ({answer.status}, {answer.response_code or 'no answer'}).")
    assert isinstance(answer, SipConnection)
    phone = DemoPhone(answer, clock, tape)
    stack.callback(phone.hang_up)
    return phone


def _way(demo: Demo, caller: Caller, phone: DemoPhone, threads: ThreadPoolExecutor) -> GiveGroup:
    """How groups are given."""
    if not demo.speaks:
        return by_keys(caller)
    voices = demo.open_voices()

    async def spoken(group: str) -> bytes:
        def speak() -> bytes:
            return voices.characters(group, LANGUAGE, SPEAKING_PACE_SECONDS).mulaw()

        return await asyncio.get_running_loop().run_in_executor(threads, speak)

    return by_voice(phone, demo.show, spoken)


async def _of_caller(captions: AsyncIterator[Row], user: str) -> AsyncIterator[Row]:
    """Those of the demo's own call."""
    async for caption in captions:
        if caption["caller"].startswith(f"sip:{user}@"):
            yield caption


def _refuse(call: SipCall) -> None:
    call.reject("rejected")
