"""Where a collection is kept: one JSON file, replaced as a whole, and one tool at a time that changes it.

It may hold product keys and says which computers there are, so only its owner may read it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from filelock import FileLock, Timeout

from activation.redaction import redact
from workstation.keeping.whole_file import replace_file
from workstation.proxy.collection import Collection

FORMAT: Literal["activation-center-proxy-1"] = "activation-center-proxy-1"
_OTHER_FORMAT = "If it is another file, name the right one with --collection; if it is damaged, restore it from a copy"


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    format: Literal["activation-center-proxy-1"]
    collection: Collection


@dataclass(frozen=True, slots=True)
class Unusable:
    """There is no collection, or none that can be read or changed now; the sentence says which and what to do."""

    sentence: str


@dataclass(frozen=True, slots=True)
class CollectionFile:
    """One collection's file."""

    path: Path

    def read(self) -> Collection | Unusable:
        """The collection."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=_Document).collection
        except FileNotFoundError:
            return Unusable(redact(f"There is no collection at {self.path}; begin one with `proxy collect`."))
        except (ValueError, RecursionError) as wrong:
            return Unusable(redact(f"The file {self.path} is not a collection of the proxy tool: {wrong}. {_OTHER_FORMAT}."))

    def read_or_begin(self) -> Collection | Unusable:
        """The collection, an empty one where there is no file yet."""
        return self.read() if self.path.exists() else Collection()

    def write(self, collection: Collection) -> None:
        """Saves it so that a crash leaves the old file or the new one. Raises OSError where it cannot."""
        replace_file(self.path, msgspec.json.encode(_Document(FORMAT, collection)))

    def remove(self) -> None:
        """Deletes the file."""
        self.path.unlink()

    @contextmanager
    def held(self) -> Iterator[Unusable | None]:
        """Keeps every other tool from changing it meanwhile; gives a sentence where another has it already."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(f"{self.path}.lock", blocking=False)
        try:
            acquired = lock.acquire()
        except Timeout:
            yield Unusable(redact(f"Another proxy tool is working on {self.path}. Wait until it has ended, then try again."))
            return
        with acquired:
            yield None
