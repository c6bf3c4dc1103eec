"""Asking for more or fewer activations, through the same approvals as on the phone (rows 74, 76), and taking that back."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.catalogue import VOLUME_CHANNELS
from callcenter.floor import approvals, limits
from callcenter.floor.acting import ActingContact
from callcenter.floor.customers import Right
from callcenter.floor.key_facts import KeyFacts
from callcenter.floor.keys import LARGEST_SERIAL, FloorKey
from callcenter.floor.limits import Wish
from callcenter.floor.portal_records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.requests import Change, Counter, ReasonCode, Request, RequestStatus
from callcenter.floor.rooms import Room, rooms
from callcenter.floor.standing import AtPortal, may_not
from callcenter.portal.closed import closed
from callcenter.portal.keys import UNKNOWN
from callcenter.portal.portal import portal
from callcenter.portal.shell import Licensing, act, done, look, standing_in

REQUESTS_SHOWN = 20
REASONS = tuple(reason for reason in ReasonCode if reason not in (ReasonCode.VENDOR_CORRECTION, ReasonCode.KEY_LEAKED))
"""What a customer may give as a reason for another count."""
CHOOSE = Refusal(
    "portal.change", "Choose whether the count is to be raised or lowered, and why.", HTTPStatus.UNPROCESSABLE_ENTITY
)
_CHANGES = (Change.RAISE, Change.LOWER)


@dataclass(frozen=True, slots=True)
class CountPage:
    """One key, what may be asked for, and what has been."""

    licensing: Licensing
    key: KeyFacts
    options: tuple[Room, ...]
    requests: tuple[Request, ...]


def register(blueprint: Blueprint) -> None:
    """The page of one key's count, asking, and withdrawing."""
    path = f"/agreements/<number>/keys/<int(max={LARGEST_SERIAL}):serial>"
    blueprint.add_url_rule(path, "count", count)
    blueprint.add_url_rule(path, "ask", ask, methods=["POST"])
    blueprint.add_url_rule("/agreements/<number>/requests/<id>/withdraw", "withdraw", withdraw, methods=["POST"])


def count(number: str, serial: int) -> ResponseReturnValue:
    """One key's count."""
    return _page(number, serial, None)


def ask(number: str, serial: int) -> ResponseReturnValue:
    """Asks; a small raise is applied at once, everything else waits for a person of the centre."""

    def work(tx: Transaction, acting: ActingContact) -> Request | Refusal:
        here, key = portal(), _volume_key(tx, number, serial)
        if isinstance(key, Refusal):
            return key
        wish = _wish(acting, key)
        if isinstance(wish, Refusal):
            return wish
        return limits.ask(tx, acting, wish, here.policy, here.new_id, here.catalogue)

    asked = act(number, work)
    if isinstance(asked, Refusal):
        return _page(number, serial, asked)
    is_held = asked.status is RequestStatus.HELD
    told = "Asked. A person of the activation centre decides; you see it here." if is_held else "Done: the count is changed."
    return done(asked, url_for("portal.count", number=number, serial=serial), told)


def withdraw(number: str, id: str) -> ResponseReturnValue:
    """Takes one's own request back while it waits."""
    result = act(number, lambda tx, acting: approvals.withdraw(tx, acting, id, "", portal().policy))
    return done(result, url_for("portal.home"), "Withdrawn. Nothing was changed.")


def _wish(acting: ActingContact, key: FloorKey) -> Wish | Refusal:
    given = request.form
    change, reason = given.get("change", ""), given.get("reason", "")
    if change not in _CHANGES or reason not in REASONS:
        return CHOOSE
    amount = limits.read_amount(given.get("amount", ""))
    if isinstance(amount, Refusal):
        return amount
    counter, _, seat = given.get("counter", "").partition("/")
    return Wish(
        change=Change(change),
        serial=key.record.serial,
        reason=ReasonCode(reason),
        amount=amount,
        counter=Counter(counter) if counter in list(Counter) else None,
        seat=seat or None,
        words=given.get("words", ""),
        claimant=AtPortal(acting.contact.agreement, acting.contact.id),
        product_group=portal().catalogue.products[key.record.product].group.name,
    )


def _page(number: str, serial: int, refusal: Refusal | None) -> ResponseReturnValue:
    shown = look(lambda tx: _count_page(tx, number, serial))
    if isinstance(shown, Refusal):
        return closed(number, shown)
    page = render_template("portal/count.html", page=shown, key=shown.key, refusal=refusal, typed=request.form, reasons=REASONS)
    return page, refusal.status if refusal else HTTPStatus.OK


def _count_page(tx: Transaction, number: str, serial: int) -> CountPage | Refusal:
    licensing, key = standing_in(tx, number), _volume_key(tx, number, serial)
    if isinstance(licensing, Refusal):
        return licensing
    if isinstance(key, Refusal):
        return key
    if not licensing.may(Right.RAISE_COUNTS):
        return may_not(Right.RAISE_COUNTS)
    here = portal()
    return CountPage(
        licensing,
        here.facts(key),
        rooms(tx, key, here.policy, here.clock()),
        tx.requests.of_key(serial)[:REQUESTS_SHOWN],
    )


def _volume_key(tx: Transaction, number: str, serial: int) -> FloorKey | Refusal:
    key = tx.keys.get(serial)
    if key is None or key.record.agreement != number or key.record.channel not in VOLUME_CHANNELS:
        return UNKNOWN
    return key
