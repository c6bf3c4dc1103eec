"""Whatever arrives at a port, nothing raises, nothing is logged for each packet, and the phone is still heard."""

import asyncio
import socket
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FIRST_BYTES = st.sampled_from([0x80, 0x81, 0x90, 0xA0, 0xB0, 0x8F, 0xBF, 0x40, 0x00]) | st.integers(0, 255)
PAYLOAD_TYPES = st.sampled_from([0, 8, 13, 101, 0x80 | 101, 200, 201, 202, 203, 205, 206]) | st.integers(0, 255)
STUN = b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12)

packets = st.builds(
    lambda first, second, sequence, rest: bytes([first, second]) + struct.pack("!H", sequence) + rest,
    FIRST_BYTES,
    PAYLOAD_TYPES,
    st.integers(0, 8) | st.integers(0, 65535),
    st.binary(max_size=80),
)
SOUND = b"\x5a" * 160

datagrams = st.lists(packets | st.binary(max_size=40) | st.just(STUN), max_size=30)


async def after(line, wait_until, sent, port_of):
    """What went wrong at a port that gets all this, and then a frame of sound, which is heard."""
    errors = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    async with line() as (port, phone):
        for datagram in sent:
            phone.transport.sendto(datagram, ("127.0.0.1", port_of(port)))
        phone.say(1, payload=SOUND, ssrc=77)
        await wait_until(lambda: port.take() == SOUND)
    return errors


@settings(max_examples=60)
@given(datagrams)
def test_malformed_packets_harm_nobody(line, wait_until, sent):
    assert asyncio.run(after(line, wait_until, sent, lambda port: port.local_port)) == []


@settings(max_examples=60)
@given(datagrams)
def test_malformed_reports_harm_nobody(line, wait_until, sent):
    assert asyncio.run(after(line, wait_until, sent, lambda port: port.local_port + 1)) == []


@pytest.mark.parametrize(
    "datagram", [b"", b"\x80", b"\x80\xc8", b"\x80\x65" + bytes(10), b"\x80\x65" + bytes(11) + b"\x01", b"\xff" * 1400]
)
def test_a_hundred_of_them_leave_no_line_in_the_log(line, wait_until, caplog, datagram):
    assert asyncio.run(after(line, wait_until, [datagram] * 100, lambda port: port.local_port)) == []
    assert caplog.records == []


def test_reports_are_sent_from_the_next_port_and_say_what_was_lost(line, wait_until):
    """RFC 3550, section 6.4: what the phone sent and did not arrive is reported to it."""

    async def call():
        async with line() as (port, phone):
            with socket.socket(type=socket.SOCK_DGRAM) as rtcp:
                rtcp.bind(("127.0.0.1", phone.port + 1))
                rtcp.settimeout(5)
                for number in (0, 1, 3, 5):
                    phone.say(number)
                await wait_until(lambda: port.figures.received_frames == 4)
                port._session._send_rtcp_report()
                data, (_, source_port) = await asyncio.get_running_loop().run_in_executor(None, rtcp.recvfrom, 1500)
                assert source_port == port.local_port + 1
                assert data[1] == 201
                assert int.from_bytes(data[13:16]) == 2

    asyncio.run(call())
