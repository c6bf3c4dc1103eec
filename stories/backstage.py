"""What a story is handed from behind the counter, and nothing else: keys made for it, accounts for its agents, counts.

`house/` has the only one; whatever a story does beyond this it does as people do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pbx.demo.computer import DemoFailed
from stories.cues import LineCues
from stories.story import Key, Role


class StoryFailed(DemoFailed):
    """The story went another way; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a telephone needs to call: the webhook it calls, the account that signs, the number dialled, the exchange."""

    voice_url: str
    account_sid: str
    auth_token: str
    number: str
    find_exchange: Callable[[], str | None]
    redact: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Contact:
    """Who speaks for the agreement made for a story, and the fact that proves it: how many are left on another of its keys."""

    agreement: str
    id: str
    name: str
    fact_serial: int
    fact_left: int


@dataclass(frozen=True, slots=True)
class Props:
    """What was made for one telling: the key's text and serial, and the contact where there is an agreement."""

    key: str
    serial: int
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in while the story lasts, with a first password and a telephone number."""

    name: str
    full_name: str
    password: str
    phone: str


@dataclass(frozen=True, slots=True)
class Count:
    """A key's count."""

    used: int
    allowed: int

    def __str__(self) -> str:
        return f"{self.used} of {self.allowed} used"


class Backstage(Protocol):
    """Behind the counter of the centre that runs."""

    @property
    def home(self) -> Path:
        """The instance folder, where workstations are kept."""

    @property
    def base_url(self) -> str: ...
    @property
    def line(self) -> Line: ...
    @property
    def cues(self) -> LineCues: ...

    def make(self, key: Key, caller: str, organisation: str) -> Props:
        """A key made for training, with an agreement where the key wants one, spoken for by the caller. Raises StoryFailed."""

    def media_key(self, product: str) -> str:
        """A key made for training that installs this product. Raises StoryFailed."""

    def count(self, serial: int) -> Count:
        """The key's count now."""

    def hire(self, role: Role) -> Account:
        """Makes an account for the story."""

    def dismiss(self, name: str) -> None:
        """Closes the account again."""

    def invite(self, contact: str) -> str:
        """The path of a one-time link into the portal for this contact."""

    def mark(self, call_sid: str, story: int) -> None:
        """Says of a call that a simulated caller makes it."""

    def call_by_voice(self, workstation: str, show: Callable[[str], None]) -> None:
        """The demo's caller calls over SIP about this workstation, and speaks. Raises StoryFailed."""
