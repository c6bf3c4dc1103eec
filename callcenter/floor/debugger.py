"""What went wrong in calls, as the telephony side's debugger tells it, and why it may have nothing to tell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum


class Level(StrEnum):
    """A warning leaves a call going on with a default; an error mostly ends what it was about."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that went wrong. `code` is Twilio's, `line` that of the `document` where it is about one."""

    at: datetime
    call_sid: str
    level: Level
    code: int
    document: str
    line: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them: of one level, of one call, and which page of those, the newest being on page 1."""

    level: Level | None = None
    call_sid: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, the newest first."""

    alerts: tuple[Alert, ...]
    has_older: bool


class Unread(Enum):
    """Why there is no log to show, what to do, and where: a command or an address."""

    sentence: str
    remedy: str
    where: str

    def __init__(self, sentence: str, remedy: str, where: str) -> None:
        self.sentence, self.remedy, self.where = sentence, remedy, where

    NO_EXCHANGE = (
        "No exchange runs here, so there is no log to read.",
        "Start the centre with the one that it brings, then load this page again:",
        "activation-center serve",
    )
    NO_ANSWER = (
        "The exchange does not show its log.",
        "See whether it runs, and under the account and the token of this centre; then load this page again:",
        "activation-center exchange status",
    )
    AT_TWILIO = (
        "Calls come through a Twilio account, and Twilio keeps its own debugger.",
        "Sign in there to see what went wrong:",
        "https://www.twilio.com/console/debugger",
    )


ReadLog = Callable[[Wanted], LogPage | Unread]
"""Reads a page of the log."""
