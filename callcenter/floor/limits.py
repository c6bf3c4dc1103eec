"""Asking for changes of limits: small raises and blocks at once, everything else held for a second person (E4.5, E4.6).

A customer's wish needs an agreement, a contact with the right and a verification that was passed; the vendor's own needs a
person who manages keys. Both are recorded as what they are (row 74).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from activation.catalogue import Catalogue, Channel
from activation.redaction import redact
from callcenter.floor import changes
from callcenter.floor.acting import Actor
from callcenter.floor.audit import Act
from callcenter.floor.customer_notices import tell_customer
from callcenter.floor.keys import FloorKey
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Counter, Initiator, Method, ReasonCode, Request, RequestStatus
from callcenter.floor.standing import AtPortal, Claiming, may_claim
from callcenter.floor.verification import Claimant

MOST_WORDS = 1000
"""Characters of free text beside a request."""

NEEDS_WORDS = Refusal("limits.words", "For the reason “other”, say in words why.")
TOO_MANY_WORDS = Refusal("limits.words", f"Say why in at most {MOST_WORDS} characters.")
NAME_PRODUCT = Refusal("limits.product", "Choose the product group that the caller asks about.")
ASKED_ALREADY = Refusal("limits.held", "You have asked for this already; it waits for a second person.")
NOT_DONE = Refusal("limits.changed", "The key changed at this very moment. Look at it again and ask once more.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `amount` is by how much a limit is raised, or what it is lowered to.

    `claimant` is the customer's contact, on the line or at the portal; without one it is the vendor's own wish.
    `product_group` (short name) is what the caller says they need it for; left out, it is what the call is about.
    `seat` names the host for `HOST_ISSUES`.
    """

    change: Change
    serial: int
    reason: ReasonCode
    amount: int = 0
    counter: Counter | None = None
    seat: str | None = None
    words: str = ""
    claimant: Claiming | None = None
    product_group: str | None = None


@dataclass(frozen=True, slots=True)
class SmallRaise:
    """What may be added to one counter without a second person: at most `limit` over the policy's window, `raised` of it gone,
    on whichever counters of the key.

    `base` is what the limit is reckoned on: the allowance without all that nobody else approved within the window, so that
    raising makes no room for more raising.
    """

    base: int
    limit: int
    raised: int

    @property
    def left(self) -> int:
        """How many more may be added at once today."""
        return max(self.limit - self.raised, 0)


def small_raise_limit(allowed: int, policy: Policy) -> int:
    """The most that one person alone may add to a limit of `allowed`: the larger of the policy's count and percentage."""
    return max(policy.small_raise_count, allowed * policy.small_raise_percent // 100)


def small_raise(
    tx: Transaction, key: FloorKey, counter: Counter, seat: str | None, policy: Policy, now: datetime
) -> SmallRaise | None:
    """The room for raises at once on one counter, over all agents and the portal; None for a host that is not the key's."""
    allowed = changes.allowed_now(tx, key, counter, seat)
    if allowed is None:
        return None
    raised = tx.requests.raised_since(key.record.serial, now - policy.window)
    base = max(allowed - raised, 0)
    return SmallRaise(base, small_raise_limit(base, policy), raised)


def read_amount(text: str) -> int | Refusal:
    """The number that somebody typed. Only plain digits count as one: a sign or a point would mean another number."""
    digits = "".join(text.split())
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(changes.MOST_AT_ONCE))
    return int(digits) if is_number else changes.AMOUNT


def ask(
    tx: Transaction, acting: Actor, wish: Wish, policy: Policy, new_id: Callable[[], str], catalogue: Catalogue
) -> Request | Refusal:
    """Applies what one person may do alone, holds the rest for a second person, and refuses what cannot be asked for."""
    key = tx.keys.get(wish.serial)
    if key is None:
        return changes.UNKNOWN_KEY
    request = _request(tx, acting, wish, key, policy, new_id)
    refusal = (
        may_claim(acting, wish.claimant)
        or wrong_words(request.reason, wish.words)
        or _not_of_the_product(tx, wish, key, catalogue)
        or changes.objection(tx, request, policy, acting.now)
        or changes.fault(tx, request)
        or _asked_already(tx, request)
    )
    if refusal:
        return refusal
    request = replace(request, verified_by=_method(tx, wish), seen=changes.facts(tx, request))
    if _at_once(tx, request, key, policy):
        return _apply(tx, acting, request)
    return hold(tx, acting, request)


def hold(tx: Transaction, acting: Actor, request: Request) -> Request:
    """Keeps the request for a second person."""
    tx.requests.add(request)
    changes.put_on_record(tx, acting, Act.ASKED, request, request.seen, request.words)
    return request


def wrong_words(reason: ReasonCode, words: str) -> Refusal | None:
    """Why a reason does not do as it stands."""
    if len(words) > MOST_WORDS:
        return TOO_MANY_WORDS
    return NEEDS_WORDS if reason is ReasonCode.OTHER and not words.strip() else None


def _apply(tx: Transaction, acting: Actor, request: Request) -> Request | Refusal:
    applied = replace(request, status=RequestStatus.APPLIED, decided_at=acting.now, expires_at=None)
    if not changes.apply(tx, applied):
        return NOT_DONE
    tx.requests.add(applied)
    changes.put_on_record(tx, acting, Act.APPLIED, applied, request.seen, request.words)
    tell_customer(tx, applied, acting.now)
    return applied


def _request(tx: Transaction, acting: Actor, wish: Wish, key: FloorKey, policy: Policy, new_id: Callable[[], str]) -> Request:
    claimant = wish.claimant
    case_number = claimant.case_number if isinstance(claimant, Claimant) else None
    case = tx.cases.find(case_number) if case_number else None
    return Request(
        id=new_id(),
        change=wish.change,
        asker=acting.name,
        asked_at=acting.now,
        reason=wish.reason,
        initiator=Initiator.CUSTOMER if claimant else Initiator.VENDOR,
        counter=_counter(wish, key),
        serial=wish.serial,
        seat=wish.seat if wish.counter is Counter.HOST_ISSUES else None,
        agreement=claimant.agreement if claimant else None,
        product_group=wish.product_group,
        amount=wish.amount if wish.change in (Change.RAISE, Change.LOWER) else 0,
        words=redact(wish.words.strip()),
        contact=claimant.contact if claimant else None,
        case_number=case_number,
        call_sid=case.call_sid if case else None,
        expires_at=acting.now + policy.approval_expires_after,
    )


def _counter(wish: Wish, key: FloorKey) -> Counter | None:
    """A MAK has one limit, so nobody need name it."""
    if wish.change not in (Change.RAISE, Change.LOWER):
        return None
    return Counter.INSTALLATIONS if wish.counter is None and key.record.channel is Channel.MAK else wish.counter


def _not_of_the_product(tx: Transaction, wish: Wish, key: FloorKey, catalogue: Catalogue) -> Refusal | None:
    """A customer's wish is for the product group that the call is about, or that the agent names (row 71, E4.1)."""
    if wish.claimant is None:
        return None
    wanted = wish.product_group or _group_of_call(tx, wish.claimant, catalogue)
    if wanted is None:
        return NAME_PRODUCT
    group = catalogue.products[key.record.product].group
    if wanted == group.name:
        return None
    asked = catalogue.groups[wanted].title if wanted in catalogue.groups else "something else"
    return Refusal("limits.product", f"That key is for {group.title}; the caller asks about {asked}. Choose the key for that.")


def _group_of_call(tx: Transaction, claimant: Claiming, catalogue: Catalogue) -> str | None:
    """The product group that the line found a limit in, or that the caller chose, or else that of the call's key."""
    case = tx.cases.find(claimant.case_number) if isinstance(claimant, Claimant) else None
    if case is None:
        return None
    if named := case.collected.get("product_group"):
        return str(named)
    key = tx.keys.get(case.serial) if case.serial is not None else None
    return catalogue.products[key.record.product].group.name if key else None


def _asked_already(tx: Transaction, request: Request) -> Refusal | None:
    def same(held: Request) -> bool:
        about = (held.asker, held.change, held.serial, held.counter, held.seat, held.amount)
        return about == (request.asker, request.change, request.serial, request.counter, request.seat, request.amount)

    return ASKED_ALREADY if any(map(same, tx.requests.held())) else None


def _method(tx: Transaction, wish: Wish) -> Method | None:
    """How the claimant was verified, which `changes.objection` has made sure of."""
    if wish.claimant is None:
        return None
    if isinstance(wish.claimant, AtPortal):
        return Method.PORTAL
    passes = tx.verifications.passes(wish.claimant.case_number)
    mine = [each for each in passes if (each.agreement, each.contact) == (wish.claimant.agreement, wish.claimant.contact)]
    return Method(mine[-1].method)


def _at_once(tx: Transaction, request: Request, key: FloorKey, policy: Policy) -> bool:
    """Small raises, and blocks: a leaked key cannot wait. Lowering and unblocking take a second person (row 76)."""
    if request.change is Change.RAISE and request.counter:
        room = small_raise(tx, key, request.counter, request.seat, policy, request.asked_at)
        return room is not None and request.amount <= room.left
    return request.change is Change.BLOCK
