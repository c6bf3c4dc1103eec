"""The log of what is wrong with what arrives, so written that nobody can fill a disk from outside."""

import logging
from collections.abc import Callable
from time import monotonic

LINES_PER_PERIOD = 10
PERIOD_SECONDS = 60.0

_log = logging.getLogger("pbx.sip")


class Journal:
    """Tells each kind of trouble ten times a minute at most, then how often it was left out."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._periods: dict[str, tuple[float, int]] = {}

    def tell(self, kind: str, detail: object) -> None:
        """One more trouble of a kind; there are few kinds, all of them written in this folder."""
        now = self._now()
        began, told = self._periods.get(kind, (now, 0))
        if now - began >= PERIOD_SECONDS:
            if told > LINES_PER_PERIOD:
                _log.warning("%s: %d more like this in the last minute", kind, told - LINES_PER_PERIOD)
            began, told = now, 0
        self._periods[kind] = (began, told + 1)
        if told < LINES_PER_PERIOD:
            _log.warning("%s: %s", kind, detail)

    def write(self, *text: object, **_when: object) -> None:
        """What sippy tells of each message: where it went, and its method or code. What else is in it is nobody's business."""
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s %s", str(text[0]).strip(), str(text[-1]).removeprefix("SIP/2.0 ").partition(" ")[0])

    def print(self, *_words: object, **_how: object) -> None:
        """What sippy would print on standard output, whole messages among it."""
        self.tell("oddity", "a message is not quite as it should be")

    def dump_exception(self, message: str, *_how: object, **_more: object) -> None:
        """What sippy would print a traceback of."""
        self.tell("unreadable message", message)
