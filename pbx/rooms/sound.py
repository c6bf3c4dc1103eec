"""What a conference sounds like where this process carries it: its bridge, and the tones of who comes and goes."""

from collections.abc import Callable
from dataclasses import dataclass

from pbx.audio.bridge import Bridge
from pbx.audio.frame import Frame
from pbx.audio.tap import Tap
from pbx.rooms.speakers import Told

ENTERING, LEAVING = "onEnter", "onExit"
"""When a tone sounds, in the words of Conference's `beep`."""


@dataclass(frozen=True, slots=True)
class RoomSound:
    """One room's sound."""

    bridge: Bridge
    entering: tuple[Frame, ...]
    leaving: tuple[Frame, ...]
    tap: Callable[[Tap], Callable[[], None]]
    """Has a tap told of all that is said, until its answer is called."""
    watch: Callable[[Told], Callable[[], None]]
    """Has it told who speaks, until its answer is called."""

    def beep(self, tone: str) -> None:
        """Everybody in the room hears it; who is just coming is not in it yet."""
        self.bridge.sound(list(self.entering if tone == ENTERING else self.leaving))
