"""The verdict table of the house, as a pure function over what is known of a claim. The first row that applies answers.

`judge` says what should happen; `activation/desk.py` gathers the facts and carries the ruling out in one transaction.
"""

from dataclasses import dataclass
from datetime import timedelta

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Channel, Product
from activation.claims import AgentReason, AskFirst, Claim, Door, NeedsAgent, RefusalCode, Refused
from activation.hardware import is_same_machine, votes_in_common
from activation.installation_id import BadId, IdFault, Installation

REISSUE_WINDOW = timedelta(days=1)
REISSUES_PER_WINDOW = 5
REPLACEMENT_WINDOW = timedelta(days=120)
REPLACEMENTS_PER_WINDOW = 3
KMS_ISSUES_PER_HOST = 10
"""The default of a new host (row 58); an agent may raise it host by host."""


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One key as the database knows it. `allowed` and `used` count installations (for KMS: hosts, row 58)."""

    serial: int
    product: int
    channel: Channel
    allowed: int
    used: int
    blocked: bool = False
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One installation that holds a place in a key's count: hardware hash, issues so far, how many it may have (KMS)."""

    id: str
    hardware: int
    issues: int
    issues_allowed: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the desk found out about an authentic claim. `seats`: the key's installations that this one may be, newest first."""

    installation: Installation
    key: KeyRecord | None
    seats: tuple[Seat, ...] = ()
    reissues_today: int = 0
    replacements: int = 0


@dataclass(frozen=True, slots=True)
class Reissue:
    """Grant for free: the machine is known and keeps its seat."""

    seat: Seat


@dataclass(frozen=True, slots=True)
class TakeSeat:
    """Grant and count."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Grant; the new hardware takes over this seat, nothing is counted."""

    seat: Seat


Ruling = Reissue | TakeSeat | Replace | Refused | AskFirst | NeedsAgent

_ID_REFUSALS = {
    IdFault.GROUP: RefusalCode.GROUP_CHECK,
    IdFault.WHOLE: RefusalCode.WHOLE_CHECK,
    IdFault.NOT_AUTHENTIC: RefusalCode.NOT_AUTHENTIC,
}


def refuse_id(bad: BadId) -> Refused:
    """The refusal of digits that are not an installation ID (table row 1)."""
    return Refused(_ID_REFUSALS.get(bad.fault, RefusalCode.MALFORMED), group=bad.group)


def judge(claim: Claim, facts: Facts, catalogue: Catalogue) -> Ruling:
    """Rows 3 to 10 of the verdict table, for an ID that opened and a service that is up."""
    key, product = facts.key, catalogue.products.get(facts.installation.product)
    if key is None or product is None or (key_product := catalogue.products.get(key.product)) is None:
        return Refused(RefusalCode.UNKNOWN_KEY)
    if key.blocked:
        return NeedsAgent(AgentReason.BLOCKED_KEY)
    if not _key_serves(key, key_product, product):
        right = key_product.group.title if key.channel in VOLUME_CHANNELS else key_product.title
        return Refused(RefusalCode.WRONG_PRODUCT, right_product=right)
    if product.regions and claim.country is not None and claim.country not in product.regions:
        return Refused(RefusalCode.REGION)
    if key.channel is Channel.VOLUME or (key.channel is Channel.OEM and claim.pre_activated):
        return Refused(RefusalCode.NOT_NEEDED)
    if seat := same_machine(facts):
        return _reissue(claim, facts, seat, key_product)
    if key.used < key.allowed:
        return TakeSeat()
    return _over_limit(claim, facts, key_product)


def same_machine(facts: Facts) -> Seat | None:
    """The seat this machine already holds: by equal hash for volume keys, else the nearest within seven of twelve votes."""
    assert facts.key is not None  # judge has asked before
    mine = facts.installation.hardware
    if facts.key.channel in VOLUME_CHANNELS:
        return next((seat for seat in facts.seats if seat.hardware == mine), None)
    nearest = max(facts.seats, key=lambda seat: votes_in_common(seat.hardware, mine), default=None)
    return nearest if nearest and is_same_machine(nearest.hardware, mine) else None


def _key_serves(key: KeyRecord, key_product: Product, product: Product) -> bool:
    """A MAK serves its own group (row 71), a KMS host key also the groups below it (table A6a), any other key its product."""
    if key.channel is Channel.MAK:
        return product.group == key_product.group
    if key.channel is Channel.KMS:
        return product.group == key_product.group or product.group.name in key_product.group.covers
    return product == key_product


def _reissue(claim: Claim, facts: Facts, seat: Seat, key_product: Product) -> Ruling:
    if seat.issues_allowed is not None:  # a KMS host: what counts is all its issues, not those of a day (row 58)
        is_full = seat.issues >= seat.issues_allowed
        return NeedsAgent(AgentReason.KMS_ISSUE_LIMIT, key_product.group.name) if is_full else Reissue(seat)
    if facts.reissues_today >= REISSUES_PER_WINDOW and not claim.waived:
        return NeedsAgent(AgentReason.TOO_MANY_REISSUES)
    return Reissue(seat)


def _over_limit(claim: Claim, facts: Facts, key_product: Product) -> Ruling:
    assert facts.key is not None  # judge has asked before
    if facts.key.channel in VOLUME_CHANNELS:
        if claim.door is Door.WEB:
            return Refused(RefusalCode.OVER_LIMIT)
        reason = AgentReason.MAK_LIMIT if facts.key.channel is Channel.MAK else AgentReason.KMS_HOST_LIMIT
        return NeedsAgent(reason, key_product.group.name)
    if claim.waived and facts.seats:
        return Replace(_nearest_seat(facts))
    if claim.computers is None:
        return AskFirst()
    if claim.computers != 1 or not facts.seats:
        return Refused(RefusalCode.TOO_MANY_COMPUTERS)
    if facts.replacements >= REPLACEMENTS_PER_WINDOW:
        return NeedsAgent(AgentReason.TOO_MANY_REPLACEMENTS)
    return Replace(_nearest_seat(facts))


def _nearest_seat(facts: Facts) -> Seat:
    """The seat most like the machine at hand, the newest of equals."""
    return max(facts.seats, key=lambda seat: votes_in_common(seat.hardware, facts.installation.hardware))
