"""What is done with the exchange under measure: many phones talk at once, call and hang up, key and listen. One clock for all."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

import psutil
from bare_phone import BareCall, BarePhones, Refused
from bare_rtp import FRAME_SECONDS, BareSound
from exchange_parts import KEYS_A_TURN, TONE_SECONDS

SETTLING_SECONDS = 1.0
KEY_EVERY_SECONDS = 2.0
AT_ONCE = 20
"""Calls that are set up at the same time when many are to be there."""
PATIENCE_SECONDS = 5.0
TURNED_AWAY = 503
CLICK = bytes(160)
"""160 times the loudest sample there is."""
MARK_SECONDS = 0.4
"""From one sound to the next where the way of a sound is measured."""


@dataclass(frozen=True, slots=True)
class Talked:
    """So many two-way calls for some seconds. `lateness_ms`: by how much the time between two frames to a phone is not 20 ms."""

    calls: int
    lateness_ms: tuple[float, ...]
    processor_seconds: float
    wall_seconds: float
    lost_share: float
    resident_bytes: int

    @property
    def p99_ms(self) -> float:
        return percentile(self.lateness_ms, 99)

    @property
    def core_share(self) -> float:
        """Of one core, by all calls together."""
        return self.processor_seconds / self.wall_seconds


@dataclass(frozen=True, slots=True)
class SetUp:
    """Calls made and ended at a steady rate. `retransmissions` are of either side; who is turned away has been told at once."""

    asked_a_second: float
    calls: int
    turned_away: int
    failed: int
    retransmissions: int
    wall_seconds: float
    p99_ms: float

    @property
    def is_clean(self) -> bool:
        """Whether everybody was served, and nobody had to ask twice."""
        return not (self.turned_away or self.failed or self.retransmissions)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many in a hundred do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else float("nan")


async def gather_calls(phones: BarePhones, name: str, count: int) -> list[BareCall]:
    """So many calls that stay, set up a few at a time. Raises Refused, TimeoutError."""
    few = asyncio.Semaphore(AT_ONCE)

    async def one() -> BareCall:
        async with few:
            return await phones.call(name)

    return list(await asyncio.gather(*(one() for _ in range(count))))


async def talk(calls: Sequence[BareCall], process: psutil.Process, seconds: float) -> Talked:
    """Lets all calls hear and be heard, a key now and then."""
    keying = asyncio.create_task(_key_now_and_then(calls))
    talked = await listen_in([call.sound for call in calls], process, seconds)
    keying.cancel()
    return talked


async def listen_in(sounds: Sequence[BareSound], process: psutil.Process, seconds: float) -> Talked:
    """What comes to these phones in so many seconds, and what it costs the process that sends it."""
    await asyncio.sleep(SETTLING_SECONDS)
    for sound in sounds:
        sound.heard.arrivals.clear()
    cost, began = _processor_seconds(process), time.perf_counter()
    await asyncio.sleep(seconds)
    cost, took = _processor_seconds(process) - cost, time.perf_counter() - began
    arrivals = [tuple(sound.heard.arrivals) for sound in sounds]
    lateness = tuple(abs(later - earlier - FRAME_SECONDS) * 1000 for came in arrivals for earlier, later in pairwise(came))
    due = len(sounds) * took / FRAME_SECONDS
    lost = max(0.0, 1 - sum(map(len, arrivals)) / due)
    return Talked(len(sounds), lateness, cost, took, lost, process.memory_info().rss)


async def set_up(phones: BarePhones, rate: float, seconds: float, at_most: int) -> SetUp:
    """Calls begun at a steady rate, each ended as soon as it is answered."""
    count = min(at_most, round(rate * seconds))
    before, began, clock = phones.retransmissions + phones.repeated, time.perf_counter(), asyncio.get_running_loop()
    start, calls = clock.time(), []
    for number in range(count):
        await asyncio.sleep(max(0.0, start + number / rate - clock.time()))
        calls.append(asyncio.create_task(_call_and_hang_up(phones)))
    came_out = await asyncio.gather(*calls)
    wall = time.perf_counter() - began
    again = phones.retransmissions + phones.repeated - before
    took = [seconds for seconds in came_out if isinstance(seconds, float)]
    turned_away = came_out.count(TURNED_AWAY)
    return SetUp(rate, len(took), turned_away, count - len(took) - turned_away, again, wall, percentile(took, 99) * 1000)


async def answers(calls: Sequence[BareCall], rounds: int) -> list[float]:
    """Milliseconds from a key's first packet to the first sound of the answer, while all the calls are there."""
    waited: list[float] = []
    for _ in range(rounds):
        await asyncio.gather(*(_one_answer(call, waited) for call in calls))
    return waited


async def mouth_to_ear(speaker: BareCall, listener: BareCall, rounds: int) -> list[float]:
    """Milliseconds that a sound takes from one phone of a bridge to the other."""
    took = []
    for _ in range(rounds):
        await asyncio.sleep(MARK_SECONDS + random.random() * FRAME_SECONDS)
        heard = len(listener.sound.heard.frames)
        speaker.say(CLICK)
        while speaker.sound.is_busy:
            await asyncio.sleep(FRAME_SECONDS / 10)
        said = speaker.sound.last_saying_at
        took.append((await _first_loud(listener.sound, heard) - said) * 1000)
    return took


async def _one_answer(call: BareCall, waited: list[float]) -> None:
    """Keys once the line is silent, at a moment of its own."""
    await asyncio.sleep(TONE_SECONDS + 0.3 + random.random())
    heard = len(call.sound.heard.frames)
    call.press("5")
    came = await _first_loud(call.sound, heard)
    waited.append((came - call.sound.last_key_at) * 1000)


async def _first_loud(sound: BareSound, after: int) -> float:
    """When the first frame that is not silence came, counted from that frame on. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            frames = sound.heard.frames
            for number in range(after, len(frames)):
                if _is_loud(frames[number][1]):
                    return sound.heard.arrivals[number]
            after = len(frames)
            await asyncio.sleep(FRAME_SECONDS / 4)


def _is_loud(frame: bytes) -> bool:
    """Whether any sample is well above silence: in mu-law the low seven bits fall as loudness grows."""
    return min(byte & 0x7F for byte in frame) < 0x40


async def _key_now_and_then(calls: Sequence[BareCall]) -> None:
    """Each call keys a whole turn every few seconds, evenly spread."""
    while True:
        for call in calls:
            call.press("123"[:KEYS_A_TURN])
            await asyncio.sleep(KEYS_A_TURN * KEY_EVERY_SECONDS / len(calls))


async def _call_and_hang_up(phones: BarePhones) -> float | int | None:
    """Seconds to the answer; or the status of the refusal; None when there was no answer in time."""
    began = time.perf_counter()
    try:
        call = await phones.call("answer", within_seconds=PATIENCE_SECONDS)
        took = time.perf_counter() - began
        await call.hang_up()
    except Refused as refused:
        return refused.answer.status
    except TimeoutError:
        return None
    return took


def _processor_seconds(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])
