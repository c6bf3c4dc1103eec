"""Requesting volume keys in four steps: tick products, look at the keys they take, press request, see the keys (row 77).

Nothing is kept between the steps but the address. An agreement has one key of each kind for a product group: where it is
there already the raise of its count is offered instead of a second one (row 84).
"""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from activation.catalogue import VOLUME_CHANNELS, Channel, Group, Product
from activation.keys import write_key
from callcenter.floor import new_keys
from callcenter.floor.acting import ActingContact
from callcenter.floor.customers import Right
from callcenter.floor.key_facts import CHANNEL_TITLES, KeyFacts
from callcenter.floor.keys import FloorKey
from callcenter.floor.kms import kms_groups
from callcenter.floor.new_keys import Issuing, KeyOrder
from callcenter.floor.portal_records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.standing import AtPortal, may_not
from callcenter.portal.closed import closed
from callcenter.portal.portal import portal
from callcenter.portal.shell import Licensing, act, done, look, standing_in

STEPS = ("Tick products", "Check the keys", "Request", "Your keys")
TICK_FIRST = Refusal("portal.no_product", "Tick at least one product, and choose the kind of key.")
ALREADY_THERE = Refusal("portal.keys_there", "All of those keys are there already. Raise their counts instead.")
_KINDS = (Channel.MAK, Channel.KMS)


@dataclass(frozen=True, slots=True)
class Family:
    """Editions that one key serves, to tick."""

    group: Group
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key that ticked products take: there already, or its allowance when it is issued."""

    group: Group
    products: tuple[Product, ...]
    there: KeyFacts | None
    allowance: int


@dataclass(frozen=True, slots=True)
class Issued:
    """A key and its text, shown once."""

    facts: KeyFacts
    text: str


def register(blueprint: Blueprint) -> None:
    """The steps, and asking for one more key than there may be."""
    blueprint.add_url_rule("/agreements/<number>/request", "request_keys", steps)
    blueprint.add_url_rule("/agreements/<number>/request", "issue_keys", issue, methods=["POST"])
    blueprint.add_url_rule("/agreements/<number>/second", "second_key", second, methods=["POST"])


def steps(number: str) -> ResponseReturnValue:
    """Steps one to three; which one stands in the address."""
    licensing = look(lambda tx: standing_in(tx, number))
    if isinstance(licensing, Refusal):
        return closed(number, licensing)
    if not licensing.may(Right.FETCH_KEYS):
        return closed(number, may_not(Right.FETCH_KEYS))
    step, kind, ticked = request.args.get("step", 1, type=int), _kind(request.args.get("kind", "")), _ticked()
    if step not in (2, 3) or kind is None or not ticked:
        return _first(licensing, kind, TICK_FIRST if step in (2, 3) else None)
    wanted = look(lambda tx: _wanted(tx, licensing, kind, ticked))
    return render_template(
        "portal/request.html",
        licensing=licensing,
        steps=STEPS,
        step=step,
        kind=kind,
        kind_title=CHANNEL_TITLES[kind],
        wanted=wanted,
        ticked=ticked,
        is_possible=any(each.there is None for each in wanted),
    )


def issue(number: str) -> ResponseReturnValue:
    """Step four: issues the keys that are not there yet, and shows them this once."""
    kind, ticked, again = _kind(request.form.get("kind", "")), _ticked(), url_for("portal.request_keys", number=number)
    if kind is None or not ticked:
        return done(TICK_FIRST, again, "")
    groups = {product.group.name for product in ticked}

    def work(tx: Transaction, acting: ActingContact) -> tuple[FloorKey, ...] | Refusal:
        return _issue(tx, acting, kind, groups)

    issued = act(number, work)
    if isinstance(issued, Refusal):
        return done(issued, again, "")
    here = portal()
    shown = tuple(Issued(here.facts(key), write_key(key.key, here.secrets)) for key in issued)
    licensing = look(lambda tx: standing_in(tx, number))
    return render_template("portal/request_done.html", licensing=licensing, steps=STEPS, step=4, issued=shown)


def second(number: str) -> ResponseReturnValue:
    """One more key for a group that has one: refused, and the wish is on the record."""
    kind, group = _kind(request.form.get("kind", "")), request.form.get("group", "")
    if kind is None:
        return done(TICK_FIRST, url_for("portal.keys", number=number), "")

    def work(tx: Transaction, acting: ActingContact) -> Refusal:
        here = portal()
        return new_keys.second_key(tx, acting, _order(acting, group, kind), _issuing(), here.policy)

    return done(act(number, work), url_for("portal.keys", number=number), "")


def _first(licensing: Licensing, kind: Channel | None, refusal: Refusal | None) -> ResponseReturnValue:
    page = render_template(
        "portal/request_first.html",
        licensing=licensing,
        steps=STEPS,
        step=1,
        kind=kind or Channel.MAK,
        families=_families(),
        refusal=refusal,
        programme=portal().catalogue.programmes[licensing.agreement.programme],
        kms_hosts=new_keys.KMS_HOSTS_PER_KEY,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK


def _issue(tx: Transaction, acting: ActingContact, kind: Channel, groups: set[str]) -> tuple[FloorKey, ...] | Refusal:
    """Only first keys: one that is there is shown from the list, with the right to."""
    orders = [_order(acting, group, kind) for group in sorted(groups)]
    missing = [order for order in orders if new_keys.key_of_group(tx, order, portal().catalogue) is None]
    issued = []
    for order in missing:
        key = new_keys.first_key(tx, acting, order, _issuing(), portal().policy)
        if isinstance(key, Refusal):
            return key
        new_keys.key_told(tx, acting, order, key)
        issued.append(key)
    return tuple(issued) or ALREADY_THERE


def _wanted(tx: Transaction, licensing: Licensing, kind: Channel, ticked: tuple[Product, ...]) -> tuple[Wanted, ...]:
    here, found = portal(), {product.group.name: product.group for product in ticked}
    claiming = AtPortal(licensing.agreement.number, licensing.contact.id)
    mak_allowance = here.catalogue.programmes[licensing.agreement.programme].mak_allowance
    wanted = []
    for group in found.values():
        key = new_keys.key_of_group(tx, KeyOrder(claiming, group.name, kind), here.catalogue)
        wanted.append(
            Wanted(
                group=group,
                products=tuple(product for product in ticked if product.group.name == group.name),
                there=here.facts(key) if key else None,
                allowance=new_keys.KMS_HOSTS_PER_KEY if kind is Channel.KMS else mak_allowance,
            )
        )
    return tuple(wanted)


def _families() -> tuple[Family, ...]:
    """Volume editions by product group, in the catalogue's order (row 14: only what the volume channel sells)."""
    products = [each for each in portal().catalogue.products.values() if not VOLUME_CHANNELS.isdisjoint(each.channels)]
    groups = kms_groups(portal().catalogue)
    return tuple(Family(group, tuple(each for each in products if each.group.name == group.name)) for group in groups)


def _ticked() -> tuple[Product, ...]:
    """The volume editions that the address or the form names; others are passed over."""
    named = request.values.getlist("product")
    return tuple(product for family in _families() for product in family.products if product.name in named)


def _kind(text: str) -> Channel | None:
    return Channel(text) if text in _KINDS else None


def _order(acting: ActingContact, group: str, kind: Channel) -> KeyOrder:
    return KeyOrder(AtPortal(acting.contact.agreement, acting.contact.id), group, kind)


def _issuing() -> Issuing:
    here = portal()
    return Issuing(here.catalogue, here.secrets, here.new_id)
