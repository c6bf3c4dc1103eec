"""Keeping the processes of `serve` alive: started together, started again when one dies, stopped together."""

import logging
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from time import monotonic, sleep

GLANCE_SECONDS = 0.2
STOP_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""A process that lived for so long did not die of its start; its next restart waits no longer than the first."""

log = logging.getLogger(__name__)


def supervise(commands: Mapping[str, Sequence[str]]) -> None:
    """Runs every command (by a name for the log) until SIGINT or SIGTERM; returns when all have ended."""
    stop = threading.Event()
    signals: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Only a note is taken here: a second signal may arrive within the first one's handler, where no lock must be held.
        signal.signal(number, lambda number, _frame: signals.append(number))
    keepers = [threading.Thread(target=_keep, args=(name, command, stop)) for name, command in commands.items()]
    for keeper in keepers:
        keeper.start()
    while not signals:
        sleep(GLANCE_SECONDS)
    stop.set()
    for keeper in keepers:
        keeper.join()


def _keep(name: str, command: Sequence[str], stop: threading.Event) -> None:
    """One process, again and again; the pause before a restart doubles while it keeps dying early."""
    pause_seconds = 1.0
    while not stop.is_set():
        started = monotonic()
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops everybody in order.
        with subprocess.Popen(command, start_new_session=True) as process:
            while process.poll() is None and not stop.wait(GLANCE_SECONDS):
                pass
            if stop.is_set():
                _end(process)
                return
        if monotonic() - started > STEADY_SECONDS:
            pause_seconds = 1.0
        log.error("The %s process ended with status %s; starting it again in %.0f s.", name, process.returncode, pause_seconds)
        stop.wait(pause_seconds)
        pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
