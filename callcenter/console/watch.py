"""The poller behind live pages: looks at the floor a few times a second for all of a process's open pages, and wakes them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Condition, Thread, main_thread
from time import monotonic

from callcenter.console.centre import Centre, Transaction
from callcenter.console.fragments import Glance
from callcenter.floor.people import Agent

EVERY_SECONDS = 0.25
"""How long a change may go unseen."""
_SLOWLY_EVERY_SECONDS = 5.0
"""How often open pages are noted as signs of life, and people's names and languages read again."""
_FRESH_SECONDS = 3.0


class Watch:
    """Sees the floor for every open page of this process: one thread, from the first page to the last."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._pages: Counter[str] = Counter()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._number = self._desk_number = 0
        self._glance: Glance | None = None
        self._people: Mapping[str, Agent] = {}
        self._looked_at = self._slow_at = float("-inf")

    def attending(self) -> int:
        """How many pages are open."""
        return self._pages.total()

    @contextmanager
    def attended_by(self, agent: str) -> Iterator[None]:
        """Keeps watch for one open page of this agent, which counts as a sign of life."""
        with self._changed:
            self._pages[agent] += 1
            self._slow_at = float("-inf")  # the new page's agent is seen at once
        try:
            yield
        finally:
            with self._changed:
                self._pages[agent] -= 1

    def wait(self, after: int, timeout_seconds: float, *, follows_calls: bool) -> tuple[int, Glance]:
        """The floor as it is, once it is another than the one numbered `after`, or when the time is up; with its number.

        A page that does not follow the calls on the line is not woken by them: they move all the time.
        """
        with self._changed:
            self._keep_running()
            self._changed.wait_for(lambda: self._numbered(follows_calls) != after, timeout_seconds)
            number, glance = self._numbered(follows_calls), self._glance
        return number, glance or self.look()

    def _numbered(self, follows_calls: bool) -> int:
        return self._number if follows_calls else self._desk_number

    def is_fresh(self) -> bool:
        """Whether what pages were told is the present; not so while the database cannot be read."""
        return monotonic() - self._looked_at < _FRESH_SECONDS

    def look(self) -> Glance:
        """The floor at this moment, for a page that is being drawn."""
        return self._centre.store.read(lambda tx: Glance(tx.live.snapshot(self._centre.clock()), _people(tx)))

    def _keep_running(self) -> None:
        """Starts the poller when there is none, or when the last one met an error that it could not get over."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._run, name="console-watch", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while self._pages.total() and main_thread().is_alive():
            began = monotonic()
            if began - self._slow_at > _SLOWLY_EVERY_SECONDS:
                self._look_slowly(began)
            self._look_once()
            with self._changed:
                self._changed.wait_for(lambda: not self._pages.total(), max(0.0, began + EVERY_SECONDS - monotonic()))

    def _look_once(self) -> None:
        snapshot = self._centre.store.read(lambda tx: tx.live.snapshot(self._centre.clock()))
        glance = Glance(snapshot, self._people)
        with self._changed:
            self._looked_at = monotonic()
            if glance != self._glance:
                if self._glance is None or glance.without_calls != self._glance.without_calls:
                    self._desk_number += 1
                self._glance, self._number = glance, self._number + 1
                self._changed.notify_all()

    def _look_slowly(self, at: float) -> None:
        """Every agent with an open page is seen, in one transaction."""
        self._slow_at = at
        agents, now = sorted(+self._pages), self._centre.clock()
        self._centre.store.transaction(lambda tx: _see(tx, agents, now))
        self._people = self._centre.store.read(_people)


def _people(tx: Transaction) -> Mapping[str, Agent]:
    return {agent.name: agent for agent in tx.people.all()}


def _see(tx: Transaction, agents: list[str], now: datetime) -> None:
    for agent in agents:
        tx.presences.seen(agent, now)
