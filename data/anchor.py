"""The anchors of the chain of acts: a file beside the database that gets a line for every act and never loses one.

Whoever cuts acts off the end of the chain leaves a chain that fits together; the file remembers that it was longer. It
protects best where nobody who writes to the database can write to it, or where copies of it are kept elsewhere.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where the web server is one process
    fcntl = None  # type: ignore[assignment]

_ANCHOR = re.compile(rb"([1-9][0-9]{0,17}) ([0-9a-f]{64})")
_LONGEST_LINE = 128


class AnchorFile:
    """The anchors in one file, `number digest` a line; any number of processes may add to it (`callcenter.floor.anchors`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._one_thread = Lock()

    def create(self) -> None:
        """Makes the empty file that belongs to an empty chain. Nothing else makes one, so that its absence tells something."""
        self.path.touch(mode=0o600)

    def note(self, number: int, digest: str) -> None:
        """Adds the head of the chain once it is committed. A head older than the last one stays out: of two acts that commit
        one after the other, the second may come here first. A file that was taken away stays away, for `damage` to tell."""
        if not self.path.exists():
            return
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND)
        with self._one_thread, open(handle, "r+b", buffering=0) as file:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX)
            tail = _tail(file)
            if number > _last_number(tail):
                broken_off = bool(tail) and not tail.endswith(b"\n")
                file.write((b"\n" if broken_off else b"") + f"{number} {digest}\n".encode())
                os.fsync(file)

    def all(self) -> tuple[tuple[int, str], ...]:
        """Every anchor that can be read, in the order they were written."""
        found = (_ANCHOR.fullmatch(line) for line in self._lines())
        return tuple((int(match[1]), match[2].decode()) for match in found if match)

    def damage(self) -> tuple[str, ...]:
        """That the file is gone, or every line that is no anchor or goes backward, as a sentence."""
        return tuple(self._damage())

    def _damage(self) -> Iterator[str]:
        if not self.path.exists():
            yield f"{self.path.name} is missing: somebody took it away. Put back the newest copy of it."
        last = 0
        for position, line in enumerate(self._lines(), start=1):
            place, match = f"Line {position} of {self.path.name}", _ANCHOR.fullmatch(line)
            if match is None:
                yield f"{place} is no anchor: somebody changed the file, or it was cut off while it was written."
            elif int(match[1]) <= last:
                yield f"{place} goes back from act {last} to act {int(match[1])}: somebody changed the file."
            last = int(match[1]) if match else last

    def _lines(self) -> list[bytes]:
        return self.path.read_bytes().splitlines() if self.path.exists() else []


def _tail(file: BinaryIO) -> bytes:
    """The end of the file, with two whole lines at least where there are so many."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2 * _LONGEST_LINE))
    return file.read()


def _last_number(tail: bytes) -> int:
    return max((int(match[1]) for line in tail.splitlines() if (match := _ANCHOR.fullmatch(line))), default=0)
