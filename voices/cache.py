"""Sounds kept: on disk for every process and the next start, and in memory for this one. Both are bounded in bytes."""

import hashlib
import logging
import os
import threading
import zlib
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from voices.faults import NotASound
from voices.sound import TARGET_LEVEL, Sound

DISK_BYTES = 256 * 1024 * 1024
"""The script in four languages takes about a sixth of it."""
MEMORY_BYTES = 32 * 1024 * 1024
_CHECKSUM_BYTES = 4
_ENDING, _DRAFT = ".wav", ".draft"
_log = logging.getLogger(__name__)


class SoundCache:
    """A folder of WAV files named by the hash of what they are; several processes may fill it at once.

    A file appears whole or not at all, carries a checksum behind its last sample, and is dropped when that is not right.
    Files used least recently go before the folder outgrows its bytes; each process looks only now and then, so that several
    may overstep by a sixteenth each. A folder that cannot be written keeps nothing: the line speaks on.
    """

    def __init__(self, folder: Path, most_bytes: int = DISK_BYTES) -> None:
        self.folder, self._most_bytes = folder, most_bytes
        self._room_bytes = 0

    def get(self, name: str) -> Sound | None:
        """The sound kept under a name, and from now on the most recently used; None when there is none, or it is damaged."""
        path = self._path(name)
        try:
            sound = _checked(path.read_bytes())
        except OSError:
            return None
        with suppress(OSError):  # who may only read the folder hears what another process keeps there
            os.utime(path) if sound else path.unlink(missing_ok=True)
        return sound

    def put(self, name: str, sound: Sound) -> None:
        """Keeps a sound, unless it alone is larger than the folder may grow."""
        wav = sound.wav()
        file = wav + zlib.crc32(wav).to_bytes(_CHECKSUM_BYTES)
        if len(file) > self._most_bytes:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(file))
            _appear(self._path(name), file)
        except OSError as fault:
            _log.warning("A sentence was spoken but not kept: %s", fault)

    def size(self) -> tuple[int, int]:
        """How many files it holds, and their bytes."""
        sizes = [size for _, size, _ in self._files()]
        return len(sizes), sum(sizes)

    def _path(self, name: str) -> Path:
        whole = f"{TARGET_LEVEL}\n{name}"
        return self.folder / (hashlib.sha256(whole.encode()).hexdigest()[:40] + _ENDING)

    def _make_room(self, wanted_bytes: int) -> None:
        """Drops the files used least recently, drafts of processes that died among them, until there is room again."""
        if wanted_bytes > self._room_bytes:
            self._room_bytes = max(wanted_bytes, self._most_bytes // 16)
            files = sorted(self._files())
            surplus = sum(size for _, size, _ in files) + self._room_bytes - self._most_bytes
            while surplus > 0:
                _, size, path = files.pop(0)
                path.unlink(missing_ok=True)
                surplus -= size
        self._room_bytes -= wanted_bytes

    def _files(self) -> list[tuple[int, int, Path]]:
        """When each was used last, its bytes, and where it is."""
        found = []
        for path in (*self.folder.glob(f"*{_ENDING}"), *self.folder.glob(f"*{_DRAFT}")):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # another process dropped it meanwhile
            found.append((status.st_mtime_ns, status.st_size, path))
        return found


class KeptInMemory:
    """The sounds used most recently, up to so many bytes; any thread may call it."""

    def __init__(self, most_bytes: int = MEMORY_BYTES) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._sounds: OrderedDict[str, Sound] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str) -> Sound | None:
        """The sound under a name, and from now on the most recently used."""
        with self._lock:
            if name in self._sounds:
                self._sounds.move_to_end(name)
            return self._sounds.get(name)

    def put(self, name: str, sound: Sound) -> None:
        """Keeps a sound; what was used least recently makes room."""
        with self._lock:
            if name not in self._sounds:
                self._bytes += sound.samples.nbytes
            self._sounds[name] = sound
            while self._bytes > self._most_bytes:
                self._bytes -= self._sounds.popitem(last=False)[1].samples.nbytes


def _checked(file: bytes) -> Sound | None:
    """The sound of a file whose checksum is right."""
    wav, checksum = file[:-_CHECKSUM_BYTES], file[-_CHECKSUM_BYTES:]
    try:
        return Sound.of_wav(wav) if zlib.crc32(wav).to_bytes(_CHECKSUM_BYTES) == checksum else None
    except NotASound:
        return None


def _appear(path: Path, file: bytes) -> None:
    """Writes a file that appears whole or not at all."""
    handle, draft = mkstemp(suffix=_DRAFT, dir=path.parent)
    try:
        with open(handle, "wb") as opened:
            opened.write(file)
        os.replace(draft, path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
