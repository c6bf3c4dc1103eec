"""One phone's end of a call, whatever the phone is: typed, scripted or, later, spoken to over SIP."""

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from pbx.audio.bridge import Bridge
from pbx.audio.tap import Tap
from pbx.rooms.seat import Hearing
from pbx.speech import Speech


class HungUp(Exception):
    """The phone is gone. Raised out of whatever the line was doing with it."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the keypad, heard as a telephone-event (RFC 4733): 0-9, * or #."""

    digit: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something the caller said, recognised. `confidence` is 0.0 to 1.0 when the recogniser gives one.

    `alternatives`, where it gives those: the ways it may have been said, best first, each with the natural logarithm of its
    likelihood beside the best one's.
    """

    text: str
    confidence: float | None = None
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a recogniser is asked for. `speech_timeout_seconds` is the silence that ends speech; None lets it decide."""

    language: str
    hints: tuple[str, ...]
    model: str
    profanity_filter: bool
    speech_timeout_seconds: int | None
    longest_seconds: int = 60
    """However long somebody speaks, what was said until then is the result."""
    digits: int | None = None
    """So many are asked for: speech ends as soon as they are said."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What the line listens for: keys, speech, both, or neither."""

    keys: bool
    speech: Recognition | None = None
    on_partial: Callable[[str], None] | None = field(default=None, compare=False)
    """Told of guesses while the caller still speaks."""


@dataclass(frozen=True, slots=True)
class RecordingTerms:
    """When a recording ends. Source: https://www.twilio.com/docs/voice/twiml/record."""

    silence_seconds: int
    """So much silence ends it; 0: none does."""
    longest_seconds: int
    finish_keys: str
    beeps: bool
    trims_silence: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded, µ-law at 8 kHz; `ended_by` is the key, `hangup`, or empty."""

    sound: bytes
    ended_by: str


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

    def prepared(self, urls: Collection[str]) -> AbstractAsyncContextManager[None]:
        """Have the recordings at these URLs at hand from the beginning to the end: what is played inside starts at once.

        Entering raises CallError for one that cannot be had.
        """

    async def sound(self, tones: str) -> None:
        """Sound keys as tones: 0-9, A-D, * and #, with w and W for 0.5 s and 1 s of silence."""

    async def confer(self, bridge: Bridge | None, hearing: Hearing, star_leaves: bool) -> None:
        """Hear those in the bridge and be heard as `hearing` says; return only when the star is pressed and may leave.

        No bridge: the conference is kept elsewhere, and this phone has no sound.
        """

    async def ring_back(self, country: str = "") -> None:
        """Hear the tone of a phone that rings far away, until cancelled."""

    async def emit(self, sound: bytes) -> None:
        """Play µ-law sound of any length; returns when it has been played, cancelling stops it."""

    async def record(self, terms: RecordingTerms) -> Recording:
        """Record the phone. A hang-up ends the recording, and is raised by the next thing done with the leg."""

    def tap(self, tap: Tap) -> Callable[[], None]:
        """Have this told of everything heard, said and pressed; the answer takes it out again."""

    async def pause(self, seconds: float) -> None:
        """Let time pass in silence."""

    def hears(self, language: str) -> bool:
        """Whether speech in that language (BCP 47) can be recognised; in any other only keys are heard."""

    def flush_keys(self) -> None:
        """Forget keys pressed while nobody listened, as Twilio does when a Gather begins."""

    async def next_input(self, listening: Listening, within_seconds: float | None) -> Key | Utterance | None:
        """The next input of a kind listened for, or None when none *begins* within that time (None: wait for ever).

        Input of another kind is dropped and does not restart the timer. Cancelling loses nothing: what was not
        returned is there for the next call.
        """

    async def hang_up(self) -> None:
        """End the call from the line's side."""
