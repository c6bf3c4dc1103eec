"""Telephone numbers: a caller's is kept as a keyed hash with the last two digits for display, never as numbers."""

import hmac
import re
from dataclasses import dataclass

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""What Twilio sends for anonymous, restricted, blocked, unknown and unavailable callers: the words on a keypad."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number as it came in, and whether it is a real one."""

    number: str

    @property
    def is_real(self) -> bool:
        """Whether this is a telephone number that can be recognised and reached again."""
        return bool(_E164.fullmatch(self.number)) and self.number not in _WITHHELD

    @property
    def hint(self) -> str:
        """The last two digits, for display; empty for a withheld number."""
        return self.number[-2:] if self.is_real else ""

    def hashed(self, key: bytes) -> str | None:
        """The keyed hash under which the caller's calls are found again; None for a withheld number."""
        return hmac.digest(key, self.number.encode(), "sha256").hex() if self.is_real else None


def keyed_number(keys: str) -> str | None:
    """The number (E.164) that these keys are: its country code first, perhaps behind two zeros; None when they are none."""
    number = "+" + keys.removeprefix("00")
    return number if PhoneNumber(number).is_real else None
