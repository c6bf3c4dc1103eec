"""Legs that hear each other: a conference, or the two ends of a Dial."""

from collections.abc import Collection
from typing import Protocol

from pbx.audio.frame import Frame


class Voice(Protocol):
    """One leg in a bridge."""

    @property
    def call_sid(self) -> str:
        """Whose it is; empty for what is no call."""

    @property
    def latest(self) -> Frame | None:
        """What its phone said in this tick of the clock; None when nothing came."""

    def is_heard_by(self, other: "Voice") -> bool:
        """Not when muted; a coach only by the one who is coached."""


class Bridge(Protocol):
    """The sound of one room."""

    def enter(self, voice: Voice) -> None: ...

    def leave(self, voice: Voice) -> None: ...

    @property
    def voices(self) -> Collection[Voice]:
        """Everybody in the room."""

    def heard_by(self, voice: Voice) -> Frame | None:
        """What everybody else said in this tick, mixed for this one; None when nobody said anything."""

    def sound(self, frames: list[Frame], but_for: Voice | None = None) -> None:
        """Play something to everybody in the room: the tone of who comes and goes."""
