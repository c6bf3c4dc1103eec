"""What belongs to a computer beside its parts: whose image it runs, its routes, its countdowns, and what has happened to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

OLD_GENERATION = "2003"
"""The generation that blocks the logon when time is up; every newer one only notifies (rows 42, 44)."""

Moment = Annotated[datetime, Meta(tz=True)]


class Image(StrEnum):
    """What the system was installed from (rows 6, 7, 12)."""

    OWN = "own"
    """The owner's own installation."""
    MAKER = "maker"
    """The maker's image, or one built from it."""
    VOLUME = "volume"
    """Volume media, put over what was there before."""


class Start(StrEnum):
    """How the computer was started last (row 90)."""

    WINDOWS = "windows"
    SAFE_MODE = "safe mode"
    RECOVERY_CONSOLE = "recovery console"


class Fix(StrEnum):
    """Where a computer stands with the fix of KB 824345 (rows 87 to 92)."""

    MISSING = "missing"
    WAITING = "waiting for a restart"
    """Both system files are replaced; they come into force with the restart (row 89)."""
    IN_FORCE = "in force"
    BUILT_IN = "built in"
    """The computer has had the corrected files from the start: the fault switch is off."""


class ActivationRoute(StrEnum):
    """By which way a confirmation ID came to the computer (row 28)."""

    TELEPHONE = "telephone"
    INTERNET = "internet"


class Kind(StrEnum):
    """What sort of thing happened to a computer."""

    INSTALLED = "installed"
    LOGON = "logon"
    REMINDER = "reminder"
    HARDWARE = "hardware"
    DRIFTED = "out of tolerance"
    RETURNED = "within tolerance"
    ACTIVATED = "activated"
    REFUSED = "refused"
    IMAGE = "image"
    KEY = "key"
    REARMED = "rearmed"
    FIX = "fix"
    RESTART = "restart"
    CLOCK = "clock"
    INTERNET = "internet"
    KMS = "kms"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a computer's history, in its own time and language; `until` is the end of the countdown it began."""

    at: Moment
    kind: Kind
    words: str
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class Countdown:
    """Whole days of 24 hours to activate in, from a moment on (rows 39, 45)."""

    since: Moment
    days: Annotated[int, Meta(ge=0, le=3650)]

    @property
    def end(self) -> datetime:
        """The first moment that is too late."""
        return self.since + timedelta(days=self.days)

    def left(self, now: datetime) -> timedelta:
        """The time left: never negative, and never more than there was, however the clock is set back."""
        return min(max(self.end - now, timedelta()), timedelta(days=self.days))


@dataclass(frozen=True, slots=True)
class Routes:
    """How the computer reaches the centre; an empty URL is derived from the centre's own (rows 30 to 32)."""

    probe_url: str = ""
    activation_url: str = ""
    modem: bool = False


@dataclass(frozen=True, slots=True)
class Hosted:
    """What a key-management host gave a volume client: by which host, when, and until when it holds unless renewed."""

    host: str
    activated_at: Moment
    valid_until: Moment
