"""What the proxy tool takes for 10,000 computers: its commands as people run them, a real centre behind HTTP, one file a computer.

The floor, in the same run: as many claims decided by the desk in one process, in transactions as large as the service's, with
nothing collected, sent, kept or typed in.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from random import Random

import click
from goals import goal
from instance import new_house
from rich.console import Console
from rich.progress import track
from rich.table import Table
from servers import Server, serving

from activation.catalogue import Channel
from activation.claims import Claim, Door, Granted
from activation.desk import Desk
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from callcenter.floor.keys import FloorKey
from callcenter.service.activation.batch import PART_ROWS
from data.store import Transaction
from house.instance import House
from workstation.computer.hardware import choose_parts
from workstation.computer.machine import Machine, installation_id
from workstation.computer.media import Media, fetch_media
from workstation.keeping.files import MachineFolder

GOAL_SECONDS = 60.0
STEPS = (("collect", "--all"), ("send",), ("apply",))
PRODUCT = "windows-7-professional"
TOOLS_KEY, FLOORS_KEY = 80_001, 80_002


@dataclass(frozen=True, slots=True)
class Taken:
    """How long something took, and what it used of the processor, the centre's web server included."""

    seconds: float
    processor_seconds: float

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.seconds + other.seconds, self.processor_seconds + other.processor_seconds)


@dataclass(frozen=True, slots=True)
class Bench:
    """A centre, its folder of computers, and how many there are to be."""

    house: House
    url: str
    computers: int

    def install(self, serial: int) -> Iterator[Machine]:
        """So many different computers with a new volume key, just large enough for them."""
        product = self.house.catalogue.product_named(PRODUCT)
        assert product, f"the catalogue has no {PRODUCT}"
        key, today = ProductKey(self.house.secrets.epoch, product.code, serial), datetime.now(UTC)
        record = KeyRecord(serial, product.code, Channel.MAK, allowed=self.computers, used=0)
        self.house.store.transaction(lambda tx: tx.keys.add_missing([FloorKey(key, record, today)], self.house.secrets))
        text = write_key(key, self.house.secrets)
        media = fetch_media(self.url, text)
        assert isinstance(media, Media), media
        for number in range(self.computers):
            yield Machine(f"pc-{number:05}", media, choose_parts(Random(number)), today, key=text)

    def run_tool(self, step: Sequence[str], server: Server) -> Taken:
        """One of the tool's commands, a process of its own."""
        before, begun = _children_seconds() + server.processor_seconds(), time.perf_counter()
        subprocess.run([sys.executable, "-P", "-m", "app", "proxy", *step], check=True, stdout=subprocess.DEVNULL)
        return Taken(time.perf_counter() - begun, _children_seconds() + server.processor_seconds() - before)

    def run_desk(self, ids: Sequence[str]) -> Taken:
        """The desk alone, for these claims."""
        desk, seats = Desk(self.house.catalogue, self.house.secrets, new_id=(f"seat-{number}" for number in ids).__next__), 0

        def decide(tx: Transaction, some: Sequence[str]) -> int:
            now = datetime.now(UTC)
            return sum(isinstance(desk.decide(Claim(one, Door.WEB), tx.ledger, now), Granted) for one in some)

        begun, before = time.perf_counter(), time.process_time()
        for start in range(0, len(ids), PART_ROWS):
            seats += self.house.store.transaction(partial(decide, some=ids[start : start + PART_ROWS]))
        assert seats == len(ids), f"the desk granted {seats} of {len(ids)}"
        return Taken(time.perf_counter() - begun, time.process_time() - before)

    def counts(self) -> dict[str, int]:
        """What was counted at the centre, and how many computers are activated."""
        record = self.house.find_key(TOOLS_KEY)
        assert record
        machines = MachineFolder(self.house.home).read_all()
        return {
            "counted by the centre": record.used,
            "computers activated": sum(isinstance(one, Machine) and one.activation is not None for one in machines),
        }


@click.command()
@click.option("--computers", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
def main(computers: int, database: str) -> None:
    """Measure the proxy tool; some minutes, most of them for setting the computers up."""
    with ExitStack() as stack:
        house = stack.enter_context(new_house(database))
        server = stack.enter_context(serving((), "-P", "-m", "app", "web", "--port", "{port}"))
        house.instance.web_address.note(f"http://127.0.0.1:{server.port}")
        bench = Bench(house, f"http://127.0.0.1:{server.port}", computers)
        folder = MachineFolder(house.home)
        for machine in track(bench.install(TOOLS_KEY), "Setting up", total=computers):
            folder.write(machine)
        taken = {step[0]: bench.run_tool(step, server) for step in STEPS}
        floor = bench.run_desk(["".join(installation_id(machine)) for machine in bench.install(FLOORS_KEY)])
        report(computers, taken, floor, bench.counts())


def report(computers: int, taken: dict[str, Taken], floor: Taken, counts: dict[str, int]) -> None:
    """The table, the counts, and whether the goal is met."""
    total = sum(taken.values(), Taken(0, 0))
    table = Table(
        "", "Seconds", "of the processor", "Computers a second", title=f"{computers:,} computers", title_justify="left"
    )
    for name, one in {**taken, "all three": total, "floor: the desk alone": floor}.items():
        table.add_row(name, f"{one.seconds:.1f}", f"{one.processor_seconds:.1f}", f"{computers / one.seconds:,.0f}")
    console = Console(highlight=False)
    console.print(table)
    for name, number in counts.items():
        console.print(f"{name}: {number:,}, {'exact' if number == computers else f'WRONG: {computers:,} would be right'}")
    console.print(f"{total.seconds / floor.seconds:.1f} times the floor")
    console.print(goal("collected, sent and applied", total.seconds, GOAL_SECONDS, " s"))


def _children_seconds() -> float:
    """Of the processor, by the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
