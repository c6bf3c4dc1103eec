"""Changes that people ask for at the desk: what they are, and the states a request passes through (section E4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Change(StrEnum):
    """What a request would change."""

    RAISE = "raise"
    LOWER = "lower"
    BLOCK = "block"
    UNBLOCK = "unblock"
    NEW_KEY = "new key"
    EXCEPTION = "exception"
    """One activation that the rules alone would not grant, for a key without an agreement."""


class Counter(StrEnum):
    """Which number is raised or lowered; for KMS a raise names which (row 58)."""

    INSTALLATIONS = "installations"
    HOSTS = "hosts"
    HOST_ISSUES = "activations of one host"


class Initiator(StrEnum):
    """Who wished the change (row 74)."""

    CUSTOMER = "customer"
    VENDOR = "vendor"


class Method(StrEnum):
    """How the caller was verified (E4.2, E4.3)."""

    CALL_BACK = "call-back to the number on file"
    ONE_TIME_CODE = "one-time code from the portal"
    PRIVATE_FACT = "private fact"
    PORTAL = "sign-in at the portal"
    """Nobody called: the contact asked for it there."""


class ReasonCode(StrEnum):
    """Why (E4.7)."""

    NEW_PURCHASE = "new purchase"
    RE_IMAGE = "re-image"
    HARDWARE_FAILURE = "hardware failure"
    VIRTUAL_REBUILD = "virtual rebuild"
    TEST_LAB = "test lab"
    MERGER = "merger"
    KEY_LEAKED = "key leaked"
    VENDOR_CORRECTION = "vendor-side correction"
    OTHER = "other"
    """Needs words."""


class RequestStatus(StrEnum):
    """Where a request stands."""

    HELD = "held"
    APPLIED = "applied"
    REFUSED = "refused"
    EXPIRED = "expired"
    FAILED = "failed"
    """Approved, but no longer possible when it was to be applied; nothing changed."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `amount` is by how much a count is raised, or the new value of a count that is lowered; 0 elsewhere.

    `seen` are the facts that the asker saw (counts, flags; nothing personal), so that the approver can be shown what has
    changed since. `words` and `decision_words` are redacted free text.
    """

    id: str
    change: Change
    asker: str
    asked_at: datetime
    reason: ReasonCode
    initiator: Initiator = Initiator.CUSTOMER
    counter: Counter | None = None
    serial: int | None = None
    seat: str | None = None
    agreement: str | None = None
    product_group: str | None = None
    amount: int = 0
    words: str = ""
    contact: str | None = None
    verified_by: Method | None = None
    case_number: str | None = None
    call_sid: str | None = None
    status: RequestStatus = RequestStatus.HELD
    expires_at: datetime | None = None
    decider: str | None = None
    decided_at: datetime | None = None
    decision_words: str = ""
    seen: Mapping[str, str | int] = field(default_factory=dict)
