"""Who begins and ceases to speak in a conference, for those who want to be told of it."""

from collections import Counter
from collections.abc import Callable

from pbx.audio.bridge import Bridge, Voice
from pbx.audio.clock import Clock
from pbx.audio.frame import FRAME_SECONDS, Frame
from pbx.audio.loudness import is_loud

BEGINS_AFTER_FRAMES = round(0.1 / FRAME_SECONDS)
"""A click is nobody who speaks."""
CEASES_AFTER_FRAMES = round(1.0 / FRAME_SECONDS)

Told = Callable[[str, bool], None]
"""The sid of a call, and whether who is on it speaks from now on."""


class Speakers:
    """One `Ticking` of the clock, which listens to every voice in the room that is not muted."""

    latest: Frame | None = None
    call_sid = ""

    def __init__(self, bridge: Bridge, clock: Clock, tell: Told) -> None:
        self._bridge, self._clock, self._tell = bridge, clock, tell
        self._speaking: set[str] = set()
        self._frames: Counter[str] = Counter()
        """For how long each has been doing the other than what was told last."""
        clock.add(self)

    def is_heard_by(self, other: Voice) -> bool:
        return False

    def listen(self) -> None:
        """Nobody speaks into the call here."""

    def speak(self) -> None:
        loud = {voice.call_sid for voice in self._bridge.voices if self._hears(voice)}
        for sid in {voice.call_sid for voice in self._bridge.voices} | self._speaking:
            if sid:
                self._note(sid, sid in loud)

    def drop(self) -> None:
        """Nothing is to be cleared away."""

    def go_away(self) -> None:
        self._clock.remove(self)

    def _hears(self, voice: Voice) -> bool:
        return voice.latest is not None and voice.is_heard_by(self) and is_loud(voice.latest)

    def _note(self, sid: str, speaks: bool) -> None:
        if speaks is (sid in self._speaking):
            del self._frames[sid]
            return
        self._frames[sid] += 1
        if self._frames[sid] >= (BEGINS_AFTER_FRAMES if speaks else CEASES_AFTER_FRAMES):
            del self._frames[sid]
            (self._speaking.add if speaks else self._speaking.discard)(sid)
            self._tell(sid, speaks)


def watch_room(bridge: Bridge, clock: Clock, tell: Told) -> Callable[[], None]:
    """Have it told who speaks in the room, until the answer is called."""
    return Speakers(bridge, clock, tell).go_away
