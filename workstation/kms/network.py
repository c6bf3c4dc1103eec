"""One customer's network: its hosts and workstations in their folders, and what passes between them at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from activation.catalogue import Catalogue
from workstation.activating.internet import Attempt, Ending, activate
from workstation.computer.machine import Machine, machine_now
from workstation.keeping.files import MachineFolder
from workstation.kms.asking import Asking, NotServed, Served, ask, asking_again, asking_of, be_told, computer_id
from workstation.kms.files import HostFolder
from workstation.kms.host import Host, confirmed_as


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who asked was told; `number` is how many they are, `counted` how many the host counts now."""

    name: str
    number: int
    product: str
    counted: int
    outcome: Served | NotServed

    @property
    def is_activated(self) -> bool:
        """Whether they are activated now."""
        return isinstance(self.outcome, Served)

    @property
    def sentence(self) -> str:
        """The answer for a person."""
        who = f"{self.name} ({self.number:,} with {self.product})" if self.number > 1 else f"{self.name} ({self.product})"
        if isinstance(self.outcome, NotServed):
            return f"{who}: not activated. {self.outcome.sentence()}"
        return f"{who}: activated until {self.outcome.until:%Y-%m-%d}; the host counts {self.counted:,} computers."

    def document(self) -> Mapping[str, Any]:
        """The answer for programs."""
        row = {"name": self.name, "computers": self.number, "product": self.product, "counted": self.counted}
        if isinstance(self.outcome, NotServed):
            fault = self.outcome.fault.name.lower()
            return {**row, "activated": False, "reason": fault, "sentence": self.outcome.sentence()}
        return {**row, "activated": True, "until": self.outcome.until.isoformat()}


@dataclass(frozen=True, slots=True)
class Network:
    """The network at the real moment `now`; hosts and workstations each live by their own clocks."""

    hosts: HostFolder
    machines: MachineFolder
    catalogue: Catalogue
    now: datetime

    def time_of(self, host: Host) -> datetime:
        """The host's own time."""
        return machine_now(host.machine, self.now)

    def ask(self, host: Host, asking: Asking) -> tuple[Host, Answer]:
        """Somebody asks; the host as it is kept then, and the answer."""
        time = self.time_of(host)
        after, outcome = ask(host, asking, time)
        self.hosts.write(after)
        return after, Answer(asking.name, asking.number, asking.product.title, after.counted(time), outcome)

    def ask_for(self, host: Host, machine: Machine) -> tuple[Host, Answer]:
        """A workstation asks, and keeps what it is told."""
        with self.machines.lock(machine.name):
            found = self.machines.read(machine.name)
            return self._ask_for(host, found if isinstance(found, Machine) else machine)

    def _ask_for(self, host: Host, machine: Machine) -> tuple[Host, Answer]:
        asking = asking_of(machine, self.catalogue)
        if isinstance(asking, NotServed):
            title, counted = machine.media.product.title, host.counted(self.time_of(host))
            after, answer = host, Answer(machine.name, 1, title, counted, asking)
        else:
            after, answer = self.ask(host, asking)
        self.machines.write(be_told(machine, after, answer.outcome, machine_now(machine, self.now)))
        return after, answer

    def look_for_host(self, machine: Machine) -> tuple[Answer, ...]:
        """A workstation asks one host after the other, by name, until one activates it; none answers where there is none."""
        answers: list[Answer] = []
        for name in (each.name for each in self.hosts.read_all() if isinstance(each, Host)):
            if answers and answers[-1].is_activated:
                break
            with self.hosts.lock(name):
                host = self.hosts.read(name)
                if isinstance(host, Host):
                    answers.append(self.ask_for(host, machine)[1])
        return tuple(answers)

    def renew(self, host: Host) -> tuple[Host, tuple[Answer, ...]]:
        """Everybody whom the host knows, and who is still there, asks again."""
        machines = {computer_id(each): each for each in self.machines.read_all() if isinstance(each, Machine)}
        answers = []
        for id, known in host.known.items():
            if id in machines:
                host, answer = self.ask_for(host, machines[id])
                answers.append(answer)
            elif asking := asking_again(id, known, self.catalogue):
                host, answer = self.ask(host, asking)
                answers.append(answer)
        return host, tuple(answers)

    def register(self, host: Host, request_id: str) -> Attempt:
        """The host asks the vendor over the internet for its confirmation ID, and takes it."""
        attempt = activate(host.machine, request_id, self.time_of(host))
        is_registered = attempt.ending is Ending.ACTIVATED
        self.hosts.write(confirmed_as(host, attempt.machine) if is_registered else replace(host, machine=attempt.machine))
        return attempt
