"""What a phone is told: sounds one after the other, without a gap between two that wait."""

import asyncio
from collections import deque

from pbx.audio.frame import FRAME_BYTES, SILENCE, Frame


class Playing:
    """A sound under way. `done` is set when its last frame has been handed on."""

    def __init__(self, sound: bytes) -> None:
        self._sound = sound
        self._position = 0
        self.done = asyncio.get_running_loop().create_future()

    def next(self) -> Frame:
        """The next frame; the last is filled up with silence."""
        frame = self._sound[self._position : self._position + FRAME_BYTES]
        self._position += FRAME_BYTES
        return frame.ljust(FRAME_BYTES, SILENCE[:1])

    @property
    def is_over(self) -> bool:
        return self._position >= len(self._sound)


class Playback:
    """The sounds that one phone is told."""

    def __init__(self) -> None:
        self._sounds: deque[Playing] = deque()

    async def play(self, sound: bytes) -> None:
        """µ-law of any length, after what already waits; returns when it has been played. Cancelling stops it at once."""
        if not sound:
            return
        playing = Playing(sound)
        self._sounds.append(playing)
        try:
            await playing.done
        finally:
            if playing in self._sounds:
                self._sounds.remove(playing)

    def next(self) -> Frame | None:
        """The next 20 ms; None while there is nothing to play."""
        if not self._sounds:
            return None
        playing = self._sounds[0]
        frame = playing.next()
        if playing.is_over:
            self._sounds.popleft()
            if not playing.done.done():
                playing.done.set_result(None)
        return frame
