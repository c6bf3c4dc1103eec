"""What the floor sees, and what its pages cost the line: one Chromium and 49 event streams open, 200 calls moving.

Rounds with the pages open and rounds without take turns. In the former, from just before the webhook that brings a caller into
the queue is sent until the call is on each page; in both, what a webhook with a good group takes, calls moving alike.
Goals: on a page with p99 under 1 s; the webhook's p50 with pages open at most 1.2 times that without.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from selectors import BaseSelector, DefaultSelector
from statistics import quantiles
from time import time

import click
from calls import Calls, good_groups
from goals import goal
from instance import new_house
from pages import Chromium, SignedIn, Stream, chromium, hire, sign_in, streaming
from rich.console import Console
from rich.table import Table
from servers import Server, serving
from traffic import Kind, Traffic

from callcenter.console.watch import EVERY_SECONDS
from house.instance import House

STREAMS, CALLERS = 49, 200
PAIRS_OF_ROUNDS = 5
WARMING_SECONDS, SETTLING_SECONDS, MEASURED_SECONDS, FINISHING_SECONDS = 8.0, 2.0, 5.0, 1.0
LATEST_SECONDS = 5.0
"""A call that a page does not show by then counts as so late."""
GOAL_ON_PAGE_SECONDS, GOAL_OVER_WITHOUT = 1.0, 1.2


@dataclass(slots=True)
class Measured:
    """What the rounds of one kind brought, in seconds."""

    keyed: list[float] = field(default_factory=list)
    """Webhooks with a good group."""
    entered: list[float] = field(default_factory=list)
    """Webhooks that bring a caller into the queue."""
    on_streams: list[float] = field(default_factory=list)
    on_chromium: list[float] = field(default_factory=list)
    """From just before such a webhook was sent until the call was on a page."""
    wall: float = 0.0
    processor: float = 0.0


@dataclass(frozen=True, slots=True)
class Bench:
    """Callers, and the pages that may be open: those of all agents but the last are streams, the last one's is the browser's."""

    server: Server
    selector: BaseSelector
    traffic: Traffic
    agents: tuple[SignedIn, ...]
    browser: Chromium

    def with_pages(self, measured: Measured) -> None:
        """One round with the pages open."""
        with streaming(self.agents, self.selector) as streams, self.browser.looking():
            self.traffic.run(SETTLING_SECONDS)
            sent = self._measure(measured)
            self._await_shown(sent, streams)
            measured.on_streams += [delay for stream in streams for delay in delays(sent, stream.shown)]
            measured.on_chromium += delays(sent, self.browser.shown())

    def without_pages(self, measured: Measured) -> None:
        """One round without; the server finds out by its next beat that the pages are gone."""
        self.traffic.run(SETTLING_SECONDS + 1)
        self._measure(measured)

    def _measure(self, measured: Measured) -> Mapping[str, float]:
        """Measures for a while, and waits for what is under way then; returns when each call was sent into the queue."""
        began_at, before = time(), self.server.processor_seconds()
        answered = self.traffic.run(MEASURED_SECONDS)
        ended_at = time()
        measured.processor += self.server.processor_seconds() - before
        measured.wall += ended_at - began_at
        answered += self.traffic.run(FINISHING_SECONDS)
        mine = [each for each in answered if began_at <= each.sent_at < ended_at]
        measured.keyed += [each.seconds for each in mine if each.webhook.kind is Kind.KEYS]
        entered = [each for each in mine if each.webhook.kind is Kind.ENTERS]
        measured.entered += [each.seconds for each in entered]
        return {each.webhook.sid: each.sent_at for each in entered}

    def _await_shown(self, sent: Mapping[str, float], streams: Sequence[Stream]) -> None:
        """Until every stream has shown every call, or it is too late."""
        until = time() + LATEST_SECONDS - FINISHING_SECONDS
        while time() < until and not all(stream.shown.keys() >= sent.keys() for stream in streams):
            self.traffic.run(EVERY_SECONDS)


def delays(sent: Mapping[str, float], shown: Mapping[str, float]) -> list[float]:
    """From the sending of each call until it was on a page."""
    return [min(LATEST_SECONDS, shown.get(sid, float("inf")) - at) for sid, at in sent.items()]


@click.command()
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
def main(database: str) -> None:
    """Measure the floor's pages and what they cost the line; takes about two minutes."""
    with ExitStack() as stack:
        house = stack.enter_context(new_house(database))
        names = hire(house, STREAMS + 1)
        server = stack.enter_context(serving((), "-P", "-m", "app", "web", "--port", "{port}"))
        bench = open_bench(stack, house, server, names)
        bench.traffic.run(WARMING_SECONDS)
        open_pages, no_pages = Measured(), Measured()
        for _ in range(PAIRS_OF_ROUNDS):
            bench.with_pages(open_pages)
            bench.without_pages(no_pages)
    report(open_pages, no_pages, f"{database}, {PAIRS_OF_ROUNDS} rounds of each kind")


def open_bench(stack: ExitStack, house: House, server: Server, names: Sequence[str]) -> Bench:
    """Everybody signed in, nobody's page open yet; the callers have just been given their phones."""
    *agents, last = (sign_in(server.port, name) for name in names)
    browser = stack.enter_context(chromium(last))
    selector = stack.enter_context(DefaultSelector())
    traffic = Traffic(Calls(server.port, house, good_groups(house)), selector, CALLERS, Random(5))
    return Bench(server, selector, traffic, tuple(agents), browser)


def report(open_pages: Measured, no_pages: Measured, title: str) -> None:
    """The tables, and whether the goals are met."""
    console = Console(highlight=False)
    console.print(on_pages(open_pages, title), webhooks({"pages open": open_pages, "no page open": no_pages}))
    for what, seconds in ("a stream", open_pages.on_streams), ("Chromium", open_pages.on_chromium):
        console.print(goal(f"On {what}, p99", percentile(seconds, 99), GOAL_ON_PAGE_SECONDS, " s"))
    over = percentile(open_pages.keyed, 50) / percentile(no_pages.keyed, 50)
    console.print(goal("Webhook with pages open over one without, p50", over, GOAL_OVER_WITHOUT))


def on_pages(measured: Measured, title: str) -> Table:
    """From the webhook to the pages, over the least it can be: the webhook itself, and the wait for the next look."""
    table = Table("until a new caller is on", "times", "p50 ms", "over the least", "p99 ms", "over the least", title=title)
    least = [percentile(measured.entered, percent) + EVERY_SECONDS * percent / 100 for percent in (50, 99)]
    table.add_row("(the least)", str(len(measured.entered)), *_over(least, least))
    for name, seconds in ("a stream", measured.on_streams), ("Chromium", measured.on_chromium):
        table.add_row(name, str(len(seconds)), *_over([percentile(seconds, percent) for percent in (50, 99)], least))
    return table


def _over(seconds: Sequence[float], least: Sequence[float]) -> list[str]:
    pairs = zip(seconds, least, strict=True)
    return [cell for measured, floor in pairs for cell in (f"{measured * 1000:.0f}", f"{measured / floor:.2f}")]


def webhooks(kinds: Mapping[str, Measured]) -> Table:
    """What a webhook takes, and how busy the web processes are."""
    table = Table("webhook with a good group", "times", "p50 ms", "p99 ms", "web processes, of one core")
    for name, measured in kinds.items():
        p50, p99 = (f"{percentile(measured.keyed, percent) * 1000:.2f}" for percent in (50, 99))
        table.add_row(name, str(len(measured.keyed)), p50, p99, f"{measured.processor / measured.wall:.0%}")
    return table


def percentile(seconds: Sequence[float], percent: int) -> float:
    """The time within which so many in a hundred were done."""
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
