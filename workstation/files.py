"""Where workstations are kept: one JSON file each under `workstations/` in the instance folder, replaced as a whole.

A file holds derived keys, so only its owner may read it. What cannot be read is a value whose sentence names the file.
"""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from activation.redaction import holds_foreign_key, redact
from workstation.machine import Machine

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
NAME_RULE = "A workstation's name begins with a letter or digit and has at most 40 of letters, digits, dots, - and _."


@dataclass(frozen=True, slots=True)
class Unreadable:
    """There is no workstation of that name, or its file is damaged; the sentence says which and what to do."""

    sentence: str


@dataclass(frozen=True, slots=True)
class MachineFolder:
    """The workstations of one instance. Names that differ only in the case of letters are one name."""

    home: Path

    @property
    def folder(self) -> Path:
        """The folder of the files; it exists once there has been a workstation."""
        return self.home / "workstations"

    def holds(self, name: str) -> bool:
        """Whether there is a file for this name, readable or not."""
        return is_name(name) and self._path(name).exists()

    def read(self, name: str) -> Machine | Unreadable:
        """The workstation of this name."""
        if not self.holds(name):
            return Unreadable(redact(f"There is no workstation named {name!r}; `workstation list` shows them all."))
        return _read(self._path(name))

    def read_all(self) -> tuple[Machine | Unreadable, ...]:
        """Every workstation by name, damaged ones as their sentences: one broken file hides no other."""
        return tuple(_read(path) for path in sorted(self.folder.glob("*.json")))

    def write(self, machine: Machine) -> None:
        """Saves the workstation so that a crash leaves the old file or the new one. Raises OSError where it cannot."""
        if not is_name(machine.name):
            raise ValueError(NAME_RULE)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=self.folder, suffix=".draft")
        try:
            with open(descriptor, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(machine), indent=2))
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self._path(machine.name))
        finally:
            Path(draft).unlink(missing_ok=True)

    def remove(self, name: str) -> bool:
        """Deletes the file of this workstation, damaged or not; False when there is none."""
        found = self.holds(name)
        if found:
            self._path(name).unlink()
        return found

    def _path(self, name: str) -> Path:
        return self.folder / f"{name.lower()}.json"


def is_name(text: str) -> bool:
    """Whether a workstation may have this name, which becomes a file's; a foreign product key may not."""
    return bool(_NAME.fullmatch(text)) and not holds_foreign_key(text)


def _read(path: Path) -> Machine | Unreadable:
    try:
        machine = msgspec.json.decode(path.read_bytes(), type=Machine)
    except (ValueError, RecursionError, OSError) as wrong:
        cure = f"If it is damaged, restore it from a copy, or remove {path.stem!r} and install it anew"
        return Unreadable(redact(f"The workstation file {path} cannot be read: {wrong}. {cure}."))
    if machine.name.lower() != path.stem:
        cure = f"Rename it, or remove {path.stem!r}"
        return Unreadable(redact(f"The workstation file {path} holds {machine.name!r}. {cure}."))
    return machine
