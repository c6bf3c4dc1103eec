"""What runs on a computer whatever its activation says (row 43): services and remote administration.

The activation state is not even asked here; only how the computer was started matters.
"""

from dataclasses import dataclass
from datetime import datetime

from workstation.computer.machine import Machine
from workstation.computer.traits import Kind, Start
from workstation.words import say

CLIENT_SERVICES = ("event_log", "task_scheduler", "print_spooler", "file_sharing", "remote_administration")
SERVER_SERVICES = (*CLIENT_SERVICES, "web_server", "directory")
IN_SAFE_MODE = frozenset({"event_log"})


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its short name, its name for people, and since when it runs; None where it does not."""

    name: str
    title: str
    running_since: datetime | None


def services(machine: Machine) -> tuple[Service, ...]:
    """The services of this computer as they are now."""
    names = SERVER_SERVICES if "server" in machine.media.product.name else CLIENT_SERVICES
    since = max([machine.installed_at, *(one.at for one in machine.history if one.kind is Kind.RESTART)])
    running = {Start.WINDOWS: frozenset(names), Start.SAFE_MODE: IN_SAFE_MODE, Start.RECOVERY_CONSOLE: frozenset()}[
        machine.start
    ]
    return tuple(Service(name, say(f"services.{name}", machine.language), since if name in running else None) for name in names)
