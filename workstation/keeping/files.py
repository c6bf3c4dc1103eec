"""Where workstations are kept: one JSON file each under `workstations/` in the instance folder, replaced as a whole.

Beside it stand the computer's `setuplog.txt`, which is only ever added to, and what it sent to the centre last. A file holds
derived keys, so only its owner may read it. What cannot be read is a value whose sentence names the file.
"""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from workstation.computer.machine import Machine
from workstation.keeping.folder import Folder, Missing
from workstation.keeping.setup_log import lines_since

Unreadable = Missing


@dataclass(frozen=True, slots=True)
class MachineFolder:
    """The workstations of one instance. Names that differ only in the case of letters are one name."""

    home: Path

    @property
    def folder(self) -> Path:
        """The folder of the files; it exists once there has been a workstation."""
        return self.home / "workstations"

    @property
    def _files(self) -> Folder[Machine]:
        return Folder(self.folder, Machine, "workstation", "workstation list")

    def holds(self, name: str) -> bool:
        """Whether there is a file for this name, readable or not."""
        return self._files.holds(name)

    def name_fault(self, name: str) -> str | None:
        """Why no new workstation may have this name, as a sentence; None where it may."""
        return self._files.name_fault(name)

    def read(self, name: str) -> Machine | Unreadable:
        """The workstation of this name."""
        return self._files.read(name)

    def read_all(self) -> tuple[Machine | Unreadable, ...]:
        """Every workstation by name, damaged ones as their sentences: one broken file hides no other."""
        return self._files.read_all()

    def add(self, machine: Machine) -> str | None:
        """Saves a new workstation and logs what happened to it; else says as `name_fault` why not. Raises as `write`."""
        complaint = self._files.add(machine)
        if complaint is None:
            self.append_log(machine.name, lines_since(None, machine))
        return complaint

    def write(self, machine: Machine) -> None:
        """Saves the workstation so that a crash leaves the old file or the new one, and logs what happened to it since.

        For whoever holds its lock. Raises OSError where it cannot.
        """
        before = self._files.read(machine.name)
        self._files.write(machine)
        self.append_log(machine.name, lines_since(before if isinstance(before, Machine) else None, machine))

    def remove(self, name: str) -> bool:
        """Deletes the files of this workstation, damaged or not; False when there is none. For whoever holds its lock."""
        found = self._files.remove(name)
        if found:
            for beside in (self.log_path(name), self.exchange_path(name)):
                beside.unlink(missing_ok=True)
        return found

    def log_path(self, name: str) -> Path:
        """The file of this workstation's `setuplog.txt` (row 38); it exists once something happened there."""
        return self.folder / f"{name.lower()}.setuplog.txt"

    def exchange_path(self, name: str) -> Path:
        """The file of what this workstation sent last; it exists once it sent something."""
        return self.folder / f"{name.lower()}.exchange"

    def read_log(self, name: str) -> str:
        """The workstation's log; empty before its first line."""
        log = self.log_path(name)
        return log.read_text(encoding="utf-8") if log.exists() else ""

    def append_log(self, name: str, lines: Iterable[str]) -> None:
        """Adds these lines to the workstation's log. Raises OSError where it cannot."""
        if text := "".join(f"{line}\n" for line in lines):
            with open(
                os.open(self.log_path(name), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8"
            ) as log:
                log.write(text)

    def lock(self, name: str) -> AbstractContextManager[object]:
        """Holds this workstation for one change at a time; whoever comes meanwhile waits. Nothing where none exists."""
        return self._files.lock(name)
