"""Another phone's opinion: sipp calls, holds, gives up, registers and is rung, over UDP and TCP."""

import asyncio
import socket
from pathlib import Path
from time import monotonic

import pytest

from pbx.audio.port import Unanswered

SCENARIOS = Path(__file__).parent / "scenarios"
HOST = "127.0.0.1"


@pytest.fixture
def dial(sipp, tmp_path):
    """Run a scenario of sipp's against the exchange; what it says of the calls that failed, or nothing."""

    async def run(centre, scenario, *options, calls=1, service="activate", transport="u1"):
        process = await asyncio.create_subprocess_exec(
            sipp, f"{HOST}:{centre.sip.port}", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", HOST, "-s", service,
            "-t", transport, "-m", str(calls), "-timeout", "20s", "-timeout_error", "-trace_err",
            "-error_file", str(tmp_path / "errors"), "-nostdin", *options,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, cwd=tmp_path,
        )  # fmt: skip
        code = await asyncio.wait_for(process.wait(), 30)
        errors = tmp_path / "errors"
        return "" if code == 0 else f"sipp ended with {code}: {errors.read_text() if errors.exists() else ''}"

    return run


def answering(centre):
    """From now on every call is answered; what the legs heard of it is in the list."""
    holdings, tasks = [], []

    def answer(call):
        holdings.append(centre.hold(call))
        tasks.append(asyncio.ensure_future(call.answer()))

    centre.on_call = answer
    return holdings


@pytest.mark.parametrize("transport", ["u1", "t1"])
def test_sipp_holds_comes_back_presses_keys_and_hangs_up(calling, dial, transport):
    async def scenario(centre, _phone):
        holdings = answering(centre)
        assert await dial(centre, "hold_and_keys", transport=transport) == ""
        assert [(holding.keys, holding.hang_ups) for holding in holdings] == [("42", 1)]

    calling(scenario)


def test_sipp_calls_without_an_offer(calling, dial):
    async def scenario(centre, _phone):
        holdings = answering(centre)
        assert await dial(centre, "delayed_offer", calls=3) == ""
        assert [holding.hang_ups for holding in holdings] == [1, 1, 1]

    calling(scenario)


def test_sipp_gives_up(calling, dial):
    async def scenario(centre, _phone):
        legs = []
        centre.on_call = lambda call: legs.append(centre.hold(call))
        assert await dial(centre, "cancel", calls=3) == ""
        assert [leg.hang_ups for leg in legs] == [1, 1, 1]

    calling(scenario)


def test_sipp_is_told_that_the_line_is_busy(calling, dial):
    async def scenario(centre, _phone):
        centre.on_call = lambda call: call.reject("busy")
        assert await dial(centre, "busy", calls=3) == ""

    calling(scenario)


def test_sipp_gets_through_a_network_that_loses_messages(calling, dial):
    async def scenario(centre, _phone):
        holdings = answering(centre)
        assert await dial(centre, "lossy", "-r", "20", calls=10) == ""
        assert len(holdings) == 10

    calling(scenario)


def test_sipp_registers_with_its_password_and_not_without(calling, dial):
    async def scenario(centre, _phone):
        assert await dial(centre, "register_wrong", "-au", "amira", "-ap", "wrong", service="amira") == ""
        assert centre.sip.station("amira") is None
        assert await dial(centre, "register", "-au", "amira", "-ap", "open sesame", service="amira") == ""
        assert centre.sip.station("amira") is not None

    calling(scenario)


@pytest.mark.parametrize("transport", ["u1", "t1"])
def test_sipp_is_rung_asks_who_calls_and_is_hung_up(calling, dial, transport):
    async def scenario(centre, _phone):
        port = free_port(transport)
        answered = asyncio.create_task(dial(centre, "answer", "-p", str(port), transport=transport))
        suffix = ";transport=tcp" if transport == "t1" else ""
        connection = Unanswered("failed")
        async with asyncio.timeout(10):
            await listening(port, transport, answered)
            connection = (
                await centre.sip.station_at(f"sip:bob@{HOST}:{port}{suffix}", "centre", "secret")
                .ring("+1555", "", "")
                .answered()
            )
        assert not isinstance(connection, Unanswered)
        connection.hang_up()
        assert await answered == ""

    calling(scenario)


def free_port(transport):
    """A port of that transport: where UDP's is free, TCP's may be a client's that has just gone."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if transport == "t1" else socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


async def listening(port, transport, answered):
    """Until sipp listens on that port; the system's own tables say so."""
    table, mark = ("tcp", f":{port:04X} 00000000:0000 0A") if transport == "t1" else ("udp", f":{port:04X} ")
    while mark not in Path(f"/proc/net/{table}").read_text():
        assert not answered.done(), answered.result()
        await asyncio.sleep(0.02)


def test_fifty_calls_at_once_are_all_set_up_and_all_their_ports_come_back(calling, dial):
    async def scenario(centre, _phone):
        holdings = answering(centre)
        assert await dial(centre, "setup", "-r", "50", calls=50) == ""
        assert sum(holding.hang_ups for holding in holdings) == 50

    calling(scenario, ports=60)


def test_more_calls_than_can_be_taken_are_told_at_once_to_come_again_and_those_taken_are_served(
    calling, dial, tmp_path, serves
):
    async def scenario(centre, _phone):
        holdings = answering(centre)
        take = centre.on_call
        centre.on_call = lambda call: (work_for(0.01), take(call))
        asking_once = ("-r", "600", "-l", "150", "-nr", "-recv_timeout", "8000", "-trace_logs", "-log_file", "log")
        assert await dial(centre, "overload", *asking_once, calls=600) == "", (
            "everybody is answered, and nobody has to ask again"
        )
        turned_away = (tmp_path / "log").read_text().count("come again in 5")
        assert turned_away > 50
        assert [holding.hang_ups for holding in holdings] == [1] * (600 - turned_away)
        centre.on_call = centre.calls.put_nowait
        await serves(centre)

    calling(scenario, ports=150)


def work_for(seconds):
    """What a call costs a slow machine, during which it does nothing else."""
    done = monotonic() + seconds
    while monotonic() < done:
        pass
