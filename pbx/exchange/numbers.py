"""The exchange's telephone numbers, and which webhook each of them calls.

Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pbx.interpreter import Number
from pbx.request import Method, WebhookRequest

_SEPARATORS = re.compile(r"[\s().-]+")
_INTERNATIONAL = re.compile(r"(?:\+|00)?([1-9][0-9]{6,14})", re.ASCII)


@dataclass(slots=True)
class IncomingNumber:
    """A number that can be called here; what REST changes lasts as long as the exchange runs."""

    phone_number: str
    friendly_name: str
    voice_url: str
    created_at: datetime
    updated_at: datetime
    voice_method: Method = Method.POST
    voice_fallback_url: str | None = None
    voice_fallback_method: Method = Method.POST
    status_callback: str | None = None
    status_callback_method: Method = Method.POST

    @property
    def sid(self) -> str:
        """The same every time the exchange runs."""
        return "PN" + hashlib.sha256(self.phone_number.encode()).hexdigest()[:32]

    @property
    def line(self) -> Number:
        """Where calls to it go, as the interpreter is told."""
        return Number(
            self.voice_url,
            self.voice_fallback_url,
            self.status_callback,
            self.voice_fallback_method,
            self.status_callback_method,
        )

    @property
    def first_request(self) -> WebhookRequest:
        return WebhookRequest(self.voice_url, self.voice_method)


class Numbers:
    """Every number of the exchange, in order, and the names that stand for one."""

    def __init__(self, numbers: Iterable[IncomingNumber], names: Mapping[str, str]) -> None:
        """`names` are user parts of addresses, such as `activate`, each with the number it means."""
        self._by_number = {number.phone_number: number for number in numbers}
        self._names = names

    def __iter__(self) -> Iterator[IncomingNumber]:
        return iter(self._by_number.values())

    def get(self, sid: str) -> IncomingNumber | None:
        return next((number for number in self if number.sid == sid), None)

    def dialled(self, user: str) -> IncomingNumber | None:
        """What somebody means who dials this: a name, or a number with or without + or 00 and with any separators."""
        return self._by_number.get(self._names.get(user.lower()) or international(user) or user)


NO_NUMBERS = Numbers((), {})


def international(dialled: str) -> str | None:
    """The number in E.164, or None for what is no telephone number with a country code."""
    found = _INTERNATIONAL.fullmatch(_SEPARATORS.sub("", dialled))
    return f"+{found[1]}" if found else None
