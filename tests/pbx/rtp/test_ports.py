import asyncio
import socket
import struct

import pytest
import uvloop

from pbx.audio.companding import alaw_of
from pbx.audio.frame import FRAME_BYTES, SILENCE
from pbx.audio.port import PortFigures
from pbx.rtp.ports import MediaPorts, NoPortsLeft
from pbx.rtp.source import QUIET_TICKS

HELLO = b"\x11" * FRAME_BYTES


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request):
    """Run a coroutine on either event loop."""

    async def settled(coroutine):
        try:
            return await coroutine
        finally:
            await asyncio.sleep(0.01)  # uvloop's close can wait for ever for a socket whose own close has only begun

    def run(coroutine):
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(settled(coroutine))

    return run


def heard(port, ticks=12):
    """What it hears in so many ticks, but for the silence before it."""
    return [frame for frame in (port.take() for _ in range(ticks)) if frame is not None]


async def say(phone, port, wait_until, numbers, **terms):
    before = port.figures.received_frames
    for number in numbers:
        phone.say(number, **terms)
    await wait_until(lambda: port.figures.received_frames == before + len(numbers))


def test_a_phone_is_heard(run, line, wait_until):
    async def call():
        async with line() as (port, phone):
            await say(phone, port, wait_until, range(4))
            assert heard(port)[:4] == [bytes([number]) * FRAME_BYTES for number in range(4)]

    run(call())


def test_a_phone_is_told_frame_by_frame_from_the_port_it_was_offered(run, line, wait_until):
    async def call():
        async with line() as (port, phone):
            for _ in range(3):
                port.take()
                port.give(HELLO)
            await wait_until(lambda: len(phone.received) == 3)
            first, second, third = phone.received
            assert (first.payload, first.payload_type, first.marked) == (HELLO, 0, True)
            assert (second.sequence - first.sequence) % 65536 == (third.sequence - second.sequence) % 65536 == 1
            assert (second.timestamp - first.timestamp) % (1 << 32) == (third.timestamp - second.timestamp) % (1 << 32) == 160
            assert not second.marked
            assert first.ssrc == third.ssrc
            assert port.figures.sent_frames == 3

    run(call())


def test_ticks_in_which_nothing_was_said_are_a_gap_in_time(run, line, wait_until):
    async def call():
        async with line() as (port, phone):
            port.give(HELLO)
            for _ in range(10):
                port.take()
            port.give(HELLO)
            await wait_until(lambda: len(phone.received) == 2)
            first, second = phone.received
            assert (second.timestamp - first.timestamp) % (1 << 32) == 10 * FRAME_BYTES
            assert second.marked

    run(call())


def test_an_a_law_phone_is_heard_and_told_in_mu_law(run, line, wait_until):
    async def call():
        async with line("PCMA", 8) as (port, phone):
            await say(phone, port, wait_until, [0], payload=alaw_of(HELLO), payload_type=8)
            assert heard(port)[0] == HELLO
            port.give(HELLO)
            await wait_until(lambda: phone.received)
            assert (phone.received[0].payload, phone.received[0].payload_type) == (alaw_of(HELLO), 8)
            assert port.figures.codec == "PCMA"

    run(call())


def test_payload_types_may_be_dynamic(run, line, wait_until):
    async def call():
        async with line("PCMA", 108) as (port, phone):
            await say(phone, port, wait_until, [0], payload=alaw_of(HELLO), payload_type=108)
            assert heard(port)[0] == HELLO
            port.give(HELLO)
            await wait_until(lambda: phone.received)
            assert phone.received[0].payload_type == 108

    run(call())


def test_what_is_no_sound_of_the_call_is_not_heard(run, line, wait_until):
    async def call():
        async with line() as (port, phone):
            phone.say(0, payload_type=18)
            phone.say(1, payload=b"\x22" * 4000)
            await say(phone, port, wait_until, [2])
            assert heard(port)[0] == bytes([2]) * FRAME_BYTES

    run(call())


def test_nothing_is_sent_or_heard_before_the_call_is_connected(run, another_phone, wait_until):
    async def call():
        port = await MediaPorts(42000, 42999, "127.0.0.1").open()
        phone = await another_phone(port.local_port)
        witness = await another_phone(port.local_port)
        port.give(HELLO)
        phone.say(0)
        phone.at = witness.port
        phone.say(0)
        await wait_until(lambda: witness.received)
        phone.at = port.local_port
        port.connect(("127.0.0.1", phone.port), "PCMU", 0, None)
        port.give(SILENCE)
        await say(phone, port, wait_until, [1])
        await wait_until(lambda: phone.received)
        assert [packet.payload for packet in phone.received] == [SILENCE]
        assert heard(port)[0] == bytes([1]) * FRAME_BYTES
        phone.transport.close()
        witness.transport.close()
        await port.close()

    run(call())


def test_each_key_is_told_once(run, line, wait_until):
    async def call():
        keys = []
        async with line() as (port, phone):
            port.on_key = keys.append
            for index, code in enumerate([1, 1, 2, 11]):
                for tick in range(1, 9):
                    end, lasts = (0x80, 800) if tick > 5 else (0, tick * 160)
                    event = struct.pack("!BBH", code, end | 10, lasts)
                    phone.packet(index * 8 + tick, 1000 + index * 2000, event, 101, marked=tick == 1)
            await wait_until(lambda: len(keys) == 4)
            await say(phone, port, wait_until, [100])
            assert keys == ["1", "1", "2", "#"]

    run(call())


def test_a_key_of_another_stream_is_another_key_whatever_its_timestamp(run, line, wait_until):
    async def call():
        keys = []
        async with line() as (port, phone):
            port.on_key = keys.append
            for ssrc, timestamp in ((7, 90_000), (8, 89_000)):
                phone.packet(1, timestamp, struct.pack("!BBH", 4, 10, 160), 101, ssrc, marked=True)
            await wait_until(lambda: keys == ["4", "4"])

    run(call())


@pytest.mark.parametrize("payload_type", [13, 101], ids=["comfort noise", "key"])
def test_a_phone_that_says_why_it_is_silent_is_not_concealed(run, line, wait_until, payload_type):
    async def call():
        async with line() as (port, phone):
            for number in range(3):
                phone.say(number)
            phone.packet(3, 3 * FRAME_BYTES, struct.pack("!BBH", 5, 10, 160), payload_type, marked=True)
            await wait_until(lambda: port.figures.received_frames == 3 and port._session.reception.packets_received == 4)
            assert len(heard(port)) == 3

    run(call())


def test_keys_are_sent_paced_in_place_of_sound(run, line, wait_until):
    async def call():
        async with line(event_payload_type=96) as (port, phone):
            assert port.send_keys("1")
            for _ in range(14):
                port.take()
                port.give(HELLO)
            await wait_until(lambda: len(phone.received) == 14)
            events = [packet for packet in phone.received if packet.payload_type == 96]
            sound = [packet for packet in phone.received if packet.payload_type == 0]
            assert [event.marked for event in events] == [True] + [False] * 7
            assert len({event.timestamp for event in events}) == 1
            assert (sound[0].timestamp - events[0].timestamp) % (1 << 32) == 8 * FRAME_BYTES
            assert [struct.unpack("!BBH", event.payload) for event in events[-3:]] == [(1, 0x8A, 800)] * 3

    run(call())


def test_a_phone_that_takes_no_events_is_sent_none(run, line):
    async def call():
        async with line(event_payload_type=None) as (port, _):
            assert not port.send_keys("1")

    run(call())


def test_what_a_phone_sends_on_hold_is_its_music_and_nothing_is_sent_to_it(run, line, wait_until):
    async def call():
        async with line() as (port, phone):
            port.hold("sendonly")
            await say(phone, port, wait_until, range(3))
            assert heard(port) == []
            port.give(HELLO)
            port.hold("sendrecv")
            port.give(SILENCE)
            await wait_until(lambda: phone.received)
            assert [(packet.payload, packet.marked) for packet in phone.received] == [(SILENCE, True)]
            await say(phone, port, wait_until, range(50, 53))
            assert len(heard(port)) >= 3

    run(call())


def test_a_phone_is_followed_to_the_port_it_really_sends_from(run, line, another_phone, wait_until):
    async def call():
        async with line() as (port, phone):
            moved = await another_phone(port.local_port)
            await say(phone, port, wait_until, range(3))
            port.give(HELLO)
            await wait_until(lambda: phone.received)
            await say(moved, port, wait_until, range(3, 6))
            port.give(HELLO)
            await wait_until(lambda: moved.received)
            assert len(phone.received) == 1
            assert heard(port)[:6] == [bytes([number]) * FRAME_BYTES for number in range(6)]
            moved.transport.close()

    run(call())


def test_a_phone_that_offers_the_same_again_is_still_told_where_it_was_found(run, line, another_phone, wait_until):
    async def call():
        async with line() as (port, phone):
            behind_a_translator = await another_phone(port.local_port)
            await say(behind_a_translator, port, wait_until, [0])
            port.connect(("127.0.0.1", phone.port), "PCMU", 0, 101)
            port.give(HELLO)
            await wait_until(lambda: behind_a_translator.received)
            port.connect(("127.0.0.1", phone.port), "PCMU", 0, 101, other_hosts=["127.0.0.9"])
            port.give(HELLO)
            await wait_until(lambda: phone.received)
            behind_a_translator.transport.close()

    run(call())


def test_a_strangers_packets_are_neither_heard_nor_answered(run, line, another_phone, wait_until):
    async def call():
        async with line() as (port, phone):
            stranger = await another_phone(port.local_port, "127.0.0.2")
            for number in range(3):
                stranger.say(number, ssrc=7)
            await say(phone, port, wait_until, [9])
            port.give(HELLO)
            await wait_until(lambda: phone.received)
            assert heard(port)[0] == bytes([9]) * FRAME_BYTES
            assert stranger.received == []
            stranger.transport.close()

    run(call())


def test_a_host_that_the_offer_names_for_its_sound_is_no_stranger(run, line, another_phone, wait_until):
    async def call():
        async with line() as (port, phone):
            port.connect(("127.0.0.1", phone.port), "PCMU", 0, 101, other_hosts=["127.0.0.2"])
            media = await another_phone(port.local_port, "127.0.0.2")
            await say(media, port, wait_until, [1])
            port.give(HELLO)
            await wait_until(lambda: media.received)
            assert phone.received == []
            media.transport.close()

    run(call())


def test_a_second_stream_from_the_same_host_waits_until_the_first_is_silent(run, line, another_phone, wait_until):
    async def call():
        async with line() as (port, phone):
            other = await another_phone(port.local_port)
            await say(phone, port, wait_until, [0])
            other.say(50, ssrc=8)
            await say(phone, port, wait_until, [1])
            assert heard(port)[:2] == [bytes([number]) * FRAME_BYTES for number in range(2)]
            heard(port, QUIET_TICKS)
            await say(other, port, wait_until, [60], ssrc=8)
            assert heard(port)[0] == bytes([60]) * FRAME_BYTES
            other.transport.close()

    run(call())


def test_another_ssrc_begins_anew_and_what_was_lost_before_is_still_counted(run, line, wait_until):
    async def call():
        async with line() as (port, phone):
            await say(phone, port, wait_until, [0, 1, 4, 5])
            await say(phone, port, wait_until, [1000, 1002], ssrc=9, first=-997 * FRAME_BYTES)
            assert port.figures.lost_frames == 3
            assert port.figures.received_frames == 6
            assert heard(port)[0] == bytes([1000 % 256]) * FRAME_BYTES

    run(call())


def test_figures_before_anything_has_come():
    port = asyncio.run(closed_port())
    assert port.figures == PortFigures("PCMU", 0, 0, 0, 0.0)


async def closed_port():
    port = await MediaPorts(42000, 42999, "127.0.0.1").open()
    await port.close()
    return port


@pytest.mark.parametrize("remote", [("phone.example", 4000), ("127.0.0.1", 0), ("127.0.0.1", 65536), ("127.0.0.1", -1)])
def test_names_and_ports_that_are_none_are_refused(remote):
    with pytest.raises(ValueError, match=r"phone\.example|no port"):
        asyncio.run(closed_port()).connect(remote, "PCMU", 0, None)


def free_pair():
    """An even port that is free, and the one after it too."""
    for port in range(43000, 44000, 2):
        with socket.socket(type=socket.SOCK_DGRAM) as rtp, socket.socket(type=socket.SOCK_DGRAM) as rtcp:
            try:
                rtp.bind(("127.0.0.1", port))
                rtcp.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError


def test_ports_are_even_given_back_and_taken_again(run):
    async def calls():
        first = free_pair()
        ports = MediaPorts(first - 1, first + 2, "127.0.0.1")
        for _ in range(5):
            port = await ports.open()
            assert (port.local_port, ports.free) == (first, 0)
            with pytest.raises(NoPortsLeft, match="rtp_ports"):
                await ports.open()
            await port.close()
            await port.close()
            assert ports.free == 1

    run(calls())


def test_the_port_longest_unused_is_taken_first():
    async def calls():
        ports = MediaPorts(44000, 44999, "127.0.0.1")
        first = await ports.open()
        await first.close()
        second = await ports.open()
        await second.close()
        return first.local_port, second.local_port

    first, second = asyncio.run(calls())
    assert second > first


@pytest.mark.parametrize("taken", [0, 1])
def test_ports_of_other_programs_are_passed_over_and_nothing_leaks(run, taken):
    async def call():
        first = free_pair()
        with socket.socket(type=socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", first + taken))
            ports = MediaPorts(first, first + 1, "127.0.0.1")
            with pytest.raises(NoPortsLeft):
                await ports.open()
            assert ports.free == 1
        port = await ports.open()
        assert port.local_port == first
        await port.close()

    run(call())


def test_an_address_that_is_not_this_machines_is_an_error_and_costs_no_port(run):
    async def call():
        ports = MediaPorts(42000, 42999, "203.0.113.77")
        with pytest.raises(OSError, match="assign"):
            await ports.open()
        assert ports.free == 500

    run(call())


def test_a_hundred_calls_leave_nothing_behind(run, another_phone, wait_until):
    async def calls():
        ports = MediaPorts(45000, 45019, "127.0.0.1")
        for _ in range(10):
            opened = [await ports.open() for _ in range(10)]
            for port in opened:
                port.connect(("127.0.0.1", 9), "PCMU", 0, 101)
                port.give(SILENCE)
            for port in opened:
                await port.close()
        await asyncio.sleep(0)
        assert ports.free == 10
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(calls())


def test_goodbye_is_said_by_rtcp_at_the_next_port(run):
    async def call():
        async with asyncio.timeout(5):
            with socket.socket(type=socket.SOCK_DGRAM) as rtcp:
                rtcp.bind(("127.0.0.1", 0))
                rtcp.setblocking(False)
                port = await MediaPorts(42000, 42999, "127.0.0.1").open()
                port.connect(("127.0.0.1", rtcp.getsockname()[1] - 1), "PCMU", 0, 101)
                await port.close()
                data, (_, source_port) = await asyncio.get_running_loop().run_in_executor(None, _received, rtcp)
                assert source_port == port.local_port + 1
                assert data[1] == 203

    run(call())


def _received(rtcp):
    rtcp.settimeout(5)
    return rtcp.recvfrom(1500)
