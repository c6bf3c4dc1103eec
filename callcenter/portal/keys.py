"""Keys by product group: a MAK and a KMS host key of each (rows 72, 73, 82), counts as they stand (row 75), masked."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Channel, Group
from activation.keys import write_key
from callcenter.floor.acting import ActingContact, record
from callcenter.floor.audit import Act
from callcenter.floor.customers import Right
from callcenter.floor.key_facts import KeyFacts
from callcenter.floor.keys import LARGEST_SERIAL, FloorKey
from callcenter.floor.kms import kms_groups
from callcenter.floor.licences import is_client
from callcenter.floor.portal_records import Transaction
from callcenter.floor.refusals import Refusal
from callcenter.floor.standing import may_not
from callcenter.portal.closed import closed
from callcenter.portal.portal import portal
from callcenter.portal.shell import Licensing, act, done, look, of_organisation, standing_in

UNKNOWN = Refusal("portal.key", "That key does not belong to this agreement.")
BLOCKED = Refusal("portal.blocked", "The key is blocked and activates nothing, so it is not shown.")


@dataclass(frozen=True, slots=True)
class GroupKeys:
    """A product group with its editions and its pair of keys."""

    group: Group
    editions: tuple[str, ...]
    mak: KeyFacts | None
    kms: KeyFacts | None

    @property
    def keys(self) -> tuple[KeyFacts, ...]:
        """Those of the two that there are."""
        return tuple(filter(None, (self.mak, self.kms)))


@dataclass(frozen=True, slots=True)
class KeyList:
    """An agreement's keys. `older` are volume keys of the 2003 generation (row 9); `elsewhere` are keys of the organisation's
    other agreements that the contact is named in, which may be used here as well (row 83)."""

    licensing: Licensing
    clients: tuple[GroupKeys, ...]
    servers: tuple[GroupKeys, ...]
    older: tuple[KeyFacts, ...]
    elsewhere: tuple[KeyFacts, ...]


def register(blueprint: Blueprint) -> None:
    """The list, and showing one key."""
    blueprint.add_url_rule("/agreements/<number>", "keys", keys)
    path = f"/agreements/<number>/keys/<int(max={LARGEST_SERIAL}):serial>/reveal"
    blueprint.add_url_rule(path, "reveal", reveal, methods=["POST"])


def keys(number: str) -> ResponseReturnValue:
    """The keys of one agreement."""
    listed = look(lambda tx: _list(tx, number))
    if isinstance(listed, Refusal):
        return closed(number, listed)
    return render_template("portal/keys.html", listed=listed, licensing=listed.licensing, may=listed.licensing.may, Right=Right)


def reveal(number: str, serial: int) -> ResponseReturnValue:
    """Shows a key's text to who may fetch keys; every time is on the record."""

    def work(tx: Transaction, acting: ActingContact) -> FloorKey | Refusal:
        if Right.FETCH_KEYS not in acting.contact.rights:
            return may_not(Right.FETCH_KEYS)
        key = tx.keys.get(serial)
        if key is None or key.record.agreement != number:
            return UNKNOWN
        if key.record.blocked:
            return BLOCKED
        record(tx, acting, Act.REVEALED, f"key/{serial}", {"what": "product key"})
        return key

    key = act(number, work)
    if isinstance(key, Refusal):
        return done(key, url_for("portal.keys", number=number), "")
    here = portal()
    return render_template("portal/key_shown.html", number=number, key=here.facts(key), text=write_key(key.key, here.secrets))


def _list(tx: Transaction, number: str) -> KeyList | Refusal:
    licensing = standing_in(tx, number)
    if isinstance(licensing, Refusal):
        return licensing
    mine = tuple(map(portal().facts, tx.keys.of_agreement(number)))
    pairs = tuple(_pairs(portal().catalogue, mine))
    clients = {product.group.name for product in portal().catalogue.products.values() if is_client(product)}
    return KeyList(
        licensing=licensing,
        clients=tuple(pair for pair in pairs if pair.group.name in clients and pair.keys),
        servers=tuple(pair for pair in pairs if pair.group.name not in clients and pair.keys),
        older=tuple(key for key in mine if key.channel is Channel.VOLUME),
        elsewhere=_elsewhere(tx, licensing),
    )


def _pairs(catalogue: Catalogue, mine: tuple[KeyFacts, ...]) -> Iterable[GroupKeys]:
    """Every product group that volume keys are issued for; the editions of one share its keys."""

    def key_of(group: Group, channel: Channel) -> KeyFacts | None:
        return next((key for key in mine if key.group_name == group.name and key.channel is channel), None)

    for group in kms_groups(catalogue):
        products = (each for each in catalogue.products.values() if each.group.name == group.name)
        editions = tuple(each.title for each in products if not VOLUME_CHANNELS.isdisjoint(each.channels))
        yield GroupKeys(group, editions, key_of(group, Channel.MAK), key_of(group, Channel.KMS))


def _elsewhere(tx: Transaction, licensing: Licensing) -> tuple[KeyFacts, ...]:
    _, *others = of_organisation(tx, licensing)
    found = (portal().facts(key) for other in others for key in tx.keys.of_agreement(other.agreement.number))
    return tuple(key for key in found if key.is_volume)
