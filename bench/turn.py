"""What a turn costs: one good group through the real server, against the least that any line must do for it.

The floor (`floor.py`) and the line run side by side in a temporary instance and are measured by turns, so that noise meets
both. Goals: p50 at most 1.5 times the floor's with one client; with eight, p99 at most 3 times its own p50.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import click
import floor as floor_app
from clients import Turn, signed_turn
from rich.console import Console
from rich.table import Table
from servers import Server, postgresql, serving

from activation.installation_id import Installation, write_installation_id
from app import House

MOST_ROUNDS = 12
MOST_SECONDS = 45.0
CALLS_PER_CLIENT = {1: 12, 8: 5}
GROUPS_PER_CALL = 8
"""The ninth completes the ID and brings the desk's decision: a turn of another kind."""
GOAL_OVER_FLOOR = 1.5
GOAL_TAIL = 3.0
WITHHELD_NUMBER = "+266696687"


@dataclass(frozen=True, slots=True)
class Calls:
    """Signed turns of calls to one port, every call new to the server and keying the same installation ID."""

    port: int
    house: House
    groups: tuple[str, ...]

    def new_sid(self) -> str:
        """As random as Twilio's, so that calls lie scattered in the index."""
        return f"CA{uuid4().hex}"

    def opening(self, sid: str) -> list[Turn]:
        """The first webhook, and the choice to activate."""
        return [self._turn(sid, "/voice", {}, "turn=1"), self._turn(sid, "/voice?turn=1", {"Digits": "1"}, "turn=2")]

    def keying(self, sid: str) -> list[Turn]:
        """One turn for every group; each is answered by the question for the next one."""
        numbered = enumerate(self.groups, start=2)
        return [self._turn(sid, f"/voice?turn={turn}", {"Digits": keys}, f"Group {turn}.") for turn, keys in numbered]

    def _turn(self, sid: str, path: str, heard: Mapping[str, str], expected: str) -> Turn:
        standing = {"CallSid": sid, "AccountSid": self.house.account_sid, "From": WITHHELD_NUMBER, "To": self.house.line_number}
        facts = {"CallStatus": "in-progress", "Direction": "inbound", "ApiVersion": "2010-04-01"}
        return signed_turn(self.port, path, {**standing, **facts, **heard}, self.house.auth_token, expected)


@click.command()
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
def main(database: str) -> None:
    """Measure one turn of the line against the floor; takes about a minute."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="activation-center-bench-")))
        url = stack.enter_context(postgresql(folder)) if database == "postgresql" else f"sqlite:///{folder / 'bench.db'}"
        os.environ |= {"ACTIVATION_CENTER_HOME": str(folder / "instance"), "ACTIVATION_CENTER_DATABASE": url}
        subprocess.run([sys.executable, "-P", "-m", "app", "init"], check=True, stdout=subprocess.DEVNULL)
        house = House(folder / "instance", os.environ)
        counts = tuple(CALLS_PER_CLIENT)
        line = stack.enter_context(serving(counts, "-P", "-m", "app", "web", "--port", "{port}"))
        calls = Calls(line.port, house, good_groups(house))
        hints = floor_app.hints_in(answer_to_group(line, calls))
        own = url.replace("bench.db", "floor.db")
        floor = stack.enter_context(serving(counts, floor_app.__file__, "{port}", own, house.auth_token, hints))
        compare_documents(line, floor, calls)
        rounds = measure(line, floor, calls)
        report(line, floor, f"{database}, {rounds} rounds")


def good_groups(house: House) -> tuple[str, ...]:
    """The groups that a computer shows, without the last."""
    epoch = house.secrets.epoch
    header = house.catalogue.header_for(max(house.catalogue.layouts.values(), key=lambda layout: layout.digits), epoch)
    return write_installation_id(Installation(1, 1, 0x5EED), header, house.secrets.installation_key(epoch))[:GROUPS_PER_CALL]


def answer_to_group(server: Server, calls: Calls, *, opened: bool = True) -> str:
    """What the server answers to a call's first group."""
    sid = calls.new_sid()
    before = calls.opening(sid) if opened else []
    server.clients[1].take([[*before, calls.keying(sid)[0]]])
    return server.clients[1].last_answer.decode()


def compare_documents(line: Server, floor: Server, calls: Calls) -> None:
    """The floor must write what the line writes, or the ratio would mean nothing. Raises ClickException."""
    ours = answer_to_group(line, calls)
    theirs = answer_to_group(floor, replace(calls, port=floor.port), opened=False)
    if ours != theirs:
        raise click.ClickException(f"bench/floor.py no longer writes the line's document:\n{ours}\n{theirs}")


def measure(line: Server, floor: Server, calls: Calls) -> int:
    """Rounds of both servers with one client and with eight; returns how many."""
    deadline = time.monotonic() + MOST_SECONDS
    at_floor = replace(calls, port=floor.port)
    for done in range(MOST_ROUNDS):
        if time.monotonic() > deadline:
            return done
        for clients, calls_each in CALLS_PER_CLIENT.items():
            sids = [[calls.new_sid() for _ in range(calls_each)] for _ in range(clients)]
            line.clients[clients].take([[turn for sid in own for turn in calls.opening(sid)] for own in sids])
            floor.measure([[turn for sid in own for turn in at_floor.keying(sid)] for own in sids])
            line.measure([[turn for sid in own for turn in calls.keying(sid)] for own in sids])
    return MOST_ROUNDS


def report(line: Server, floor: Server, title: str) -> None:
    """The table, and whether the goals are met."""
    table = Table("", "clients", "turns", "p50 ms", "p99 ms", "p99 / p50", "turns/s", "turns/s per core", title=title)
    for name, server in (("floor", floor), ("line", line)):
        for clients, taken in server.measured.items():
            p50, p99 = taken.percentile_ms(50), taken.percentile_ms(99)
            figures = f"{p50:.2f}", f"{p99:.2f}", f"{p99 / p50:.2f}", f"{len(taken.seconds) / taken.wall_seconds:.0f}"
            table.add_row(name, str(clients), str(len(taken.seconds)), *figures, f"{taken.turns_per_core_second:.0f}")
    console = Console(highlight=False)
    console.print(table)
    eight = line.measured[8]
    over_floor = line.measured[1].percentile_ms(50) / floor.measured[1].percentile_ms(50)
    console.print(goal("p50 over the floor's, one client", over_floor, GOAL_OVER_FLOOR))
    console.print(goal("p99 over its own p50, eight clients", eight.percentile_ms(99) / eight.percentile_ms(50), GOAL_TAIL))


def goal(what: str, ratio: float, most: float) -> str:
    """A goal in words."""
    return f"{what}: {ratio:.2f}, goal at most {most:g}: {'met' if ratio <= most else 'not met'}"


if __name__ == "__main__":
    main()
