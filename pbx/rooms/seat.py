"""A caller's seat in a conference, as the phone sees it: the conference turns it, the phone follows.

What a participant hears is decided in one place, where the conference is kept. The phone is told in whole values, never
in changes, so that one that lost its way is put right by the next.
"""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum

from pbx.audio.bridge import Bridge
from pbx.recording import RecordingPlan
from pbx.request import Content, Method

MAXIMUM_PARTICIPANTS = 250


@dataclass(frozen=True, slots=True)
class Notification:
    """Where a conference tells what happens in it, and of which events."""

    url: str
    method: Method = Method.POST
    events: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """How a caller takes part. Source: https://www.twilio.com/docs/voice/twiml/conference."""

    muted: bool = False
    beep: str = "true"
    starts_on_enter: bool = True
    ends_on_exit: bool = False
    wait: Content = field(default_factory=Content)
    maximum: int = MAXIMUM_PARTICIPANTS
    label: str = ""
    coaches: str = ""
    """The sid of the one call that hears this caller; empty: everybody does."""
    notification: Notification | None = None
    recording: RecordingPlan | None = None
    """How the room is recorded, if this caller wishes it to be."""


class Refusal(StrEnum):
    """Why somebody cannot be in a conference; empty for who can."""

    NONE = ""
    FULL = "full"
    LABEL_TAKEN = "label-taken"
    NOBODY_TO_COACH = "nobody-to-coach"
    NO_ROOM = "no-room"


class Hears(StrEnum):
    """What a participant hears."""

    WAITING = "waiting"
    TALKING = "talking"
    HELD = "held"
    ANNOUNCEMENT = "announcement"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a participant hears now; `content` is played while they wait, are held, or an announcement is made."""

    what: Hears
    content: Content = field(default_factory=Content)
    others: int = 0
    muted: bool = False
    coaching: bool = False
    coached: str = ""
    """The sid of the call that alone hears this one, while coaching."""
    announcement: int = 0
    """Counts the announcements, so that the same one made twice is played twice."""
    refused: Refusal = Refusal.NONE
    """Set with OVER only."""

    def __str__(self) -> str:
        """What a phone without a voice tells its holder about the company."""
        company = "1 other" if self.others == 1 else f"{self.others} others"
        remark = " You are muted." if self.muted else " Only the agent you coach hears you." if self.coaching else ""
        return f"In a conference with {company}.{remark}"


class Seat(ABC):
    """A seat, with what is heard in it."""

    bridge: Bridge | None = None
    """The room's sound, where this process carries it."""

    def __init__(self) -> None:
        self._hearing = Hearing(Hears.WAITING)
        self._turned = asyncio.Event()

    @property
    def hearing(self) -> Hearing:
        return self._hearing

    def turn(self, hearing: Hearing) -> None:
        """From now on this is heard."""
        if hearing != self._hearing:
            self._hearing = hearing
            self._turned.set()

    async def turned_from(self, hearing: Hearing) -> None:
        """Return as soon as something else than this is heard."""
        while self._hearing == hearing:
            self._turned.clear()
            await self._turned.wait()

    @abstractmethod
    def leave(self) -> None:
        """Get up; whose seat is over already has left."""

    @abstractmethod
    def heard_out(self, announcement: int, failure: str = "") -> None:
        """The announcement of that number has been played to its end, or could not be had, for this reason."""
