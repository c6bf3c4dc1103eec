"""What the console's pages stand on: one `Centre`, and the two views of its database (floor and line) as one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from flask import current_app

from activation.catalogue import Catalogue
from activation.secrets import Secrets
from callcenter.floor import records
from callcenter.floor.anchors import Anchors
from callcenter.floor.debugger import ReadLog
from callcenter.floor.hours import OpeningHours
from callcenter.floor.policy import Policy
from callcenter.floor.training_records import Switches, Training, TrainingStory
from ivr import records as line_records
from ivr.assistance import Assistance

Result = TypeVar("Result")

STREAMS = 64
"""Live pages a process serves at once; the web server needs so many threads beside those that answer requests."""
_EXTENSION = "activation-center-console"


class Timeline(records.Timeline, line_records.Timeline, Protocol):
    """What happened in calls, written and read."""


class Cases(records.Cases, line_records.Cases, Protocol):
    """Calls handed to a person."""


class Agreements(records.Agreements, line_records.Agreements, Protocol):
    """The volume agreements, for people and for the line."""


class Outbox(records.Outbox, line_records.Outbox, Protocol):
    """What is to be said to the outside world later."""


class Transaction(records.Transaction, line_records.Transaction, Protocol):
    """One open transaction over everything that the floor and the line need."""

    @property
    def timeline(self) -> Timeline: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def training(self) -> Training: ...
    @property
    def switches(self) -> Switches: ...


class Store(Protocol):
    """The database."""

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in one serialisable transaction and commits; on a conflict again, so `work` has no other effects."""

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` on one consistent picture of the database without holding up writers; it cannot write."""


class BrowserPhones(Protocol):
    """What makes browsers telephones."""

    def hand_out(self, identity: str) -> Mapping[str, str] | None:
        """What a browser needs to be the phone `client:identity`, as JSON; None while no exchange runs."""

    def is_there(self, address: str) -> bool:
        """Whether a phone of that address could be rung just now, as far as anybody knows."""

    def place(self, token_path: str) -> object:
        """What the template of a telephone is drawn from, given where its tokens come from."""

    def sources(self) -> str:
        """What the policy of a page with a telephone allows to connect to; empty while no exchange runs."""


@dataclass(frozen=True, slots=True)
class Centre:
    """The parts of one activation centre that its console needs.

    `audit_key` chains the record of acts, whose head `anchors` keep outside the database. `has_telephony` says whether anybody
    carries out call control, `read_log` what went wrong there. Sessions end `idle_after` the last request of a person, and
    `over_after` signing in at the latest.
    """

    store: Store
    catalogue: Catalogue
    secrets: Secrets
    assistance: Assistance
    policy: Policy
    hours: OpeningHours
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    line_name: str
    audit_key: bytes
    anchors: Anchors
    has_telephony: Callable[[], bool]
    read_log: ReadLog
    idle_after: timedelta = timedelta(minutes=30)
    over_after: timedelta = timedelta(hours=12)
    phones: BrowserPhones | None = None
    """None where agents have no telephone in the browser."""
    stories: Mapping[int, TrainingStory] = field(default_factory=dict)
    """What simulated callers can play, by number."""


def centre() -> Centre:
    """The centre of the application that answers this request."""
    found: Centre = current_app.extensions[_EXTENSION]
    return found


def keep_centre(extensions: dict[str, object], kept: Centre) -> None:
    """Puts the centre where `centre()` finds it."""
    extensions[_EXTENSION] = kept
