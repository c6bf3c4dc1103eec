"""Twilio's debugger for this exchange: every warning and error of every call, with its code, document and line.

Source: https://www.twilio.com/docs/usage/troubleshooting/debugging-your-application. Only the latest are kept, cleaned of
what may never be shown.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pbx.codes import CallError, Code, Level, Notice, presentable

log = logging.getLogger(__name__)

REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that went wrong in a call. `line` is that of the document, where it is about one."""

    at: datetime
    call_sid: str
    level: Level
    code: Code
    url: str
    line: int | None
    detail: str

    def __str__(self) -> str:
        place = self.url + (f", line {self.line}" if self.line else "")
        return f"{self.level} {self.code.value}, {place}: {self.code.words}: {self.detail}"


class Debugger:
    """What went wrong lately, the latest first."""

    def __init__(
        self, clock: Callable[[], datetime], redact: Callable[[str], str], tell: Callable[[Alert], None] = lambda _: None
    ) -> None:
        """`tell` hears of every alert."""
        self._clock = clock
        self._redact = redact
        self._tell = tell
        self._alerts: deque[Alert] = deque(maxlen=REMEMBERED)

    def __iter__(self) -> Iterator[Alert]:
        return reversed(self._alerts)

    def note(self, call_sid: str, trouble: Notice | CallError) -> None:
        """Keep it and log it."""
        level = trouble.level if isinstance(trouble, Notice) else Level.ERROR
        url, detail = self._redact(presentable(trouble.url)), self._redact(trouble.detail)
        self.keep(Alert(self._clock(), call_sid, level, trouble.code, url, trouble.line, detail))

    def keep(self, alert: Alert) -> None:
        """Keep and log what was noted here, or by a phone that runs its call itself."""
        self._alerts.append(alert)
        log.log(logging.WARNING if alert.level is Level.WARNING else logging.ERROR, "call %s: %s", alert.call_sid, alert)
        self._tell(alert)
