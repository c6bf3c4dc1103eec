"""A folder of an instance that keeps things of one kind: one JSON file each, replaced as a whole.

Files hold derived keys, so only their owner may read them. What cannot be read is a value whose sentence names the file.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec

from activation.redaction import holds_foreign_key, redact

try:
    import fcntl
except ImportError:  # Windows has none: there two changes at one moment may lose one of them
    fcntl = None  # type: ignore[assignment]

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

    def read(self, name: str) -> Kept | Missing:
        """The thing of this name."""
        if not self.holds(name):
            return Missing(redact(f"There is no {self.what} named {name!r}; `{self.listing}` shows them all."))
        return self._read(self._file(name))

    def read_all(self) -> tuple[Kept | Missing, ...]:
        """Everything by name, damaged files as their sentences: one broken file hides no other."""
        return tuple(self._read(file) for file in sorted(self.path.glob("*.json")))

    def write(self, kept: Kept) -> None:
        """Saves it so that a crash leaves the old file or the new one. Raises OSError where it cannot."""
        if not is_name(kept.name):
            raise ValueError(f"The name of a {self.what} {NAME_RULE}")
        self.path.mkdir(mode=0o700, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=self.path, suffix=".draft")
        try:
            with open(descriptor, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(kept), indent=2))
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self._file(kept.name))
        finally:
            Path(draft).unlink(missing_ok=True)

    def remove(self, name: str) -> bool:
        """Deletes the file of this name, damaged or not; False when there is none."""
        found = self.holds(name)
        if found:
            self._file(name).unlink()
            self._lock_file(name).unlink(missing_ok=True)
        return found

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Holds the thing of this name for one change at a time; whoever comes meanwhile waits. Nothing where none exists."""
        if fcntl is None or not self.holds(name):
            yield
            return
        with open(os.open(self._lock_file(name), os.O_RDWR | os.O_CREAT, 0o600), "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

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
