"""A folder of an instance that keeps things of one kind: one JSON file each, replaced as a whole.

Files hold derived keys, so only their owner may read them. What cannot be read is a value whose sentence names the file.
"""

import re
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec
from filelock import FileLock

from activation.redaction import holds_foreign_key, redact
from workstation.keeping.whole_file import replace_file

NAME_RULE = "begins with a letter or digit and has at most 40 of letters, digits, dots, - and _."
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class Named(Protocol):
    """What can be kept: it knows its name."""

    @property
    def name(self) -> str:
        """The name, which becomes the file's."""


Kept = TypeVar("Kept", bound=Named)


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such thing, or its file is damaged; the sentence says which and what to do."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Folder(Generic[Kept]):
    """The things of one kind (`what` they are called, `listing` is the command that shows them) in the folder `path`.

    Names that differ only in the case of letters are one name.
    """

    path: Path
    kind: type[Kept]
    what: str
    listing: str

    def holds(self, name: str) -> bool:
        """Whether there is a file for this name, readable or not."""
        return is_name(name) and self._file(name).exists()

    def name_fault(self, name: str) -> str | None:
        """Why nothing new may have this name, as a sentence; None where it may."""
        if not is_name(name):
            return self._name_rule
        return f"There is already a {self.what} named {name!r}; choose another name or remove it." if self.holds(name) else None

    def read(self, name: str) -> Kept | Missing:
        """The thing of this name."""
        if not self.holds(name):
            return Missing(redact(f"There is no {self.what} named {name!r}; `{self.listing}` shows them all."))
        return self._read(self._file(name))

    def read_all(self) -> tuple[Kept | Missing, ...]:
        """Everything by name, damaged files as their sentences: one broken file hides no other."""
        return tuple(self._read(file) for file in sorted(self.path.glob("*.json")))

    def add(self, kept: Kept) -> str | None:
        """Saves something new, however many add something of that name at once; else says as `name_fault` why not."""
        if complaint := self.name_fault(kept.name):
            return complaint
        self.path.mkdir(mode=0o700, exist_ok=True)
        with self._held(kept.name):
            complaint = self.name_fault(kept.name)
            if complaint is None:
                self.write(kept)
        return complaint

    def write(self, kept: Kept) -> None:
        """Saves it so that a crash leaves the old file or the new one; for whoever holds its lock.

        Raises OSError where it cannot.
        """
        if not is_name(kept.name):
            raise ValueError(self._name_rule)
        replace_file(self._file(kept.name), msgspec.json.format(msgspec.json.encode(kept), indent=2))

    def remove(self, name: str) -> bool:
        """Deletes the file of this name, damaged or not; False when there is none. For whoever holds its lock."""
        found = self.holds(name)
        if found:
            self._file(name).unlink()
            with suppress(PermissionError):  # Windows keeps what somebody has open, and be it whoever removes
                self._lock_file(name).unlink(missing_ok=True)
        return found

    def lock(self, name: str) -> AbstractContextManager[object]:
        """Holds the thing of this name for one change at a time; whoever comes meanwhile waits. Nothing where none exists."""
        return self._held(name) if self.holds(name) else nullcontext()

    @property
    def _name_rule(self) -> str:
        return f"The name of a {self.what} {NAME_RULE}"

    def _held(self, name: str) -> AbstractContextManager[object]:
        return FileLock(self._lock_file(name), mode=0o600)

    def _lock_file(self, name: str) -> Path:
        return self.path / f"{name.lower()}.lock"

    def _file(self, name: str) -> Path:
        return self.path / f"{name.lower()}.json"

    def _read(self, file: Path) -> Kept | Missing:
        try:
            kept = msgspec.json.decode(file.read_bytes(), type=self.kind)
        except (ValueError, RecursionError, OSError) as wrong:
            cure = f"If it is damaged, restore it from a copy, or remove {file.stem!r} and set it up anew"
            return Missing(redact(f"The file {file} of a {self.what} cannot be read: {wrong}. {cure}."))
        if kept.name.lower() != file.stem:
            return Missing(redact(f"The file {file} holds {kept.name!r}. Rename it, or remove {file.stem!r}."))
        return kept


def is_name(text: str) -> bool:
    """Whether something may have this name, which becomes a file's; a foreign product key may not."""
    return bool(_NAME.fullmatch(text)) and not holds_foreign_key(text)
