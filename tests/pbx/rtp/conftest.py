"""A phone at the other end of a socket: RTP packets as one writes them by hand, and those it gets."""

import asyncio
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from pbx.audio.frame import FRAME_BYTES
from pbx.rtp.ports import MediaPorts

HOST = "127.0.0.1"
PORTS = (42000, 42999)
PATIENCE_SECONDS = 5


def frame(number):
    """20 ms of sound that can be told from others."""
    return bytes([number % 256]) * FRAME_BYTES


@dataclass(frozen=True)
class Packet:
    """What a phone got."""

    payload_type: int
    marked: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


class Phone(asyncio.DatagramProtocol):
    """Sends whatever it is told to, and keeps what comes."""

    def __init__(self, at):
        self.at, self.received = at, []

    def connection_made(self, transport):
        self.transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data, address):
        first, second, *rest = struct.unpack_from("!BBHII", data)
        if first == 0x80 and not 192 <= second <= 208:
            self.received.append(Packet(second & 0x7F, bool(second & 0x80), *rest, data[12:]))

    def send(self, data):
        self.transport.sendto(data, (HOST, self.at))

    def say(self, number, payload=None, *, payload_type=0, ssrc=7, marked=False, first=0):
        """The frame of this number, 20 ms after the one before it."""
        self.packet(number, (first + number * FRAME_BYTES) % (1 << 32), payload or frame(number), payload_type, ssrc, marked)

    def packet(self, sequence, timestamp, payload, payload_type=0, ssrc=7, marked=False):
        self.send(rtp(sequence, timestamp, payload, payload_type, ssrc, marked))


def rtp(sequence, timestamp, payload, payload_type=0, ssrc=7, marked=False):
    return struct.pack("!BBHII", 0x80, marked << 7 | payload_type, sequence % 65536, timestamp, ssrc) + payload


async def until(condition):
    """Wait for what is on its way."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.001)


async def phone_at(port, host=HOST):
    _, phone = await asyncio.get_running_loop().create_datagram_endpoint(lambda: Phone(port), local_addr=(host, 0))
    return phone


@asynccontextmanager
async def connected(codec="PCMU", payload_type=0, event_payload_type=101):
    """A port and the phone it is connected to."""
    port = await MediaPorts(*PORTS, HOST).open()
    phone = await phone_at(port.local_port)
    port.connect((HOST, phone.port), codec, payload_type, event_payload_type)
    try:
        yield port, phone
    finally:
        phone.transport.close()
        await port.close()


@pytest.fixture(scope="session")
def host():
    return HOST


@pytest.fixture(scope="session")
def line():
    """A port and the phone it is connected to; see `connected`."""
    return connected


@pytest.fixture(scope="session")
def another_phone():
    """One more phone; see `phone_at`."""
    return phone_at


@pytest.fixture(scope="session")
def wait_until():
    """Wait for what is on its way; see `until`."""
    return until
