"""Both directions of a call as a stereo WAV file: the line on the left, the caller on the right."""

import io
import wave

import numpy

from pbx.audio.frame import RATE_HZ, Frame
from voices.sound import Sound

SAMPLE_BYTES = 2


class Tape:
    """Grows by one frame of each with every tick."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._caller = bytearray()

    def wind(self, line: Frame, caller: Frame) -> None:
        self._line += line
        self._caller += caller

    def wav(self) -> bytes:
        """The whole file, 16-bit PCM."""
        channels = [Sound.of_mulaw(bytes(channel)).samples for channel in (self._line, self._caller)]
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(len(channels))
            writer.setsampwidth(SAMPLE_BYTES)
            writer.setframerate(RATE_HZ)
            writer.writeframes(numpy.column_stack(channels).astype("<i2").tobytes())
        return file.getvalue()
