"""What a turn costs: one good group through the real server, against the least that any line must do for it.

The floor (`floor.py`) and the line run side by side in a temporary instance and are measured by turns, so that noise meets
both. Goals: p50 at most 1.5 times the floor's with one client; with eight, p99 at most 3 times its own p50.
"""

import time
from contextlib import ExitStack
from dataclasses import replace

import click
import floor as floor_app
from calls import Calls, good_groups
from goals import goal
from instance import new_house
from rich.console import Console
from rich.table import Table
from servers import Server, serving

MOST_ROUNDS = 12
MOST_SECONDS = 45.0
CALLS_PER_CLIENT = {1: 12, 8: 5}
GOAL_OVER_FLOOR = 1.5
GOAL_TAIL = 3.0


@click.command()
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
def main(database: str) -> None:
    """Measure one turn of the line against the floor; takes about a minute."""
    with ExitStack() as stack:
        house = stack.enter_context(new_house(database))
        counts = tuple(CALLS_PER_CLIENT)
        line = stack.enter_context(serving(counts, "-P", "-m", "app", "web", "--port", "{port}"))
        calls = Calls(line.port, house, good_groups(house))
        hints = floor_app.hints_in(answer_to_group(line, calls))
        own = house.settings.database_url.replace("bench.db", "floor.db")
        floor = stack.enter_context(serving(counts, floor_app.__file__, "{port}", own, house.auth_token, hints))
        compare_documents(line, floor, calls)
        rounds = measure(line, floor, calls)
        report(line, floor, f"{database}, {rounds} rounds")


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


if __name__ == "__main__":
    main()
