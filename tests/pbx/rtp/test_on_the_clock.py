"""Two ports of the exchange talk to each other over real sockets, in real time, moved by the clock that moves all calls."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import uvloop

from pbx.audio.clock import Clock
from pbx.audio.frame import FRAME_BYTES, SILENCE
from pbx.rtp.ports import MediaPorts

KEYS = "1120#"


class Leg:
    """Says numbered frames; keeps what it hears."""

    def __init__(self, port):
        self.port, self.latest, self.heard, self.said = port, None, [], 0
        self.keys = ""
        port.on_key = self.press

    def press(self, key):
        self.keys += key

    def listen(self):
        self.latest = self.port.take()
        self.heard.append(self.latest)

    def speak(self):
        self.said += 1
        self.port.give(bytes([self.said % 256]) * FRAME_BYTES)

    def drop(self):
        raise AssertionError


@asynccontextmanager
async def call(codec):
    ports, clock = MediaPorts(46000, 46999, "127.0.0.1"), Clock()
    one, other = await ports.open(), await ports.open()
    for port, far in ((one, other), (other, one)):
        port.connect(("127.0.0.1", far.local_port), codec, 0 if codec == "PCMU" else 8, 101)
    legs = Leg(one), Leg(other)
    for leg in legs:
        clock.add(leg)
    clock.start()
    try:
        yield legs
    finally:
        await clock.stop()
        await one.close()
        await other.close()


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_each_hears_what_the_other_says_in_order_and_without_a_hole(loop, wait_until):
    async def talk():
        async with call("PCMU") as (_, other):
            await wait_until(lambda: len(other.heard) >= 30)
            return [frame for frame in other.heard if frame is not None]

    with asyncio.Runner(loop_factory=loop) as runner:
        heard = runner.run(talk())
    assert heard[:20] == [bytes([number]) * FRAME_BYTES for number in range(1, 21)]


def test_keys_sent_by_one_are_pressed_at_the_other_each_once(wait_until):
    async def talk():
        async with call("PCMA") as (one, other):
            assert one.port.send_keys(KEYS)
            await wait_until(lambda: len(other.keys) >= len(KEYS))
            after = len(other.heard)
            await wait_until(lambda: len(other.heard) > after + 12)
            return other.keys, one.port.figures, [frame for frame in other.heard[-3:] if frame != SILENCE]

    keys, figures, sound = asyncio.run(talk())
    assert keys == KEYS
    assert figures.codec == "PCMA"
    assert sound
