"""A tap on a leg: somebody else who gets its sound, as Media Streams, recordings and supervisors do."""

from typing import Protocol

from pbx.audio.frame import Frame


class Tap(Protocol):
    """Called by the clock; must not block."""

    def heard(self, frame: Frame) -> None:
        """20 ms that the phone said."""

    def said(self, frame: Frame) -> None:
        """20 ms that the phone was told."""

    def pressed(self, digit: str) -> None:
        """A key."""
