"""What a customer owns and runs: base licences, volume clients on them, and the editions each channel sells.

Volume licences of a client cover upgrades only: without a licence below it a computer is registered with a warning (row 13).
A key of another agreement of the same organisation may be used; that is information, no error (row 83).
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from activation.catalogue import VOLUME_CHANNELS, Catalogue, Channel, Product
from activation.keys import KeyFault, read_key
from activation.redaction import holds_foreign_key
from activation.secrets import Secrets
from callcenter.floor.acting import ActingContact, record
from callcenter.floor.audit import Act
from callcenter.floor.customers import Right
from callcenter.floor.keys import FloorKey
from callcenter.floor.portal_records import BaseLicence, Transaction, VolumeClient
from callcenter.floor.refusals import Refusal
from callcenter.floor.standing import may_not
from callcenter.floor.verification import same_customer

CLIENT_GENERATIONS = frozenset({"vista", "7"})
"""Generations of clients; the others are servers, which need no licence below."""
BASE_CHANNELS = frozenset({Channel.RETAIL, Channel.OEM})
UPGRADES_ONLY = "No base licence: volume licences of a client cover upgrades only. Register the licence below it."
_LONGEST_NAME = 40

NOT_OWNED = Refusal(
    "licences.channel",
    "A base licence is a copy that was bought or came with a computer: a retail or an OEM key.",
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
UNKNOWN_KEY = Refusal("licences.key", "There is no such key.", HTTPStatus.UNPROCESSABLE_ENTITY)
REGISTERED = Refusal("licences.registered", "That key is registered as a base licence already.")
WRONG_NAME = Refusal(
    "licences.name", f"Write the computer’s name, up to {_LONGEST_NAME} characters.", HTTPStatus.UNPROCESSABLE_ENTITY
)
NO_EDITION = Refusal(
    "licences.edition", "Choose an edition that is sold in the volume channel.", HTTPStatus.UNPROCESSABLE_ENTITY
)
NO_KEY = Refusal("licences.volume_key", "Choose one of your organisation’s volume keys.", HTTPStatus.UNPROCESSABLE_ENTITY)
NO_BASE = Refusal("licences.base", "Choose one of the base licences registered here, or none.", HTTPStatus.UNPROCESSABLE_ENTITY)
BASE_TAKEN = Refusal("licences.taken", "Another computer builds on that base licence; each is good for one.")


@dataclass(frozen=True, slots=True)
class NewClient:
    """A computer to be registered, as a form has it: names, and the serials of its keys."""

    name: str
    product: str
    serial: int | None
    base_serial: int | None


def keep_base(tx: Transaction, acting: ActingContact, key_text: str, secrets: Secrets) -> BaseLicence | Refusal:
    """Registers a licence the customer owns, by its product key; what is no key of ours is refused unread."""
    if refusal := _may_keep(acting):
        return refusal
    key = read_key(key_text, secrets)
    if isinstance(key, KeyFault):
        return Refusal("licences.key", key.value, HTTPStatus.UNPROCESSABLE_ENTITY)
    known = tx.keys.get(key.serial)
    if known is None:
        return UNKNOWN_KEY
    if known.record.channel not in BASE_CHANNELS:
        return NOT_OWNED
    licence = BaseLicence(key.serial, acting.contact.agreement, acting.now)
    if not tx.licences.add_base(licence):
        return REGISTERED
    record(tx, acting, Act.BASE_LICENCE_KEPT, f"agreement/{licence.agreement}", {"key": key.serial})
    return licence


def register_client(
    tx: Transaction, acting: ActingContact, wanted: NewClient, catalogue: Catalogue, new_id: Callable[[], str]
) -> VolumeClient | Refusal:
    """Registers a computer with a volume edition; one without a base licence too, and the list warns of it."""
    if refusal := _may_keep(acting):
        return refusal
    name, product = wanted.name.strip(), catalogue.product_named(wanted.product)
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or holds_foreign_key(name):
        return WRONG_NAME
    if product is None or not is_volume_client(product):
        return NO_EDITION
    key = _key_for(tx, acting, wanted.serial, product, catalogue)
    if isinstance(key, Refusal):
        return key
    number = acting.contact.agreement
    if wanted.base_serial is not None and wanted.base_serial not in {each.serial for each in tx.licences.bases(number)}:
        return NO_BASE
    client = VolumeClient(new_id(), number, name, product.code, key.record.serial, wanted.base_serial, acting.now)
    if not tx.licences.add_client(client):
        return BASE_TAKEN
    detail = {"key": client.serial, "base licence": client.base_serial}
    record(tx, acting, Act.CLIENT_REGISTERED, f"agreement/{number}", detail)
    return client


def is_client(product: Product) -> bool:
    """Whether the edition is a client's, not a server's."""
    return product.generation in CLIENT_GENERATIONS


def is_volume_client(product: Product) -> bool:
    """Whether it is a client edition that volume keys activate."""
    return is_client(product) and not VOLUME_CHANNELS.isdisjoint(product.channels)


def serves(key: FloorKey, product: Product, catalogue: Catalogue) -> bool:
    """Whether a volume key activates the edition: a MAK its own group (row 71), a KMS host key what that covers too (A6a)."""
    if key.record.channel not in VOLUME_CHANNELS:
        return False
    group = catalogue.products[key.record.product].group
    return product.group.name == group.name or (key.record.channel is Channel.KMS and product.group.name in group.covers)


def is_volume_only(product: Product) -> bool:
    """Whether nobody can buy it otherwise than under a volume agreement (row 14); evaluation is no buying."""
    return product.channels - {Channel.EVALUATION} <= VOLUME_CHANNELS | {Channel.VOLUME}


def _may_keep(acting: ActingContact) -> Refusal | None:
    return None if Right.FETCH_KEYS in acting.contact.rights else may_not(Right.FETCH_KEYS)


def _key_for(
    tx: Transaction, acting: ActingContact, serial: int | None, product: Product, catalogue: Catalogue
) -> FloorKey | Refusal:
    """The volume key, if it is the organisation's and for the edition's group (row 71) or, for KMS, one it covers."""
    key = tx.keys.get(serial) if serial is not None else None
    agreement = tx.agreements.get(acting.contact.agreement)
    if key is None or agreement is None or key.record.channel not in VOLUME_CHANNELS or not same_customer(tx, agreement, key):
        return NO_KEY
    if serves(key, product, catalogue):
        return key
    group = catalogue.products[key.record.product].group
    sentence = f"That key is for {group.title}; {product.title} takes a key for {product.group.title}."
    return Refusal("licences.group", sentence, HTTPStatus.UNPROCESSABLE_ENTITY)
