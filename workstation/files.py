"""Where workstations are kept: one JSON file each under `workstations/` in the instance folder, replaced as a whole.

Beside it stands the computer's `setuplog.txt`, which is only ever added to. A file holds derived keys, so only its owner may
read it. What cannot be read is a value whose sentence names the file.
"""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from workstation import folder
from workstation.folder import Folder, Missing, is_name
from workstation.machine import Machine
from workstation.setup_log import lines_since

__all__ = ["NAME_RULE", "MachineFolder", "Unreadable", "is_name"]

NAME_RULE = f"A workstation's name {folder.NAME_RULE}"
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

    def read(self, name: str) -> Machine | Unreadable:
        """The workstation of this name."""
        return self._files.read(name)

    def read_all(self) -> tuple[Machine | Unreadable, ...]:
        """Every workstation by name, damaged ones as their sentences: one broken file hides no other."""
        return self._files.read_all()

    def write(self, machine: Machine) -> None:
        """Saves the workstation so that a crash leaves the old file or the new one, and logs what happened to it since.

        Raises OSError where it cannot.
        """
        before = self._files.read(machine.name) if is_name(machine.name) else None
        self._files.write(machine)
        self.append_log(machine.name, lines_since(before if isinstance(before, Machine) else None, machine))

    def remove(self, name: str) -> bool:
        """Deletes the files of this workstation, damaged or not; False when there is none."""
        found = self._files.remove(name)
        if found:
            self.log_path(name).unlink(missing_ok=True)
        return found

    def log_path(self, name: str) -> Path:
        """The file of this workstation's `setuplog.txt` (row 38); it exists once something happened there."""
        return self.folder / f"{name.lower()}.setuplog.txt"

    def append_log(self, name: str, lines: Iterable[str]) -> None:
        """Adds these lines to the workstation's log. Raises OSError where it cannot."""
        if text := "".join(f"{line}\n" for line in lines):
            with open(
                os.open(self.log_path(name), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8"
            ) as log:
                log.write(text)

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Holds this workstation for one change at a time; whoever comes meanwhile waits. Nothing where none exists."""
        return self._files.lock(name)
