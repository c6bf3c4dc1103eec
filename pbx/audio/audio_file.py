"""Recordings as they come over HTTP, made µ-law: all that Twilio's Play takes, and what else libsndfile reads.

Source: https://www.twilio.com/docs/voice/twiml/play (MPEG, WAV, AIFF, GSM, µ-law).
"""

import io
from collections.abc import Iterator

import numpy
import soundfile
import soxr
from numpy.typing import NDArray

from voices.faults import NotASound
from voices.sound import FULL_SCALE, RATE_HZ, Sound

MULAW_TYPES = frozenset({"audio/basic", "audio/ulaw", "audio/x-mulaw", "audio/mulaw"})
GSM_TYPES = frozenset({"audio/gsm", "audio/x-gsm"})
_HEADERS = (b"RIFF", b".snd")
_GSM = {"format": "RAW", "subtype": "GSM610", "samplerate": RATE_HZ, "channels": 1}
_FIRST_OF_GSM = bytes(range(0xD0, 0xE0))
"""A frame of GSM 06.10 without a header begins with these four bits."""
_BLOCK_FRAMES = 65536
_Floats = NDArray[numpy.float32]


def mulaw_of(file: bytes, content_type: str, most_seconds: float) -> bytes:
    """The file as µ-law at 8 kHz, a little more than `most_seconds` of a longer one. Raises NotASound, which says why."""
    if content_type in MULAW_TYPES and not file.startswith(_HEADERS):
        return file
    how = _GSM if content_type in GSM_TYPES and file[:1] in _FIRST_OF_GSM else {}
    try:
        with soundfile.SoundFile(io.BytesIO(file), **how) as recording:
            samples = numpy.concatenate([numpy.zeros(0, numpy.float32), *_blocks(recording, most_seconds)])
    except soundfile.LibsndfileError as fault:
        what = content_type or "of no content type"
        reason = fault.error_string.rstrip(".")
        raise NotASound(f"is {what} and cannot be read ({reason}): send MP3, WAV, AIFF, GSM or µ-law") from None
    whole = numpy.clip(numpy.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1)
    return Sound(whole.astype(numpy.int16)).mulaw()


def _blocks(recording: soundfile.SoundFile, most_seconds: float) -> Iterator[_Floats]:
    """Channels mixed and 8000 samples a second, block by block: an MP3 of a few megabytes would be a gigabyte at once."""
    rate_hz = recording.samplerate
    stream = soxr.ResampleStream(rate_hz, RATE_HZ, 1)
    left = int(most_seconds + 1) * rate_hz
    while left > 0 and len(block := recording.read(min(left, _BLOCK_FRAMES), dtype="float32", always_2d=True)):
        left -= len(block)
        mixed = block.mean(axis=1)
        yield mixed if rate_hz == RATE_HZ else stream.resample_chunk(mixed)
    if rate_hz != RATE_HZ:
        yield stream.resample_chunk(numpy.zeros(0, numpy.float32), last=True)
