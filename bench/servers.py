"""Servers under test: real processes on free ports, started and stopped here, with the processor time they use."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

import psutil
from clients import Clients, Taken, Turn

START_SECONDS = 20.0


@dataclass(slots=True)
class Measured:
    """Every turn measured with some number of clients, and the processor time the server spent on them."""

    seconds: list[float] = field(default_factory=list)
    wall_seconds: float = 0.0
    processor_seconds: float = 0.0

    def add(self, taken: Taken, processor_seconds: float) -> None:
        self.seconds += taken.seconds
        self.wall_seconds += taken.wall_seconds
        self.processor_seconds += processor_seconds

    def percentile_ms(self, percent: int) -> float:
        """The time within which so many in a hundred turns were answered."""
        return quantiles(self.seconds, n=100, method="inclusive")[percent - 1] * 1000

    @property
    def turns_per_core_second(self) -> float:
        """How many turns a second one core could answer if it did nothing else."""
        return len(self.seconds) / self.processor_seconds


@dataclass(frozen=True, slots=True)
class Server:
    """A server under test, with its clients and what they measured by how many of them there are at a time."""

    process: psutil.Process
    port: int
    clients: dict[int, Clients]
    measured: dict[int, Measured]

    def measure(self, turns: list[list[Turn]]) -> None:
        """Has as many clients as there are lists take these turns."""
        count, before = len(turns), self.processor_seconds()
        taken = self.clients[count].take(turns)
        self.measured[count].add(taken, self.processor_seconds() - before)

    def processor_seconds(self) -> float:
        """What the web processes have used so far; a database server's own are not counted."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(sum(process.cpu_times()[:2]) for process in family)


@contextmanager
def serving(counts: tuple[int, ...], *command: str) -> Iterator[Server]:
    """A Python command that serves on the port that replaces `{port}`, with clients connected, until the context ends."""
    port = _free_port()
    arguments = [argument.replace("{port}", str(port)) for argument in command]
    process = subprocess.Popen([sys.executable, *arguments])
    try:
        _await_server(process, port)
        with ExitStack() as stack:
            clients = {count: stack.enter_context(Clients(port, count)) for count in counts}
            yield Server(psutil.Process(process.pid), port, clients, {count: Measured() for count in counts})
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_server(process: subprocess.Popen[bytes], port: int) -> None:
    """Raises RuntimeError when nothing listens in time or the process has ended."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"The server did not start on port {port}; its own words are above.")
