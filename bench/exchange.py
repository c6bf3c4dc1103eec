"""What the exchange carries: two-way calls on one core, calls set up, the wait for an answer, memory, and the floor beside it.

The exchange runs in a process of its own, on one core; the phones, which know nothing of its code, in another.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

import click
import psutil
from bare_phone import BarePhones
from exchange_load import (
    SetUp,
    Talked,
    answers,
    gather_calls,
    listen_in,
    mouth_to_ear,
    percentile,
    set_up,
    talk,
)
from exchange_parts import started
from goals import goal
from rich.console import Console
from rich.table import Table

STEPS = (50, 100, 200, 300, 400, 500)
SPEECH_STEPS = (5, 10, 20, 40)
RATES = (50, 100, 150, 200, 300)
GOAL_CALLS, GOAL_RATE, MOST_LATENESS_MS, GOAL_ANSWER_MS = 300, 200, 10.0, 150.0
ANSWERING_CALLS, ANSWERS_EACH, MARKS = 50, 5, 30
EXCHANGE_CORE = 0
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """An exchange under measure."""

    process: psutil.Process
    address: tuple[str, int]

    @asynccontextmanager
    async def phones(self, keeps_sound: bool = True) -> AsyncIterator[BarePhones]:
        async with BarePhones(self.address, keeps_sound=keeps_sound) as phones:
            yield phones


@click.command()
@click.option("--seconds", type=click.IntRange(1), default=10, show_default=True, help="How long each number of calls talks.")
@click.option(
    "--calls", type=click.IntRange(1), default=5000, show_default=True, help="Calls after which memory is looked at again."
)
@click.option("--most", type=click.IntRange(1), default=500, show_default=True, help="The most calls at a time.")
def main(seconds: int, calls: int, most: int) -> None:
    """Measure the exchange; some minutes, best on a quiet machine with two cores or more."""
    asyncio.run(measure(Console(highlight=False, width=120), seconds, calls, most))


async def measure(console: Console, seconds: int, calls: int, most: int) -> None:
    """Everything in one run, each measure with an exchange that has done nothing yet."""
    steps = [step for step in STEPS if step <= most] or [most]
    floor = [await measure_floor(count, seconds) for count in steps]
    report_talking(console, "Two-way calls, prompts and keys", await talking("prompt", steps, seconds), floor)
    report_talking(
        console, "The same with the recogniser on", await talking("speech", [s for s in SPEECH_STEPS if s <= most], seconds), ()
    )
    async with an_exchange() as place:
        await report_setting_up(console, place, seconds, calls)
    async with an_exchange() as place:
        await report_answers(console, place)
    async with an_exchange() as place:
        await report_bridge(console, place)


@asynccontextmanager
async def an_exchange() -> AsyncIterator[Place]:
    """An exchange on one core, and the line behind it."""
    async with started("line") as (_, line), started("exchange", line["url"], core=EXCHANGE_CORE) as (pid, ready):
        yield Place(psutil.Process(pid), ("127.0.0.1", ready["sip_port"]))


async def talking(name: str, steps: Sequence[int], seconds: int) -> list[Talked]:
    """More and more calls."""
    talked: list[Talked] = []
    async with an_exchange() as place, place.phones(keeps_sound=False) as phones:
        calls = []
        for count in steps:
            calls += await gather_calls(phones, name, count - len(calls))
            talked.append(await talk(calls, place.process, seconds))
    return talked


async def measure_floor(count: int, seconds: int) -> Talked:
    """The same frames both ways by bare aiortp, on the same core, with the same phones."""
    async with (
        started("floor", str(count), core=EXCHANGE_CORE) as (pid, ready),
        BarePhones(("127.0.0.1", 9), keeps_sound=False) as phones,
    ):
        calls = [phones.begin("floor") for _ in ready["ports"]]
        for call, port in zip(calls, ready["ports"], strict=True):
            call.sound.remote = "127.0.0.1", port
        return await listen_in([call.sound for call in calls], psutil.Process(pid), seconds)


def report_talking(console: Console, title: str, talked: Sequence[Talked], floor: Sequence[Talked]) -> None:
    """One row for each number of calls, the floor's beside it."""
    columns = ("calls", "p50 ms", "p99", "worst", "lost", "core", "a call", "kB a call", "floor p99", "core", "ratio")
    table = Table(*columns, title=f"{title}: |interval - 20 ms|")
    beside = {each.calls: each for each in floor}
    for each in talked:
        table.add_row(*_talking_row(each, talked[0], beside.get(each.calls)))
    console.print(table)
    most = max((each.calls for each in talked if each.p99_ms <= MOST_LATENESS_MS), default=0)
    console.print(
        f"{title}: {most} calls or more with p99 within {MOST_LATENESS_MS:g} ms on one core, goal at least {GOAL_CALLS}."
    )


def _talking_row(each: Talked, first: Talked, floor: Talked | None) -> tuple[str, ...]:
    more = each.calls - first.calls
    memory = f"{(each.resident_bytes - first.resident_bytes) / more / 1024:.0f}" if more else ""
    own = (
        *(str(each.calls), f"{median(each.lateness_ms):.2f}", f"{each.p99_ms:.2f}", f"{max(each.lateness_ms):.1f}"),
        *(f"{each.lost_share:.2%}", f"{each.core_share:.1%}", f"{each.core_share / each.calls:.2%}", memory),
    )
    if floor is None:
        return *own, "", "", ""
    return *own, f"{floor.p99_ms:.2f}", f"{floor.core_share:.1%}", f"{each.core_share / floor.core_share:.1f}"


async def report_setting_up(console: Console, place: Place, seconds: int, calls: int) -> None:
    """Faster and faster; then many calls, and what memory they leave behind."""
    table = Table(
        *("asked a second", "calls", "turned away", "failed", "sent again", "a second", "p99 ms to the answer"),
        title="Calls set up and ended",
    )
    done: list[SetUp] = []
    async with place.phones(keeps_sound=False) as phones:
        for rate in RATES:
            done.append(await set_up(phones, rate, seconds, calls))
            table.add_row(*_setting_up_row(done[-1]))
        console.print(table)
        clean = max((each.asked_a_second for each in done if each.is_clean), default=0)
        console.print(f"Calls set up a second with nothing sent again: {clean:g}, goal at least {GOAL_RATE}.")
        before, made = place.process.memory_info().rss, 0
        while made < calls:
            made += (await set_up(phones, max(clean, RATES[0]) / 2, seconds, calls - made)).calls
            gc.collect()
    grown = (place.process.memory_info().rss - before) / MEGABYTE
    console.print(f"Memory after {made} more calls: {before / MEGABYTE:.1f} MB before, {grown:+.1f} MB.")


def _setting_up_row(each: SetUp) -> tuple[str, ...]:
    reached = each.calls / each.wall_seconds
    return (
        f"{each.asked_a_second:g}",
        *(str(each.calls), str(each.turned_away), str(each.failed), str(each.retransmissions)),
        f"{reached:.0f}",
        f"{each.p99_ms:.0f}",
    )


async def report_answers(console: Console, place: Place) -> None:
    async with place.phones() as phones:
        waited = await answers(await gather_calls(phones, "answer", ANSWERING_CALLS), ANSWERS_EACH)
    console.print(f"From the last key to the first sound, {ANSWERING_CALLS} calls: p50 {median(waited):.0f} ms")
    console.print(goal("the same, p99", percentile(waited, 99), GOAL_ANSWER_MS, " ms"))


async def report_bridge(console: Console, place: Place) -> None:
    async with place.phones() as phones:
        speaker, listener = await gather_calls(phones, "room", 2)
        took = await mouth_to_ear(speaker, listener, MARKS)
    console.print(f"Mouth to ear through a bridge: p50 {median(took):.1f} ms, p99 {percentile(took, 99):.1f} ms")


if __name__ == "__main__":
    main()
