"""One served centre for every story, with its exchange; and what of it a test looks at from outside."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep

import pytest

from house.instance import House
from workstation.computer.machine import Machine, machine_now, state
from workstation.keeping.files import MachineFolder

COMMAND = str(Path(sys.executable).parent / "activation-center")
START_SECONDS = 90


@dataclass(frozen=True)
class Told:
    """A story that was told: its exit status, its words, the acts on record before it, and the key it was about."""

    status: int
    words: str
    head: int

    @property
    def serial(self) -> int:
        found = re.search(r"^Key +(\d+): ", self.words, re.MULTILINE)
        assert found, self.words
        return int(found[1])


@dataclass(eq=False)
class Centre:
    """A served centre in a folder of its own."""

    folder: Path
    port: int
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> tuple[int, str]:
        result = subprocess.run(
            [COMMAND, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=300, check=False
        )
        assert "Traceback" not in result.stderr, result.stderr
        return result.returncode, result.stdout + result.stderr

    def tell(self, number: int) -> Told:
        """The story of this number, which must end as it should."""
        head = self.head()
        told = Told(*self.run("demo", str(number)), head)
        assert told.status == 0, told.words
        assert told.words.rstrip().endswith("✓ The story ends as it should."), told.words
        return told

    @cached_property
    def house(self) -> House:
        """The instance beside the processes that serve it."""
        return House(self.folder / "instance", {})

    def count(self, serial: int) -> tuple[int, int]:
        """How many are used and allowed."""
        key = self.house.store.read(lambda tx: tx.keys.get(serial))
        assert key
        return key.record.used, key.record.allowed

    def state(self, workstation: str) -> str:
        machine = MachineFolder(self.house.home).read(workstation)
        assert isinstance(machine, Machine)
        return state(machine, machine_now(machine, datetime.now(UTC))).value

    def head(self) -> int:
        """How many acts are on record."""
        head = self.house.store.read(lambda tx: tx.audit.head())
        return head.number if head else 0

    def acts(self, told: Told) -> list[str]:
        """What people did in a story, in order, as the record has it."""
        entries = self.house.store.read(lambda tx: tx.audit.after(told.head, 1000))
        return [entry.act for entry in entries if entry.actor.startswith("story-")]

    def may_sign_in(self) -> list[str]:
        """The story's agents whose accounts are open."""
        people = self.house.store.read(lambda tx: tx.people.all())
        return [agent.name for agent in people if agent.name.startswith("story-") and not agent.is_disabled]

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=1):
                return (self.folder / "instance" / "sip-address").exists()
        except OSError:
            return False


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("stories")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        centre = Centre(folder, int(probe.getsockname()[1]))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ACTIVATION_CENTER", "TWILIO"))}
    log = folder / "serve.log"
    arguments = [COMMAND, "serve", "--port", str(centre.port), "--sip-port", "0"]
    with (
        log.open("w") as output,
        subprocess.Popen(arguments, cwd=folder, stdout=output, stderr=output, env=environment) as serving,
    ):
        try:
            deadline = monotonic() + START_SECONDS
            while not centre.is_ready():
                assert monotonic() < deadline, log.read_text()
                assert serving.poll() is None, log.read_text()
                sleep(0.1)
            centre.passwords = dict(re.findall(r"^ (\w+) +(?:senior )?\w+ +(\S{8,})", log.read_text(), re.MULTILINE))
            yield centre
            centre.house.store.close()
        finally:
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(30) == 0, log.read_text()
    assert "Traceback" not in log.read_text(), log.read_text()
