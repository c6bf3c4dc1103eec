"""Somebody in a conference who says nothing and hears all of it: what a recording of the room is made with."""

from collections.abc import Callable

from pbx.audio.bridge import Bridge, Voice
from pbx.audio.clock import Clock
from pbx.audio.frame import SILENCE, Frame
from pbx.audio.tap import Tap


class Microphone:
    """A `Voice` in the room, one `Ticking` of the clock, and a tap that is told what the room says."""

    latest: Frame | None = None
    call_sid = ""

    def __init__(self, bridge: Bridge, clock: Clock, tap: Tap) -> None:
        self._bridge, self._clock, self._tap = bridge, clock, tap
        bridge.enter(self)
        clock.add(self)

    def is_heard_by(self, other: Voice) -> bool:
        return False

    def listen(self) -> None:
        """Nobody speaks into the call here."""

    def speak(self) -> None:
        self._tap.heard(self._bridge.heard_by(self) or SILENCE)

    def drop(self) -> None:
        self._bridge.leave(self)

    def take_away(self) -> None:
        self._clock.remove(self)
        self._bridge.leave(self)


def tap_room(bridge: Bridge, clock: Clock, tap: Tap) -> Callable[[], None]:
    """Have the tap told of the room's sound, until the answer is called."""
    return Microphone(bridge, clock, tap).take_away
