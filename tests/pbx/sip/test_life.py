"""The exchange's own beginning and end, and its other transport."""

import asyncio
import re
import socket
import threading

import pytest

from pbx.sip.sockets import free_port

HOST = "127.0.0.1"


def test_it_starts_and_stops_many_times_in_one_process_and_leaves_nothing(exchange_running, serves):
    async def once():
        async with exchange_running() as centre:
            await serves(centre)

    async def many():
        await once()
        threads = threading.active_count()
        handles = _handles()
        for _ in range(10):
            await once()
        assert threading.active_count() == threads
        assert _handles() == handles

    asyncio.run(many())
    asyncio.run(once())


def test_two_exchanges_live_in_one_process(exchange_running, serves):
    async def scenario():
        async with exchange_running() as one:
            async with exchange_running() as other:
                assert one.sip.port != other.sip.port
                await serves(one)
                await serves(other)
            await serves(one)

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_port_in_use_is_a_sentence(exchange_running, kind):
    async def scenario():
        async with exchange_running() as centre:
            with socket.socket(socket.AF_INET, kind) as taken:
                taken.bind((HOST, 0))
                if kind is socket.SOCK_STREAM:
                    taken.listen()
                port = taken.getsockname()[1]
                await centre.sip.close()
                with pytest.raises(
                    OSError, match=f"SIP port {port} of 127.0.0.1 is in use: stop what uses it .*, or choose another"
                ):
                    await centre.sip.start(HOST, port)
            await centre.sip.start(HOST, 0)

    asyncio.run(scenario())


def test_a_free_port_is_the_one_asked_for_and_0_finds_one():
    port = free_port(HOST, 0)
    assert port > 1023
    assert free_port(HOST, port) == port


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_port_that_is_taken_either_way_is_not_free(kind):
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind((HOST, 0))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"port {port} .*--sip-port, 0 for any\.$"):
            free_port(HOST, port)


def test_closing_says_goodbye_to_the_phone_and_tells_the_leg(exchange_running, another_phone):
    async def scenario():
        async with exchange_running() as centre, another_phone(centre) as phone:
            _, _, holding = await centre.answered(phone)
            closing = asyncio.create_task(centre.sip.close())
            goodbye = await phone.receive()
            assert goodbye.method == "BYE"
            phone.send(_ok(goodbye.text))
            await closing
            assert holding.hang_ups == 1
            await centre.sip.start(HOST, 0)

    asyncio.run(scenario())


def test_a_phone_over_tcp_calls_talks_and_hangs_up(exchange_running, another_phone):
    async def scenario():
        async with exchange_running() as centre, another_phone(centre) as lines:
            phone = await _connected(centre)
            await phone.send(_tcp(lines.request("INVITE", body=_OFFER)))
            call, holding = await centre.next_call()
            await call.answer()
            answer = await phone.final()
            assert f"m=audio {call.port.local_port}" in answer
            assert ";transport=tcp" in answer
            lines.to = re.search(r"^To: (.*)\r$", answer, re.MULTILINE)[1]
            await phone.send(_tcp(lines.request("ACK")))
            call.hang_up()
            assert (await phone.receive()).startswith("BYE")
            assert holding.hang_ups == 0
            phone.close()

    asyncio.run(scenario())


def test_messages_are_cut_out_of_a_stream_wherever_it_breaks_and_empty_lines_answered(exchange_running, another_phone):
    async def scenario():
        async with exchange_running() as centre, another_phone(centre) as lines:
            phone = await _connected(centre)
            await phone.send("\r\n\r\n")
            assert await phone.reader.readexactly(2) == b"\r\n"
            together = "".join(_tcp(lines.request("OPTIONS")) for _ in range(3))
            for piece in (together[:100], together[100:101], together[101:]):
                await phone.send(piece)
                await asyncio.sleep(0)
            assert [(await phone.final()).split()[1] for _ in range(3)] == ["200"] * 3
            phone.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "garbage",
    [
        b"x" * 100_000,
        b"INVITE sip:a@b SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
        b"\xff\xfe\r\n\r\n",
        b"OPTIONS sip:a@b SIP/2.0\r\nl: 40\r\n\r\nshort",
    ],
)
def test_garbage_on_a_connection_ends_that_connection_at_most(exchange_running, serves, garbage):
    async def scenario():
        async with exchange_running() as centre:
            phone = await _connected(centre)
            phone.writer.write(garbage)
            phone.close()
            await serves(centre)

    asyncio.run(scenario())


_OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"


class _Phone:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def send(self, text):
        self.writer.write(text.encode())
        await self.writer.drain()

    async def receive(self):
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        return (head + await self.reader.readexactly(length)).decode()

    async def final(self):
        while (message := await self.receive()).split()[1].startswith("1"):
            pass
        return message

    def close(self):
        self.writer.close()


async def _connected(centre):
    return _Phone(*await asyncio.open_connection(HOST, centre.sip.port))


def _tcp(text):
    return text.replace("SIP/2.0/UDP", "SIP/2.0/TCP")


def _ok(request):
    kept = [line for line in request.split("\r\n") if line.startswith(("Via", "From", "To", "Call-ID", "CSeq"))]
    return "\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""])


def _handles():
    return sum(not handle.cancelled() for handle in asyncio.get_running_loop()._scheduled)


def test_an_exchange_that_listens_everywhere_names_the_address_that_its_phone_sees(exchange_running, another_phone):
    async def scenario():
        async with exchange_running() as centre:
            await centre.sip.close()
            await centre.sip.start("0.0.0.0", 0)
            async with another_phone(centre) as phone:
                answer, _, _ = await centre.answered(phone)
                assert "c=IN IP4 127.0.0.1" in answer.body
                assert f"@127.0.0.1:{centre.sip.port}" in answer.header("Contact")
                assert "0.0.0.0" not in answer.text

    asyncio.run(scenario())


def test_closing_gives_up_what_rings_and_who_waits_for_it_is_told(exchange_running, another_phone, register):
    async def scenario():
        async with exchange_running() as centre, another_phone(centre) as phone:
            await register(phone, "amira")
            stations = [centre.sip.station("amira"), centre.sip.station_at(f"sip:bob@127.0.0.1:{phone.port}")]
            waiting = [asyncio.create_task(station.ring("+1555", "", "").answered()) for station in stations]
            await phone.receive()
            await centre.sip.close()
            assert [(await outcome).status for outcome in waiting] == ["canceled", "canceled"]
            await centre.sip.start(HOST, 0)

    asyncio.run(scenario())
