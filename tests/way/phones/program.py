"""A softphone's program: what it tells while it runs, and its end."""

import re
import subprocess
import threading
import time

from ear import PATIENCE_SECONDS

AT_ONCE = ("nice", "-n", "-10")
"""A telephone has a processor of its own. On this machine it comes first; where that is not allowed, it runs all the same."""


class Told:
    """Everything a program has told so far, filled by the thread that reads it; each thing waited for comes after the last."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._words = ""
        self._from = 0
        self._more = threading.Condition()

    def add(self, words: str) -> None:
        with self._more:
            self._words += words
            self._more.notify_all()

    def wait_for(self, pattern: str, within_seconds: float = PATIENCE_SECONDS) -> None:
        """Until it has told this, a regular expression."""
        deadline = time.monotonic() + within_seconds
        with self._more:
            while not (found := re.compile(pattern).search(self._words, self._from)):
                left = deadline - time.monotonic()
                assert left > 0, f"{self._who} did not tell {pattern!r}; it told:\n{self._words}"
                self._more.wait(left)
            self._from = found.end()


def end(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    """Whoever does not go when told to is made to."""
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
