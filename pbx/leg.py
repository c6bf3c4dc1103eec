"""One phone's end of a call, whatever the phone is: typed, scripted or, later, spoken to over SIP."""

from dataclasses import dataclass
from typing import Protocol

from pbx.seat import Hearing
from pbx.speech import Speech


class HungUp(Exception):
    """The phone is gone. Raised out of whatever the line was doing with it."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the keypad, heard as a telephone-event (RFC 4733): 0-9, * or #."""

    digit: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something the caller said, recognised. `confidence` is 0.0 to 1.0 when the recogniser gives one."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a recogniser is asked for. `speech_timeout_seconds` is the silence that ends speech; None lets it decide."""

    language: str
    hints: tuple[str, ...]
    model: str
    profanity_filter: bool
    speech_timeout_seconds: int | None


@dataclass(frozen=True, slots=True)
class Listening:
    """What the line listens for: keys, speech, both, or neither."""

    keys: bool
    speech: Recognition | None = None


class Leg(Protocol):
    """A phone. Every coroutine raises `HungUp` once the phone is gone, and may be cancelled at any await."""

    @property
    def hung_up(self) -> bool:
        """Whether the phone is already gone."""

    async def answer(self) -> None:
        """Pick the call up."""

    async def reject(self, reason: str) -> None:
        """Refuse the call unanswered; `reason` is `rejected` or `busy`."""

    async def say(self, speech: Speech) -> None:
        """Say it once; returns when it has been said. Cancelling stops the voice."""

    async def play(self, url: str | None) -> None:
        """Play the recording at the URL once, or without one the exchange's own music; returns at its end."""

    async def sound(self, tones: str) -> None:
        """Sound keys as tones: 0-9, A-D, * and #, with w and W for 0.5 s and 1 s of silence."""

    async def confer(self, hearing: Hearing, star_leaves: bool) -> None:
        """Hear the conference and be heard as `hearing` says; return only when the star is pressed and may leave."""

    async def pause(self, seconds: float) -> None:
        """Let time pass in silence."""

    def flush_keys(self) -> None:
        """Forget keys pressed while nobody listened, as Twilio does when a Gather begins."""

    async def next_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        """The next input of a kind listened for, or None when none *begins* within that time (None: wait for ever).

        Input of another kind is dropped and does not restart the timer. Cancelling loses nothing: what was not
        returned is there for the next call.
        """

    async def hang_up(self) -> None:
        """End the call from the line's side."""
