"""The exchange's parts put together: what calls are carried with, and what every one of them finds around it."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import aiohttp

from pbx.audio.clock import Clock, Ticking
from pbx.audio.inband import InbandDetector
from pbx.audio.leg import SoundLeg
from pbx.audio.mixing import MixingBridge
from pbx.audio.narrator import Narrator
from pbx.audio.recogniser import Ears
from pbx.browser.station import BrowserStations
from pbx.debugger import Debugger
from pbx.exchange.carrying import Carrying
from pbx.exchange.courier import Courier
from pbx.exchange.dialler import LocalDialler
from pbx.exchange.equipment import Equipment
from pbx.exchange.plan import Plan
from pbx.exchange.stations import Stations
from pbx.exchange.switchboard import Switchboard
from pbx.exchange.transcripts import Transcripts
from pbx.identity import new_sid, new_token, now
from pbx.rooms.reception import Reception
from pbx.rooms.tones import room_sound
from pbx.scene import Surroundings
from pbx.shelf import RecordingShelf
from pbx.streams.socket import StreamSockets
from pbx.webhooks import open_webhooks


class Registration(Protocol):
    """A SIP phone that has registered."""

    @property
    def user(self) -> str: ...
    @property
    def contact(self) -> str: ...
    @property
    def transport(self) -> str: ...
    @property
    def agent(self) -> str: ...


@dataclass(slots=True)
class Wiring:
    """One exchange in its parts."""

    plan: Plan
    clock: Clock
    switchboard: Switchboard
    stations: Stations
    browsers: BrowserStations
    carrying: Carrying
    debugger: Debugger
    transcripts: Transcripts
    base_url: str = ""
    registrations: Callable[[], Sequence[Registration]] = field(default=tuple)

    def phones(self) -> list[dict[str, Any]]:
        """Everybody who can be rung: SIP phones, then browsers, then phones that carry their calls themselves."""
        sip = [
            {
                "address": f"client:{one.user}",
                "kind": "sip",
                "transport": one.transport,
                "contact": one.contact,
                "agent": one.agent,
            }
            for one in self.registrations()
        ]
        browsers = [{"address": address, "kind": "browser"} for address in self.browsers.addresses()]
        waiting = [{"address": phone.number, "kind": "terminal"} for phone in self.switchboard.phones if phone.may_ring]
        return [*sip, *browsers, *waiting]


@asynccontextmanager
async def wired(plan: Plan) -> AsyncIterator[Wiring]:
    """An exchange ready to take calls; at the end everything that was opened is closed."""
    async with AsyncExitStack() as stack:
        webhooks = await stack.enter_async_context(open_webhooks(plan.account.auth_token, new_token))
        courier = Courier(webhooks)
        stack.push_async_callback(courier.finish)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        speaking = stack.enter_context(ThreadPoolExecutor(2, "voice"))
        hearing = stack.enter_context(ThreadPoolExecutor(os.cpu_count(), "ears"))
        loop = asyncio.get_running_loop()
        voices = await loop.run_in_executor(speaking, plan.open_voices)
        listeners = await loop.run_in_executor(hearing, plan.open_listeners)
        equipment = _equipment(plan, Narrator(voices, speaking, session), Ears(listeners, hearing))
        yield _put_together(plan, equipment, courier, StreamSockets(session, plan.account.auth_token, new_sid))


def _equipment(plan: Plan, sounds: Narrator, ears: Ears) -> Equipment:
    clock, tones = Clock(), InbandDetector(_press)
    clock.every(tones)
    open_wire = partial(open_webhooks, plan.account.auth_token, new_token)
    return Equipment(clock, sounds, ears, tones, Transcripts(plan.redact), open_wire)


def _put_together(plan: Plan, equipment: Equipment, courier: Courier, streams: StreamSockets) -> Wiring:
    loop, debugger = asyncio.get_running_loop(), Debugger(now, plan.redact)
    clock, transcripts = equipment.clock, equipment.transcripts
    shelf = RecordingShelf(new_sid, lambda: wiring.base_url)
    switchboard = Switchboard(
        plan.account.sid,
        new_sid,
        now,
        courier.send,
        loop.call_later,
        plan.redact,
        shelf,
        plan.numbers,
        partial(room_sound, clock),
    )
    browsers = BrowserStations(new_sid)
    stations = Stations(browsers)
    surroundings = Surroundings(
        queues=switchboard.queues,
        conferences=switchboard.conferences,
        debugger=debugger,
        tell=courier.send,
        dialler=LocalDialler(switchboard, stations, equipment),
        new_bridge=partial(MixingBridge, clock),
        reception=Reception(lambda name: switchboard.queues.get(name) is not None),
        recordings=shelf,
        streams=streams,
    )
    carrying = Carrying(switchboard, stations, equipment, surroundings)
    switchboard.carried = carrying
    wiring = Wiring(plan, clock, switchboard, stations, browsers, carrying, debugger, transcripts)
    return wiring


def _press(leg: Ticking, key: str) -> None:
    assert isinstance(leg, SoundLeg), "only legs are watched for tones"
    leg.press(key)
