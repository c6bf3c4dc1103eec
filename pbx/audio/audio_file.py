"""Recordings as they come over HTTP: WAV with PCM or µ-law samples, or bare µ-law. Anything else is refused in a sentence."""

from collections.abc import Iterator

from voices.faults import NotASound
from voices.sound import Sound

MULAW_TYPES = frozenset({"audio/basic", "audio/ulaw", "audio/x-mulaw", "audio/mulaw"})
_MULAW_TAG = 7
_SUN_HEADER = b".snd"


def mulaw_of(file: bytes, content_type: str) -> bytes:
    """The file as µ-law at 8 kHz. Raises NotASound, which says what it is instead."""
    if file.startswith(b"RIFF"):
        return _mulaw_chunk(file) or Sound.of_wav(file).mulaw()
    if content_type in MULAW_TYPES:
        return file[int.from_bytes(file[4:8]) :] if file.startswith(_SUN_HEADER) else file
    raise NotASound(f"is {content_type or 'of no content type'}, and WAV or µ-law can be played: convert it")


def _mulaw_chunk(file: bytes) -> bytes:
    """The samples of a WAV of one channel of µ-law at 8 kHz; nothing where it is any other."""
    chunks = dict(_chunks(file))
    header = chunks.get(b"fmt ", b"")
    tag, channels, rate_hz = (int.from_bytes(header[at:to], "little") for at, to in ((0, 2), (2, 4), (4, 8)))
    return chunks.get(b"data", b"") if (tag, channels, rate_hz) == (_MULAW_TAG, 1, 8000) else b""


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(file):
        size = int.from_bytes(file[at + 4 : at + 8], "little")
        yield file[at : at + 4], file[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
