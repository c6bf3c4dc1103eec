"""What a change of a key needs, does and tells, whether it is applied at once or approved later.

Nothing here asks who may: that is `limits` and `approvals`. Counts are guarded once more by the database, in one statement.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from activation.catalogue import VOLUME_CHANNELS, Channel
from callcenter.floor.acting import Actor, record
from callcenter.floor.audit import Act
from callcenter.floor.customers import Right
from callcenter.floor.keys import FloorKey, Host
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Counter, Request
from callcenter.floor.standing import AtPortal, Claiming, standing
from callcenter.floor.verification import Claimant, same_customer

Seen = Mapping[str, str | int]
"""Facts about a key and a customer, by name."""

MOST_AT_ONCE = 100_000
"""No single request may raise a count by more: a slip of the keyboard, or worse."""

UNKNOWN_KEY = Refusal("limits.key", "There is no such key.")
BLOCKED = Refusal("limits.blocked", "The key is blocked, so more of it would help nobody. Have it unblocked first.")
NOT_VOLUME = Refusal(
    "limits.no_volume_key",
    "Only volume keys (MAK and KMS) have limits that are raised or lowered; for this key ask for an exception.",
)
AMOUNT = Refusal("limits.amount", f"Say by how many: a whole number from 1 to {MOST_AT_ONCE:,}.")
NAME_COUNTER = Refusal("limits.counter", "For a KMS key say which limit: that of its hosts, or that of one host's activations.")
NOT_KMS = Refusal("limits.counter", "A MAK counts installations; hosts are counted on KMS keys only.")
NAME_HOST = Refusal("limits.host", "Choose one of the key's hosts.")
OTHER_KEY = Refusal("limits.organisation", "That key belongs to another organisation's agreement.")
EXCEPTION_FOR_VOLUME = Refusal("exceptions.volume", "A volume key gets no exception: raise its limit instead.")
_COUNTERS = {Channel.MAK: {Counter.INSTALLATIONS}, Channel.KMS: {Counter.HOSTS, Counter.HOST_ISSUES}}


def host_of(tx: Transaction, key: FloorKey, seat: str | None) -> Host | None:
    """One of a KMS key's hosts, by its seat."""
    return next((host for host in tx.keys.hosts(key.record.serial, max(key.record.used, 1)) if host.seat == seat), None)


def allowed_now(tx: Transaction, key: FloorKey, counter: Counter, seat: str | None) -> int | None:
    """What the counter may come to today; None for a host that is not the key's or has no limit."""
    if counter is not Counter.HOST_ISSUES:
        return key.record.allowed
    host = host_of(tx, key, seat)
    return host.issues_allowed if host else None


def fault(tx: Transaction, request: Request) -> Refusal | None:
    """Why the key, as it stands now, cannot be changed so; None when it can."""
    key = tx.keys.get(request.serial) if request.serial is not None else None
    return UNKNOWN_KEY if key is None else _FAULTS[request.change](tx, key, request)


def objection(tx: Transaction, request: Request, policy: Policy, now: datetime) -> Refusal | None:
    """Why the customer in whose name this is asked may not have it; None when they may, or the vendor asks."""
    claiming = _claiming(request)
    if claiming is None:
        return None
    method = standing(tx, claiming, Right.RAISE_COUNTS, policy, now, asked_at=request.asked_at)
    if isinstance(method, Refusal):
        return method
    agreement = tx.agreements.get(claiming.agreement)
    key = tx.keys.get(request.serial) if request.serial is not None else None
    return None if agreement and key and same_customer(tx, agreement, key) else OTHER_KEY


def _claiming(request: Request) -> Claiming | None:
    """In whose name a request is made: a contact on the line, or one at the portal, where there is no case."""
    if request.agreement is None or request.contact is None:
        return None
    if request.case_number is None:
        return AtPortal(request.agreement, request.contact)
    return Claimant(request.case_number, request.agreement, request.contact)


def apply(tx: Transaction, request: Request) -> bool:
    """Changes the key; False, with nothing changed, when the database will not have it."""
    assert request.serial is not None  # only a new key has none, and nobody waits for one
    match request.change:
        case Change.RAISE if request.counter is Counter.HOST_ISSUES and request.seat:
            return tx.keys.raise_issues(request.seat, request.amount)
        case Change.RAISE:
            return tx.keys.raise_allowed(request.serial, request.amount)
        case Change.LOWER:
            return tx.keys.lower_allowed(request.serial, request.amount)
        case Change.BLOCK | Change.UNBLOCK:
            return tx.keys.set_blocked(request.serial, blocked=request.change is Change.BLOCK)
    return True


def facts(tx: Transaction, request: Request) -> Seen:
    """What the asker sees, and the approver is shown again: counts and states, nothing personal; the names are for people."""
    seen: dict[str, str | int] = {}
    if key := tx.keys.get(request.serial) if request.serial is not None else None:
        seen |= {"allowed": key.record.allowed, "used": key.record.used, "key": "blocked" if key.record.blocked else "open"}
        if host := host_of(tx, key, request.seat):
            seen |= {"activations of the host": host.issues, "allowed for the host": host.issues_allowed or 0}
    if agreement := tx.agreements.get(request.agreement) if request.agreement else None:
        named = {contact.id: contact for contact in tx.agreements.contacts(agreement.number)}
        contact = named.get(request.contact or "")
        may_raise = contact is not None and Right.RAISE_COUNTS in contact.rights
        seen |= {"agreement": "active" if agreement.active else "ended", "contact": "may ask" if may_raise else "may not ask"}
    return seen


def put_on_record(tx: Transaction, acting: Actor, act: Act, request: Request, before: Seen, words: str = "") -> None:
    """The act with who, what, before, after, why, proof and call (E4.10); the words go outside the chain."""
    after = facts(tx, request)
    changed = {f"{name} {when}": value[name] for when, value in (("before", before), ("after", after)) for name in value}
    detail: dict[str, str | int | bool | None] = {
        "request": request.id,
        "change": request.change.value,
        "counter": request.counter.value if request.counter else None,
        "amount": request.amount,
        "reason": request.reason.value,
        "initiator": request.initiator.value,
        "agreement": request.agreement,
        "contact": request.contact,
        "verified by": request.verified_by.value if request.verified_by else None,
        "case": request.case_number,
        "asker": request.asker,
        "status": request.status.value,
        **changed,
    }
    record(tx, acting, act, f"key/{request.serial}", detail, personal=words or None)
    on_timeline(tx, request, acting.name, act.value, acting.now)


def on_timeline(tx: Transaction, request: Request, actor: str, kind: str, now: datetime) -> None:
    """The request's step in the timeline of its call, where there is one."""
    if request.call_sid:
        detail = {"request": request.id, "change": request.change.value, "amount": request.amount, "serial": request.serial}
        tx.timeline.add(request.call_sid, now, actor, kind, {**detail, "status": request.status.value})


def _raise_fault(tx: Transaction, key: FloorKey, request: Request) -> Refusal | None:
    if refusal := _counter_fault(key, request):
        return refusal
    if key.record.blocked:
        return BLOCKED
    if not 1 <= request.amount <= MOST_AT_ONCE:
        return AMOUNT
    assert request.counter is not None  # asked above
    return NAME_HOST if allowed_now(tx, key, request.counter, request.seat) is None else None


def _counter_fault(key: FloorKey, request: Request) -> Refusal | None:
    if key.record.channel not in VOLUME_CHANNELS:
        return NOT_VOLUME
    if request.counter in _COUNTERS[key.record.channel]:
        return None
    return NAME_COUNTER if key.record.channel is Channel.KMS else NOT_KMS


def _lower_fault(tx: Transaction, key: FloorKey, request: Request) -> Refusal | None:
    if refusal := _counter_fault(key, request):
        return refusal
    if request.counter is Counter.HOST_ISSUES:
        return Refusal("limits.host_lower", "The activations of one host are only raised, never lowered.")
    if request.amount < key.record.used:
        return Refusal("limits.below_use", f"{key.record.used} are in use, so the limit cannot be lower than that.")
    if request.amount >= key.record.allowed:
        return Refusal("limits.not_lower", f"The limit is {key.record.allowed}; to lower it, say a smaller number.")
    return None


def _block_fault(tx: Transaction, key: FloorKey, request: Request) -> Refusal | None:
    wanted = request.change is Change.BLOCK
    state = "blocked already" if wanted else "not blocked"
    return Refusal("limits.state", f"The key is {state}.") if key.record.blocked is wanted else None


def _exception_fault(tx: Transaction, key: FloorKey, request: Request) -> Refusal | None:
    if key.record.channel in VOLUME_CHANNELS or key.record.channel is Channel.VOLUME:
        return EXCEPTION_FOR_VOLUME
    return BLOCKED if key.record.blocked else None


_FAULTS: Mapping[Change, Callable[[Transaction, FloorKey, Request], Refusal | None]] = {
    Change.RAISE: _raise_fault,
    Change.LOWER: _lower_fault,
    Change.BLOCK: _block_fault,
    Change.UNBLOCK: _block_fault,
    Change.EXCEPTION: _exception_fault,
}
