"""New volume keys, by call or at the portal: the first of a product group is issued, or given again if it is there; never a
second one.

Every programme is served by call, and SPLA, ISV Royalty and HVMS only so (row 79). Both ways make the same record (row 78).
Telling a key's text is an act of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from activation.catalogue import Catalogue, Channel, Product
from activation.keys import ProductKey, write_key
from activation.rules import KeyRecord
from activation.secrets import Secrets
from callcenter.floor import changes
from callcenter.floor.acting import Actor, record
from callcenter.floor.audit import Act, Detail
from callcenter.floor.case_acts import record_in_case
from callcenter.floor.customer_notices import NOT_BY_YOU, tell_agreements, tell_customer
from callcenter.floor.customers import Agreement, Right
from callcenter.floor.keys import FloorKey
from callcenter.floor.policy import Policy
from callcenter.floor.records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Method, ReasonCode, Request, RequestStatus
from callcenter.floor.standing import Claiming, may_claim, standing
from callcenter.floor.verification import Claimant

KMS_HOSTS_PER_KEY = 6
"""Row 58; more by raising."""

RAISE_INSTEAD = Refusal(
    "new_keys.second",
    "There are no extra keys: an agreement has one key of each kind for a product group (row 84). Raise its count instead.",
)
BLOCKED = Refusal("new_keys.blocked", "The agreement's key is blocked, so nobody is told it. Have it unblocked first.")
NO_FIRST_YET = Refusal("new_keys.none", "The agreement has no such key yet, so this is its first: issue that.")
NO_SUCH_KIND = Refusal("new_keys.group", "There are no volume keys of that kind for that product group.")


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """Which key the customer asks for: a MAK or a KMS host key of a product group (short name)."""

    claimant: Claiming
    product_group: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Issuing:
    """What issuing a key needs besides the database."""

    catalogue: Catalogue
    secrets: Secrets
    new_id: Callable[[], str]


def first_key(tx: Transaction, acting: Actor, order: KeyOrder, issuing: Issuing, policy: Policy) -> FloorKey | Refusal:
    """The agreement's key of this kind for the product group: the one it has, or else its first one, issued now."""
    product = _product(order, issuing.catalogue)
    if product is None:
        return NO_SUCH_KIND
    method = _entitled(tx, acting, order, policy)
    if isinstance(method, Refusal):
        return method
    if key := key_of_group(tx, order, issuing.catalogue):
        if key.record.blocked:
            return BLOCKED
        detail: Detail = {"agreement": order.claimant.agreement, "key": key.record.serial}
        _record(tx, acting, Act.KEY_RETRIEVED, order, detail)
        return key
    return _issue(tx, acting, order, product, method, issuing)


def second_key(tx: Transaction, acting: Actor, order: KeyOrder, issuing: Issuing, policy: Policy) -> Refusal:
    """Always no (row 84). The wish is kept as refused, so that reports show how often it is asked for."""
    method = _entitled(tx, acting, order, policy)
    if isinstance(method, Refusal):
        return method
    key = key_of_group(tx, order, issuing.catalogue)
    if key is None:
        return NO_FIRST_YET
    request = _request(tx, acting, order, method, key.record.serial, RequestStatus.REFUSED, issuing.new_id)
    tx.requests.add(request)
    changes.put_on_record(tx, acting, Act.REFUSED, request, changes.facts(tx, request))
    return RAISE_INSTEAD


def key_told(tx: Transaction, acting: Actor, order: KeyOrder, key: FloorKey) -> None:
    """Notes, in the transaction that issued or retrieved it, that the key's text is told; the customer hears of it."""
    claimant, serial = order.claimant, key.record.serial
    detail: Detail = {"agreement": claimant.agreement, "contact": claimant.contact, "key": serial}
    _record(tx, acting, Act.KEY_TOLD, order, detail)
    way = "by telephone" if isinstance(claimant, Claimant) else "at the portal"
    said = f"Your key number {serial} was told to a contact of your agreement {way}. {NOT_BY_YOU}"
    tell_agreements(tx, [claimant.agreement], said, Right.FETCH_KEYS, acting.now)


def key_of_group(tx: Transaction, order: KeyOrder, catalogue: Catalogue) -> FloorKey | None:
    """The agreement's key of the wanted kind for the product group; editions of a group share it (row 73)."""

    def is_it(key: FloorKey) -> bool:
        group = catalogue.products[key.record.product].group
        return key.record.channel is order.channel and group.name == order.product_group

    return next(filter(is_it, tx.keys.of_agreement(order.claimant.agreement)), None)


def _entitled(tx: Transaction, acting: Actor, order: KeyOrder, policy: Policy) -> Method | Refusal:
    if refusal := may_claim(acting, order.claimant):
        return refusal
    return standing(tx, order.claimant, Right.FETCH_KEYS, policy, acting.now, asked_at=acting.now)


def _record(tx: Transaction, acting: Actor, act: Act, order: KeyOrder, detail: Detail) -> None:
    """In the case of the call; at the portal there is none."""
    if isinstance(order.claimant, Claimant):
        record_in_case(tx, acting, act, order.claimant.case_number, detail)
    else:
        record(tx, acting, act, f"agreement/{order.claimant.agreement}", detail)


def _product(order: KeyOrder, catalogue: Catalogue) -> Product | None:
    """The product whose number the key carries: the group's first that is sold so. The key serves the whole group."""
    if order.channel not in (Channel.MAK, Channel.KMS):
        return None
    sold = (each for each in catalogue.products.values() if each.group.name == order.product_group)
    return min((each for each in sold if order.channel in each.channels), key=lambda each: each.code, default=None)


def _issue(tx: Transaction, acting: Actor, order: KeyOrder, product: Product, method: Method, issuing: Issuing) -> FloorKey:
    agreement = tx.agreements.get(order.claimant.agreement)
    assert agreement is not None  # the contact is entitled under it
    serial = tx.keys.next_serial()
    allowed = _allowance(agreement, order.channel, issuing.catalogue)
    written = ProductKey(issuing.secrets.epoch, product.code, serial)
    key = FloorKey(written, KeyRecord(serial, product.code, order.channel, allowed, 0, agreement=agreement.number), acting.now)
    tx.keys.add(key, write_key(written, issuing.secrets)[-5:])
    request = _request(tx, acting, order, method, serial, RequestStatus.APPLIED, issuing.new_id)
    tx.requests.add(request)
    changes.put_on_record(tx, acting, Act.KEY_ISSUED, request, {})
    tell_customer(tx, request, acting.now)
    return key


def _allowance(agreement: Agreement, channel: Channel, catalogue: Catalogue) -> int:
    """What a new key may do: by the agreement's programme (row 74), or so many hosts (row 58)."""
    return KMS_HOSTS_PER_KEY if channel is Channel.KMS else catalogue.programmes[agreement.programme].mak_allowance


def _request(
    tx: Transaction,
    acting: Actor,
    order: KeyOrder,
    method: Method,
    serial: int,
    status: RequestStatus,
    new_id: Callable[[], str],
) -> Request:
    case_number = order.claimant.case_number if isinstance(order.claimant, Claimant) else None
    case = tx.cases.find(case_number) if case_number else None
    return Request(
        id=new_id(),
        change=Change.NEW_KEY,
        asker=acting.name,
        asked_at=acting.now,
        reason=ReasonCode.NEW_PURCHASE,
        serial=serial,
        agreement=order.claimant.agreement,
        product_group=order.product_group,
        contact=order.claimant.contact,
        verified_by=method,
        case_number=case_number,
        call_sid=case.call_sid if case else None,
        status=status,
        decided_at=acting.now,
    )
