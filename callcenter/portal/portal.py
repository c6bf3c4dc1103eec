"""What the portal's pages stand on: one `Portal`, found by `portal()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from activation.catalogue import Catalogue
from activation.secrets import Secrets
from callcenter.floor.anchors import Anchors
from callcenter.floor.key_facts import KeyFacts, key_facts
from callcenter.floor.keys import FloorKey
from callcenter.floor.policy import Policy
from callcenter.floor.portal_records import Store

_EXTENSION = "activation-center-portal"


@dataclass(frozen=True, slots=True)
class Portal:
    """The parts of one activation centre that its portal needs.

    `audit_key` chains the record of acts, whose head `anchors` keep outside the database. Sessions end `idle_after` the last
    request, and `over_after` signing in at the latest. `choose(n)` picks a number below n that nobody can foretell.
    """

    store: Store
    catalogue: Catalogue
    secrets: Secrets
    policy: Policy
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    choose: Callable[[int], int]
    line_name: str
    audit_key: bytes
    anchors: Anchors
    idle_after: timedelta = timedelta(minutes=30)
    over_after: timedelta = timedelta(hours=12)

    def facts(self, key: FloorKey) -> KeyFacts:
        """A key as pages show it."""
        return key_facts(key, self.catalogue, self.secrets)


def portal() -> Portal:
    """The portal of the application that answers this request."""
    found: Portal = current_app.extensions[_EXTENSION]
    return found


def keep_portal(extensions: dict[str, object], kept: Portal) -> None:
    """Puts the portal where `portal()` finds it."""
    extensions[_EXTENSION] = kept
